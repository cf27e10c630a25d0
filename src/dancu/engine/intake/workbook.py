"""Spreadsheets (.xlsx, .xls, .ods) from bytes to grids of text, by the calamine library.

What the spreadsheet stored is kept: a number of 11 digits shows its lost zero, a date comes as
ISO text, an error cell as its sign (#N/A).
"""

from __future__ import annotations

from typing import Any, Final

import fastexcel
import pyarrow as pa
import pyarrow.compute as pc

from dancu.engine.intake.errors import IntakeError
from dancu.engine.intake.grid import Grid, emptied, note, numbered, positional
from dancu.engine.intake.hostile import MAX_COLUMNS, check_package

_MIDNIGHT: Final = r"^(\d{4}-\d{2}-\d{2}) 00:00:00$"
_SIGNS: Final = {
    "NA": "#N/A",
    "Div0": "#DIV/0!",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
}


def read_workbook(data: bytes, *, kind: str, name: str) -> list[Grid]:
    """One grid per sheet, in their order; IntakeError for what is harmful or damaged."""
    if kind != "xls":
        check_package(data, name)
    try:
        reader = fastexcel.read_excel(data)
        return [_grid(reader, sheet, name) for sheet in reader.sheet_names]
    except (fastexcel.FastExcelError, ValueError) as error:
        if isinstance(error, IntakeError):
            raise
        raise _refusal(error, name) from error


def _refusal(error: Exception, name: str) -> IntakeError:
    text = str(error)
    if "password" in text.lower() or "encrypt" in text.lower():
        return IntakeError("password", name=name)
    return IntakeError("damaged_workbook", name=name, detail=text.splitlines()[0][:120])


def _grid(reader: Any, sheet: str, name: str) -> Grid:
    loaded = reader.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
    if loaded.width > MAX_COLUMNS:
        raise IntakeError("too_many_columns", name=name, columns=loaded.width, limit=MAX_COLUMNS)
    batch, errors = loaded.to_arrow_with_errors()
    columns = [_cleaned(pa.chunked_array([column])) for column in batch.columns]
    table = positional(columns)
    notes = [note("hidden_sheet", f"Trang «{sheet}» đang bị ẩn.")] if _is_hidden(loaded) else []
    if errors is not None and errors.errors:
        table = _with_signs(table, errors.errors)
        count = len(errors.errors)
        notes.append(note("error_cells", f"Có {count} ô lỗi công thức (như #N/A).", count=count))
    return Grid(sheet=sheet, table=table, numbers=numbered(table), notes=tuple(notes))


def _is_hidden(loaded: Any) -> bool:
    return str(loaded.visible) != "visible"


def _cleaned(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Nulls for empty texts; a date without a time loses its midnight."""
    column = emptied(column.cast(pa.string()))
    if pc.any(pc.ends_with(column, " 00:00:00")).as_py():
        column = pc.replace_substring_regex(column, pattern=_MIDNIGHT, replacement=r"\1")
    return column


def _with_signs(table: pa.Table, errors: list[Any]) -> pa.Table:
    """Error cells written back as their sign: calamine leaves them out."""
    by_column: dict[int, dict[int, str]] = {}
    for error in errors:
        row, column = error.position
        kind = error.detail.rsplit("Error(", 1)[-1].split(")")[0]
        by_column.setdefault(column, {})[row] = _SIGNS.get(kind, f"#{kind.upper()}")
    columns = list(table.columns)
    for at, cells in by_column.items():
        values = columns[at].to_pylist()
        for row, sign in cells.items():
            values[row] = sign
        columns[at] = pa.chunked_array([pa.array(values, pa.string())])
    return positional(columns)
