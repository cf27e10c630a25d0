"""A sheet as it was found: text cells in columns, the row numbers a spreadsheet would show."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True)
class Reject:
    """A row that is not taken, with its cells as given."""

    row: int
    reason: str
    message_vi: str
    cells: tuple[str | None, ...]


@dataclass(frozen=True)
class Grid:
    """`table`: string columns named by position; `numbers`: int64, the row number of each line.

    `headings`: known beforehand where the container names its columns (Parquet, SQL, messages).
    `padded`: rows given more (or fewer) empty cells to fit. Empty cells are null.
    """

    sheet: str
    table: pa.Table
    numbers: pa.Array
    encoding: str | None = None
    delimiter: str | None = None
    headings: tuple[str, ...] | None = None
    notes: tuple[dict[str, Any], ...] = ()
    rejects: tuple[Reject, ...] = field(default=())
    padded: tuple[int, ...] = ()

    def head(self, count: int) -> list[list[str | None]]:
        """The first rows as lists of cells."""
        return rows_of(self.table.slice(0, count))

    def noted(self, kind: str, message_vi: str, **more: Any) -> Grid:
        """The same grid with one more note."""
        return replace(self, notes=(*self.notes, note(kind, message_vi, **more)))


def note(kind: str, message_vi: str, **more: Any) -> dict[str, Any]:
    """A remark for people about a sheet; plain data, so that it can be written as JSON."""
    return {"kind": kind, "message_vi": message_vi, **more}


def rows_of(table: pa.Table) -> list[list[str | None]]:
    """A (small) table as a list of rows."""
    columns = [column.to_pylist() for column in table.columns]
    return [list(row) for row in zip(*columns, strict=True)] if columns else []


def numbered(table: pa.Table, *, first: int = 1) -> pa.Array:
    """Row numbers of a table without gaps."""
    return pa.array(range(first, first + table.num_rows), pa.int64())


def positional(columns: list[Any]) -> pa.Table:
    """A table whose columns are named "0", "1", …"""
    return pa.table(columns, names=[str(at) for at in range(len(columns))])


def emptied(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column with empty texts as nulls."""
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)


def from_rows(rows: list[list[str | None]]) -> pa.Table:
    """A table from ragged rows (short ones are padded); empty texts become nulls."""
    width = max(map(len, rows), default=0)
    padded = [row + [None] * (width - len(row)) for row in rows]
    columns = [pa.array([row[at] or None for row in padded], pa.string()) for at in range(width)]
    return positional(columns)
