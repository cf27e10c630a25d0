"""Outlines for maps, by day: 10 districts of Bắc Giang in 2024, 99 communes since July 2025.

There are no outlines of the 209 or the 192 communes. For the first half of 2025 the district
outlines of 2024 are given with a note: Yên Dũng had joined the city and Chũ had left Lục Ngạn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from dancu.reference import units
from dancu.reference.loader import json_of

_TWO_LEVELS = date(2025, 7, 1)
_MERGED = date(2025, 1, 1)
_NOTE = (
    "Ranh giới huyện vẽ trước ngày 01/01/2025: chưa thể hiện việc nhập huyện Yên Dũng vào thành "
    "phố Bắc Giang và tách thị xã Chũ khỏi huyện Lục Ngạn."
)


@dataclass(frozen=True, slots=True)
class Outlines:
    """A GeoJSON FeatureCollection (WGS 84); properties: code, name (of the day), and its level."""

    level: Literal["district", "commune"]
    geojson: dict[str, Any]
    note_vi: str


def outlines(*, on: date, former_province: str | None = None) -> Outlines:
    """The outlines to colour for a report of the day.

    `former_province="24"` keeps the 58 communes of old Bắc Giang (`"27"`: the 41 of old Bắc
    Ninh). Raises UnknownDayError before 1 May 2024.
    """
    tree = units.on(on)
    if on < _TWO_LEVELS:
        found = json_of("geo/bacgiang_districts_2024.geojson")
        return Outlines("district", found, _NOTE if on >= _MERGED else "")
    found = json_of("geo/bacninh_communes_2025.geojson")
    found["features"] = [
        {**f, "properties": _properties(f["properties"], tree)}
        for f in found["features"]
        if former_province in (None, f["properties"]["former_province_code"])
    ]
    return Outlines("commune", found, "")


def _properties(old: dict[str, Any], tree: units.UnitTree) -> dict[str, Any]:
    kept = {k: v for k, v in old.items() if k != "name_2026"}
    return {**kept, "name": tree.get(old["code"]).full_name}
