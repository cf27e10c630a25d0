"""Kernels that read each distinct text of a column once; their tables are joined back on (raw, dialect)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from dancu.engine.standardise.dialects import ISO_SWAPPED
from dancu.engine.standardise.readers import LONGEST, Reader
from dancu.formats import partial_date, person_name
from dancu.formats.errors import FormatError
from dancu.lib.text import fold


class DateReading(NamedTuple):
    """What a cell says of a day; `value` only where day, month and year are known."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    value: dt.date | None = None
    earliest: dt.date | None = None
    latest: dt.date | None = None
    issue: str | None = None
    fix: str | None = None


class NameReading(NamedTuple):
    """A `Reading` of a name, with the folded name as `key`."""

    value: str | None = None
    issue: str | None = None
    fix: str | None = None
    key: str | None = None


_DATE_TYPES = (
    pa.int16(), pa.int8(), pa.int8(), pa.date32(), pa.date32(), pa.date32(), pa.string(), pa.string(),
)  # fmt: skip


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
    rows = [read_date(raw, order, on=on, precise=precise) for raw, order in _pairs(values)]
    columns = list(zip(*rows, strict=True)) or [()] * len(_DATE_TYPES)
    return _with_keys(
        values,
        {
            name: pa.array(column, kind)
            for name, kind, column in zip(DateReading._fields, _DATE_TYPES, columns, strict=True)
        },
    )


def read_names(values: pa.Table, *, reader: Reader, odd: bool = False) -> pa.Table:
    """As `read_values`, with `key`: the folded name.

    Names right as they stand meet no Python, unless the source has `odd` spellings of its own.
    """
    right = pc.and_(
        pc.match_substring_regex(values["raw"], f"^(?:{person_name.ALREADY})$"),
        # A name without any mark may have lost them: the reader has to say so.
        pc.and_(pc.equal(values["dialect"], ""), pc.invert(pc.string_is_ascii(values["raw"]))),
    )
    right = pc.and_(right, pc.less_equal(pc.utf8_length(values["raw"]), LONGEST))
    right = pc.and_(right, not odd)
    settled = values.filter(right)
    nothing = pa.nulls(settled.num_rows, pa.string())
    same = _with_keys(settled, {"value": settled["raw"], "issue": nothing, "fix": nothing})
    read = read_values(values.filter(pc.invert(right)), reader=reader)
    table = pa.concat_tables([same, read])
    return table.append_column("key", _folded(table["value"]))


def read_full_name(raw: str, dialect: str, *, reader: Reader) -> NameReading:
    """One cell as `read_names` reads it."""
    found = reader(raw, dialect)
    key = fold(found.value) if isinstance(found.value, str) else None
    return NameReading(*found, key)  # type: ignore[arg-type]  # a name's value is a text


def _folded(names: pa.ChunkedArray) -> pa.ChunkedArray:
    """`lib.text.fold` on a column of standard names."""
    bare = pc.replace_substring_regex(pc.utf8_normalize(names, "NFD"), r"\p{Mn}+", "")
    plain = pc.replace_substring(pc.utf8_lower(bare), "đ", "d")
    spaced = pc.replace_substring_regex(plain, "[^0-9a-z]+", " ")
    return pc.utf8_trim_whitespace(spaced)


def must_be_whole(name: str) -> bool:
    """Whether a date without its day says nothing: all but the birth date are days or unknown."""
    return name != "birth_date"


def read_date(raw: str, order: str, *, on: dt.date, precise: bool) -> DateReading:
    """One cell as `read_dates` reads it."""
    if len(raw) > LONGEST:
        return DateReading(issue="not_a_date")
    try:
        date = partial_date.parse(
            raw, order="mdy" if order == "mdy" else "dmy", pivot=on.year % 100
        )
    except FormatError as error:
        return DateReading(issue=error.reason)
    if order == ISO_SWAPPED and _ISO.match(raw):
        date = date.swapped() or date
    value = date.earliest() if date.day else None
    if precise and value is None:
        return DateReading(issue="imprecise")
    fix = _date_fix(raw, order)
    return DateReading(
        date.year, date.month, date.day, value, date.earliest(), date.latest(), None, fix
    )


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
