"""Kernels that read each distinct text of a column once; their tables are joined back on (raw, dialect)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

import pyarrow as pa

from dancu.engine.standardise.dialects import ISO_SWAPPED
from dancu.engine.standardise.readers import Reader
from dancu.formats import partial_date
from dancu.formats.errors import FormatError
from dancu.lib.text import fold

_DATE_COLUMNS = (
    ("year", pa.int16()),
    ("month", pa.int8()),
    ("day", pa.int8()),
    ("value", pa.date32()),
    ("earliest", pa.date32()),
    ("latest", pa.date32()),
    ("issue", pa.string()),
    ("fix", pa.string()),
)


def read_values(values: pa.Table, *, reader: Reader, numeric: bool = False) -> pa.Table:
    """`values`: raw, dialect (distinct). Gives raw, dialect, value (text, or BIGINT when `numeric`), issue, fix."""
    readings = [reader(raw, dialect) for raw, dialect in _pairs(values)]
    return _with_keys(
        values,
        {
            "value": pa.array([r.value for r in readings], pa.int64() if numeric else pa.string()),
            "issue": pa.array([r.issue for r in readings], pa.string()),
            "fix": pa.array([r.fix for r in readings], pa.string()),
        },
    )


def read_dates(values: pa.Table, *, on: dt.date, precise: bool) -> pa.Table:
    """`values`: raw, dialect (order of day and month). `precise`: a date without its day is the issue `imprecise`.

    Gives year, month, day (NULL = unknown), value (DATE when all three are known), earliest, latest, issue, fix.
    """
    rows = [_date_row(raw, order, on, precise) for raw, order in _pairs(values)]
    columns = list(zip(*rows, strict=True)) or [()] * len(_DATE_COLUMNS)
    return _with_keys(
        values,
        {
            name: pa.array(column, kind)
            for (name, kind), column in zip(_DATE_COLUMNS, columns, strict=True)
        },
    )


def read_names_folded(values: pa.Table, *, reader: Reader) -> pa.Table:
    """As `read_values` for names, with `key`: the folded name."""
    table = read_values(values, reader=reader)
    keys = [fold(name) if name else None for name in table["value"].to_pylist()]
    return table.append_column("key", pa.array(keys, pa.string()))


def _date_row(raw: str, order: str, on: dt.date, precise: bool) -> tuple[object, ...]:
    try:
        date = partial_date.parse(
            raw, order="mdy" if order == "mdy" else "dmy", pivot=on.year % 100
        )
    except FormatError as error:
        return (*_NO_DATE, error.reason, None)
    if order == ISO_SWAPPED and _ISO.match(raw):
        date = date.swapped() or date
    value = date.earliest() if date.day else None
    if precise and value is None:
        return (*_NO_DATE, "imprecise", None)
    fix = _date_fix(raw, order)
    return (date.year, date.month, date.day, value, date.earliest(), date.latest(), None, fix)


_NO_DATE = (None,) * 6
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_SHORT_YEAR = re.compile(r"\d{1,2}\D+\d{1,2}\D+\d{2}")


def _date_fix(raw: str, order: str) -> str | None:
    if order == "mdy" or (order == ISO_SWAPPED and _ISO.match(raw)):
        return "order"
    if _SERIAL.fullmatch(raw):
        return "serial"
    return "two_digit_year" if _SHORT_YEAR.fullmatch(raw) else None


def _pairs(values: pa.Table) -> Iterable[tuple[str, str]]:
    return zip(values["raw"].to_pylist(), values["dialect"].to_pylist(), strict=True)


def _with_keys(values: pa.Table, columns: dict[str, pa.Array]) -> pa.Table:
    return pa.table({"raw": values["raw"], "dialect": values["dialect"], **columns})
