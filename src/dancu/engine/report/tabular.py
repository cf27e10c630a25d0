"""A table for a clerk: a workbook while it opens well, else a CSV that Excel reads in Vietnamese."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from dancu.engine.report.model import OutFile
from dancu.engine.report.workbook import Book, csv_cell, sheet_of, table

MOST_ROWS = 100_000
_BOM = "\ufeff"


@dataclass(frozen=True)
class Sheet:
    """A named table: headings with widths in characters, and rows of plain values."""

    name: str
    heads: list[tuple[str, float]]
    rows: list[list[Any]]


def tables(path: str, sheets: list[Sheet], *, on: date, title: str) -> Iterable[OutFile]:
    """`path`.xlsx with all sheets, or where one has more than MOST_ROWS rows a `path`*.csv for each."""
    if all(len(sheet.rows) <= MOST_ROWS for sheet in sheets):
        yield OutFile(f"{path}.xlsx", _workbook(sheets, on, title))
        return
    for sheet in sheets:
        ending = f"_{sheet.name}" if len(sheets) > 1 else ""
        yield OutFile(f"{path}{ending}.csv", _csv(sheet))


def _workbook(sheets: list[Sheet], on: date, title: str) -> bytes:
    book = Book(on=on, title=title)
    taken: set[str] = set()
    for sheet in sheets:
        with sheet_of(book, _unique(sheet.name, taken)) as made:
            table(book, made, sheet.heads, sheet.rows)
    return book.close()


def _unique(name: str, taken: set[str]) -> str:
    """The name, with a number where an earlier sheet has it (Excel does not tell case apart)."""
    found, n = name[:31], 2
    while found.lower() in taken:
        found, n = f"{name[:27]} ({n})", n + 1
    taken.add(found.lower())
    return found


def _csv(sheet: Sheet) -> bytes:
    lines = [",".join(csv_cell(text) for text, _ in sheet.heads)]
    lines += [",".join(_csv_value(value) for value in row) for row in sheet.rows]
    return (_BOM + "\r\n".join(lines) + "\r\n").encode("utf-8")


def _csv_value(value: Any) -> str:
    return str(value) if isinstance(value, (int, float)) else csv_cell(value)
