"""Places: an address in words, or a commune's code, becomes a unit of the list's own day and of the asked day.

Nothing is joined on names afterwards: the unit found is a (code, period), and only the change table leads from it to
the unit in force on the asked day. Where the commune was split, `unit_now` stays empty.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache, lru_cache, partial
from typing import NamedTuple

import pyarrow as pa

from dancu.engine.ports import Context, Kernel
from dancu.engine.standardise.dialects import words
from dancu.engine.standardise.readers import LONGEST, decoded, is_placeholder
from dancu.formats import address
from dancu.formats.address import AddressMatch
from dancu.lib.repair import repair
from dancu.reference import units
from dancu.reference.units import Unit

_OLD_PROVINCES = dt.date(2025, 6, 30)
_COMMUNE_DIGITS = 5
_CODE = re.compile(r"(\d{1,5})#(.*)", re.DOTALL)


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
    kernel = partial(read_places, on=context.on, commune=names_commune(name))
    return Kernel(table, {"values": query}, kernel)


def names_commune(name: str) -> bool:
    """Whether cells of the field must name a commune; of the others a district or province will do."""
    return name == "permanent_unit"


def read_places(values: pa.Table, *, on: dt.date, commune: bool) -> pa.Table:
    """`values`: raw, dialect, list_date (distinct). `commune`: the field must name a commune."""
    rows = [
        read_place(raw, dialect, list_date, on=on, commune=commune)
        for raw, dialect, list_date in zip(
            *(values[n].to_pylist() for n in values.column_names), strict=True
        )
    ]
    places = {n: pa.array([getattr(row, n) for row in rows], pa.string()) for n in Place._fields}
    return pa.table({n: values[n] for n in values.column_names} | places)


def read_place(raw: str, dialect: str, list_date: dt.date, *, on: dt.date, commune: bool) -> Place:
    """One cell as `read_places` reads it."""
    day = max(list_date, units.FIRST_DAY)
    text, fixes = decoded(raw, dialect)
    code, head, words = _pieces(text)
    found = _worded(head, words, day, on, commune, ",".join(fixes) or None)
    if code is None:
        return found
    unit = units.on(day).find(code.zfill(5))
    if unit is not None:
        return _found(unit, found.head, day, on, None)
    # The person keeps a place to belong to, but the record's reference is broken.
    return Place(status="unknown", unit_now=found.unit_now, head=found.head, issue="not_in_list")


def _pieces(text: str) -> tuple[str | None, str | None, str]:
    """Code, head and words of `code#head|words` (`roles._address`)."""
    coded = _CODE.fullmatch(text)
    code, rest = (coded[1], coded[2]) if coded else (None, text)
    head, stroke, words = rest.partition("|")
    return (code, head.strip(" ,"), words) if stroke else (code, None, rest)


def _worded(
    head: str | None, words: str, day: dt.date, on: dt.date, commune: bool, fix: str | None
) -> Place:
    """The place that the words name; a house or hamlet before the stroke is no part of them."""
    if head is not None:
        return _named(words, day, on, commune, fix)._replace(head=repair(head) or None)
    # A long address is read by its last three parts, which few texts share, if they suffice.
    parts = words.rsplit(",", 3)
    if len(parts) == 4:
        place = _named(",".join(parts[1:]), day, on, commune, fix)
        if place.unit and len(place.unit) == _COMMUNE_DIGITS and not place.head:
            return place._replace(head=repair(parts[0]) or None)
    return _named(words, day, on, commune, fix)


def _named(words: str, day: dt.date, on: dt.date, commune: bool, fix: str | None) -> Place:
    if len(words) > LONGEST:
        return Place(status="unknown", issue="not_found")
    return _looked_up(words, day, on, commune, fix)


@lru_cache(maxsize=300_000)
def _looked_up(words: str, day: dt.date, on: dt.date, commune: bool, fix: str | None) -> Place:
    if is_placeholder(words):
        return Place(status="unknown", issue="placeholder")
    return _judged(address.parse(repair(words), on=day), day, on, commune, fix)


def _judged(
    match: AddressMatch, day: dt.date, on: dt.date, commune: bool, fix: str | None
) -> Place:
    head = match.head or None
    if match.code is None:
        heirs = {_single_heir(_unit(c.code, c.eras, day), on) for c in match.candidates}
        heir = heirs.pop() if len(heirs) == 1 else None
        known = match.reason == "ambiguous"
        return Place(
            status="ambiguous" if known else "unknown",
            unit_now=heir,
            head=head,
            issue="ambiguous" if known else "not_found",
        )
    if commune and match.level != "commune":
        return Place(status="unknown", head=head, issue="no_commune")
    place = _found(_unit(match.code, match.eras, day), head, day, on, fix)
    # A former name may lead to a unit that is in force: what is written is out of date all the same.
    state = max(first for first in units.days_of_change() if first <= day)
    return place if state in match.eras else place._replace(status="retired")


def _found(unit: Unit, head: str | None, day: dt.date, on: dt.date, fix: str | None) -> Place:
    return Place(
        unit=unit.code,
        status="in_force" if unit.in_force(on=day) else "retired",
        unit_now=_single_heir(unit, on),
        number_province=_number_province(unit),
        head=head or None,
        fix=fix,
    )


def _unit(code: str, eras: tuple[dt.date, ...], day: dt.date) -> Unit:
    """The unit of the code in the era that holds the day, else in the nearest era before, else the first."""
    before = [era for era in eras if era <= day]
    return units.on(max(before) if before else min(eras)).get(code)


@cache
def _single_heir(unit: Unit, on: dt.date) -> str | None:
    """The one commune of the asked day that the unit's people belong to; None when it was split or is no commune."""
    heirs = unit.as_of(max(on, units.FIRST_DAY)) if unit.level == "commune" else ()
    return heirs[0].code if len(heirs) == 1 else None


@cache
def _number_province(unit: Unit) -> str | None:
    """The three digits with which personal numbers registered there begin (63 provinces of 2016)."""
    then = (unit,) if unit.valid_from <= _OLD_PROVINCES else unit.as_of(_OLD_PROVINCES)
    old = {u.province_code or u.code for u in then}
    return f"0{old.pop()}" if len(old) == 1 else None
