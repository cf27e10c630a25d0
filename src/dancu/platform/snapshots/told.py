"""The file of a frozen report: what was said, by which definitions, over which units, from which records. Pure form.

JSON with sorted keys and no spaces, so that one content has one hash. It tells sums that the report prints, hashes and
definitions; no record and nobody.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from dancu.engine.report.indicators import Indicator
from dancu.lib import merkle
from dancu.platform.snapshots.cells import Cell, Question
from dancu.reference import units
from dancu.reference.units import belonging

FORM = "dancu-snapshot/1"
NAME = "so-lieu-chot.json"
"""The name under which it lies in the signed document."""
_UNIT = ("code", "level", "full_name", "parent_code", "district_code", "province_code")


class NoSnapshot(ValueError):
    """The file is no frozen report; the message says why."""


def packed(told: Mapping[str, Any]) -> bytes:
    """The bytes that are hashed and kept."""
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(data: bytes) -> bytes:
    """SHA-256 of the packed form, however the file itself is laid out. Raises NoSnapshot."""
    return sha256(packed(unpacked(data))).digest()


def unpacked(data: bytes) -> dict[str, Any]:
    """The content of a file. Raises NoSnapshot."""
    try:
        told = json.loads(data)
    except ValueError as error:
        raise NoSnapshot("Tệp không phải JSON đọc được. (Not readable JSON.)") from error
    if not isinstance(told, dict) or told.get("form") != FORM:
        raise NoSnapshot("Tệp không phải bản chốt số liệu của báo cáo. (Not a frozen report.)")
    return told


def definition(indicator: Indicator) -> dict[str, Any]:
    """A definition as plain data."""
    said: dict[str, Any] = json.loads(json.dumps(asdict(indicator)))
    return said


def indicator_of(said: Mapping[str, Any]) -> Indicator:
    """The definition as the type it was."""
    return Indicator(**{**said, "kept": tuple(said["kept"])})


def tree(day: dt.date, province: str) -> dict[str, Any]:
    """The units of a province on a day."""
    found = units.on(belonging.known(day))
    own = [u for u in found.by_code.values() if province in (u.code, u.province_code)]
    rows = [[str(getattr(u, name) or "") for name in _UNIT] for u in own]
    return {"day": found.day.isoformat(), "columns": list(_UNIT), "rows": sorted(rows)}


def question(one: Question, cells: Iterable[Cell], on: dt.date) -> dict[str, Any]:
    """A question with the root of each cell and the units that the cell counts for."""
    meaning = one.meaning
    return {
        "definition": f"{one.indicator.code}/{one.indicator.version}",
        "first": one.asked.first.isoformat(), "last": one.asked.last.isoformat(),
        "states": [day.isoformat() for day in meaning],
        "cells": [
            [c.unit_code, c.state, c.root.hex(), list(belonging.above(c.unit_code, meaning[c.state], on))]
            for c in cells
        ],
    }  # fmt: skip


def commitment(cells: Iterable[list[Any]], unit: str) -> bytes:
    """Over the cells of a question (as in the file) that count for a unit."""
    return merkle.root_of(
        [merkle.leaf_hash(f"{c[0]}|{c[1]}|{c[2]}".encode()) for c in cells if unit in c[3]]
    )
