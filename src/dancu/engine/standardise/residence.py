"""Places: an address in words, or a commune's code, becomes a unit of the list's own day and of the asked day.

Nothing is joined on names afterwards: the unit found is a (code, period), and only the change table leads from it to
the unit in force on the asked day. Where the commune was split, `unit_now` stays empty.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache, partial
from typing import NamedTuple

import pyarrow as pa

from dancu.engine.ports import Context, Kernel
from dancu.engine.standardise.dialects import words
from dancu.engine.standardise.readers import decoded, is_placeholder
from dancu.formats import address
from dancu.lib.repair import repair
from dancu.reference import units

_COLUMNS = ("unit", "status", "unit_now", "number_province", "head", "issue", "fix")


class Place(NamedTuple):
    """What a cell says of a place; `unit` may be of any level, `unit_now` is a commune."""

    unit: str | None = None
    status: str | None = None
    unit_now: str | None = None
    number_province: str | None = None
    head: str | None = None
    issue: str | None = None
    fix: str | None = None


def step(context: Context, name: str, raw: str, table: str) -> Kernel:
    """The reading table of one place field: keys raw, dialect, list_date; columns of `Place`."""
    dialect = f"{name}_in" if words(name) else "''"
    query = f"SELECT DISTINCT {name} AS raw, {dialect} AS dialect, list_date FROM {raw} WHERE {name} IS NOT NULL"
    commune = name == "permanent_unit"
    return Kernel(table, {"values": query}, partial(read_places, on=context.on, commune=commune))


def read_places(values: pa.Table, *, on: dt.date, commune: bool) -> pa.Table:
    """`values`: raw, dialect, list_date (distinct). `commune`: the field must name a commune."""
    rows = [
        _place(raw, dialect, list_date, on, commune)
        for raw, dialect, list_date in zip(*(values[n].to_pylist() for n in values.column_names), strict=True)
    ]
    places = {n: pa.array([getattr(row, n) for row in rows], pa.string()) for n in _COLUMNS}
    return pa.table({n: values[n] for n in values.column_names} | places)
