"""What is found out about a whole column before any cell is read: legacy encoding, order of day and month.

Per column, never per cell: one odd cell must not change how it is read. A sample of at most some thousand cells of
each file and sheet decides; the sample shown to the user is kept with the finding.
"""

from __future__ import annotations

import json
from collections import defaultdict

import pyarrow as pa

from dancu.engine.standardise.readers import LONGEST
from dancu.formats.spreadsheet import date_order, unswap
from dancu.lib.legacy_encodings import detect_column
from dancu.reference.fields import fields

SAMPLE = 1000
ISO_SWAPPED = "iso_swapped"
"""A program with American settings read a day-first column: its real dates have day and month exchanged."""
_SCHEMA = pa.schema(
    [
        ("file_no", pa.int32()),
        ("sheet", pa.string()),
        ("field", pa.string()),
        ("dialect", pa.string()),
        ("score", pa.float64()),
        ("samples", pa.string()),
    ]
)


def words(field: str) -> bool:
    """Whether a field's cells hold words (and can be in a legacy encoding)."""
    known = fields()[field]
    return known.type == "text" and (
        known.format in ("", "person_name", "address") or known.format.startswith("codes.")
    )


def sample_query(cells: str, source: str, present: tuple[str, ...]) -> str:
    """Cells of every column that may have a dialect, spread evenly over each sheet.

    `cells` is the query for the raw texts of the source; it can be narrowed by `r.record_id` and by what `f` says
    of the file. Records entered one at a time share no column: they are left alone.
    """
    picked = f"""
SELECT record_id FROM (
    SELECT record_id, (record_id - min(record_id) OVER rows_of)
        % greatest(1, count(*) OVER rows_of // {SAMPLE}) AS turn
    FROM records WHERE source = '{source}' WINDOW rows_of AS (PARTITION BY file_no, sheet)
) WHERE turn = 0"""
    columns = " UNION ALL ".join(
        f"SELECT file_no, sheet, '{name}' AS field, {name} AS raw FROM cells WHERE {name} IS NOT NULL"
        for name in present
        if has_dialect(name)
    )
    return f"WITH cells AS ({cells} AND NOT f.entered AND r.record_id IN ({picked})) {columns or _NO_CELLS}"


def has_dialect(field: str) -> bool:
    """Whether a field's column is looked at as a whole."""
    return words(field) or fields()[field].type == "date"


_NO_CELLS = "SELECT 0 AS file_no, '' AS sheet, '' AS field, '' AS raw WHERE false"


def declared(field: str, order: str) -> str:
    """The dialect of a field's cells where no column was looked at: the source's own order of day and month."""
    return _of_order(order) if fields()[field].type == "date" else ""


def _of_order(order: str) -> str:
    """The dialect that an order of day and month is; year first and day first are read alike."""
    return "" if order in ("dmy", "ymd") else order


def find(cells: pa.Table, *, declared_order: str) -> pa.Table:
    """The dialect of each column (rows: file_no, sheet, field, dialect, score, samples as JSON).

    `declared_order` is the source's own order of day and month, used where the cells do not decide.
    """
    columns: dict[tuple[int, str, str], list[str]] = defaultdict(list)
    for cell in cells.to_pylist():
        columns[(cell["file_no"], cell["sheet"], cell["field"])].append(cell["raw"])
    rows = []
    for (file_no, sheet, field), values in sorted(columns.items()):
        dialect, score, samples = _judge(field, values, declared_order)
        if dialect:
            rows.append(
                (file_no, sheet, field, dialect, score, json.dumps(samples, ensure_ascii=False))
            )
    return pa.Table.from_pylist(
        [dict(zip(_SCHEMA.names, row, strict=True)) for row in rows], _SCHEMA
    )


def _judge(
    field: str, values: list[str], declared: str
) -> tuple[str, float, list[tuple[str, str]]]:
    if words(field):
        found = detect_column(values)
        return found.encoding or "", found.score, list(found.samples)
    values = [value for value in values if len(value) <= LONGEST]
    order = date_order(values).order or declared
    iso = sum(value[4:5] == "-" for value in values)
    # Only a column of real dates beside typed ones can tell that the real ones were exchanged.
    if order == "dmy" and 0 < iso < len(values) and unswap(values).changed:
        return ISO_SWAPPED, 1.0, []
    return _of_order(order), 1.0, []
