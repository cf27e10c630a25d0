"""What is found out about a whole column before any cell is read: legacy encoding, order of day and month.

Per column, never per cell: one odd cell must not change how it is read. A sample of at most some thousand cells of
each file and sheet decides; the sample shown to the user is kept with the finding.
"""

from __future__ import annotations

import json
from collections import defaultdict

import pyarrow as pa

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


def sample_query(source: str, present: tuple[str, ...]) -> str:
    """Cells of every column that may have a dialect, spread evenly over each sheet."""
    spread = f"""
SELECT r.*, (r.record_id - min(r.record_id) OVER sheet_rows) % greatest(1, count(*) OVER sheet_rows // {SAMPLE}) AS turn
FROM {source} r WINDOW sheet_rows AS (PARTITION BY r.file_no, r.sheet)"""
    cells = " UNION ALL ".join(
        f"SELECT file_no, sheet, '{name}' AS field, {name} AS raw FROM spread WHERE turn = 0 AND {name} IS NOT NULL"
        for name in present
        if words(name) or fields()[name].type == "date"
    )
    return f"WITH spread AS ({spread}) {cells or _NO_CELLS}"


_NO_CELLS = "SELECT 0 AS file_no, '' AS sheet, '' AS field, '' AS raw WHERE false"


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
    order = date_order(values).order or declared
    iso = sum(value[4:5] == "-" for value in values)
    # Only a column of real dates beside typed ones can tell that the real ones were exchanged.
    if order == "dmy" and 0 < iso < len(values) and unswap(values).changed:
        return ISO_SWAPPED, 1.0, []
    return ("" if order in ("dmy", "ymd") else order), 1.0, []
