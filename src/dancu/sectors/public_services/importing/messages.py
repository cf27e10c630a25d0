"""Synchronisation messages: JSON, one object a line or a list in an envelope, with steps beside or inside a dossier.

A step inside a dossier (`DanhSachTienDo` and the like) becomes a line of changes of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa
import pyarrow.json as pajson

from dancu.engine.intake.columnar import as_text
from dancu.engine.intake.errors import IntakeError
from dancu.engine.intake.grid import Grid, from_rows, numbered, positional

STEPS: Final = ("DanhSachTienDo", "TienDo", "QuaTrinhXuLy", "DanhSachQuaTrinhXuLy")
_CODE: Final = "MaHoSo"
_BLOCK: Final = 8 * 1024 * 1024
Record = dict[str, Any]


def read(data: bytes, *, name: str) -> list[Grid]:
    """A grid of dossiers, a grid of changes; one of them where there is only one."""
    lines = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if lines[:1] == b"{":
        try:
            table = pajson.read_json(pa.BufferReader(lines), _options())
            if _CODE in table.column_names and not set(STEPS) & set(table.column_names):
                return [_grid(table)]
        except (pa.ArrowException, UnicodeDecodeError):
            pass  # mixed types, or one object over many lines
    try:
        records = list(_records(lines.decode("utf-8")))
    except (ValueError, RecursionError) as error:
        raise IntakeError("bad_message", name=name, detail=str(error)[:120], part="JSON") from error
    dossiers, changes = _split(records)
    return [_listed(part, sheet) for part, sheet in ((dossiers, ""), (changes, "tiến độ")) if part]


def _options() -> pajson.ReadOptions:
    return pajson.ReadOptions(use_threads=True, block_size=_BLOCK)


def _grid(table: pa.Table) -> Grid:
    texts = positional([as_text(column) for column in table.columns])
    return Grid("", texts, numbered(texts), headings=tuple(table.column_names))


def _records(text: str) -> Iterator[Record]:
    """The objects of a list, of an envelope's longest list, or of the lines."""
    try:
        whole = json.loads(text)
    except ValueError:
        whole = [json.loads(line) for line in text.splitlines() if line.strip()]
    if isinstance(whole, dict):
        if _CODE in whole:
            whole = [whole]
        else:
            lists = [value for value in whole.values() if isinstance(value, list)]
            whole = max(lists, key=len, default=[])
    for record in whole:
        yield record if isinstance(record, dict) else {"": record}


def _split(records: list[Record]) -> tuple[list[Record], list[Record]]:
    """Dossiers, and the steps that stood inside them."""
    changes: list[Record] = []
    for record in records:
        for step in STEPS:
            inner = record.get(step)
            if isinstance(inner, list) and all(isinstance(part, dict) for part in inner):
                del record[step]
                changes += [{_CODE: record.get(_CODE), **part} for part in inner]
    return records, changes


def _listed(records: list[Record], sheet: str) -> Grid:
    heads = list(dict.fromkeys(head for record in records for head in record))
    table = from_rows([[_cell(record.get(head)) for head in heads] for record in records])
    return Grid(sheet, table, numbered(table), headings=tuple(heads))


def _cell(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
