"""Two things that stand beside a list rather than in it: a name split in two, and its kind of event."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from dancu.engine.intake.grid import note
from dancu.engine.intake.layout import Header
from dancu.engine.spec import SectorSpec
from dancu.lib.text import fold, key

_SAMPLE: Final = 200
_WHOLE_NAMES: Final = {"hovaten", "hoten", "hovatenhocsinh", "hovatenhoivien", "hochudemten"}
_YEAR: Final = r"^\s*(19|20)\d{2}(\.0)?\s*$"


def name_columns(header: Header, table: pa.Table) -> Header:
    """Headings made clear by what stands under them.

    "Họ và tên" merged over two columns becomes surname and given name; "Nam" and "Nữ" over years
    become years of birth.
    """
    ways = list(header.ways) + [()] * (table.num_columns - len(header.ways))
    names = list(header.names) + [f"Cột {at + 1}" for at in range(len(header.names), len(ways))]
    for at, way in enumerate(ways):
        plain = key(way[-1]) if way else ""
        if plain in _WHOLE_NAMES and at + 1 < len(ways) and not ways[at + 1]:
            if _single_words(table.column(at + 1)):
                ways[at], ways[at + 1] = ("Họ và chữ đệm",), ("Tên",)
                names[at + 1] = f"{names[at]} (tên)"
        elif way and way[-1].strip().lower() in ("nam", "nữ", "nu") and _years(table.column(at)):
            ways[at] = (f"Năm sinh {way[-1].strip()}",)
    return replace(header, ways=tuple(ways), names=tuple(names))


def _single_words(column: pa.ChunkedArray) -> bool:
    cells = [
        c.strip() for c in pc.drop_null(column.slice(0, 2000))[:_SAMPLE].to_pylist() if c.strip()
    ]
    return len(cells) >= 2 and sum(" " not in cell for cell in cells) >= 0.8 * len(cells)


def _years(column: pa.ChunkedArray) -> bool:
    cells = pc.drop_null(column.slice(0, 2000))[:_SAMPLE]
    hits = pc.sum(pc.match_substring_regex(cells, pattern=_YEAR)).as_py() or 0
    return len(cells) > 0 and int(hits) >= 0.6 * len(cells)


def event_of(
    rows: pa.Table, spec: SectorSpec | None, around: str
) -> tuple[pa.Table, list[dict[str, Any]]]:
    """The rows with `event_kind` filled from the sheet, title or file where no column says it."""
    if spec is None or spec.subject != "event" or "event_kind" in rows.column_names:
        return rows, []
    kind, word = _event_said(spec, f" {fold(around)} ")
    if not kind:
        return rows, [] if spec.event_kind else [
            note("no_event_kind", "Không rõ loại sự kiện của danh sách.")
        ]
    at = rows.column_names.index("extra")
    filled = rows.add_column(
        at, "event_kind", pa.repeat(pa.scalar(kind, pa.string()), rows.num_rows)
    )
    message = (
        f"Loại sự kiện «{kind}» lấy từ tên danh sách («{word}»)."
        if word
        else f"Loại sự kiện: «{kind}»."
    )
    return filled, [note("event_kind", message, event_kind=kind)]


def _event_said(spec: SectorSpec, around: str) -> tuple[str, str]:
    """The longest spelling of `lookups.event_kind` that the surroundings hold; else the source's own."""
    table = spec.lookups.get("event_kind", {})
    for word in sorted(table, key=len, reverse=True):
        if " " in word and f" {fold(word)} " in around:
            return table[word], word
    return spec.event_kind, ""
