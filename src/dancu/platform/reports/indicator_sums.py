"""The faster ways to the register's own figures (`kept.sql`): persons and lists from kept sums, all events at once.

The sums are of one moment; what was recorded after it, or before it where less was known, is counted from the records
of the persons it touched. So they are exact at every moment, and only slow when they have not been made anew for long.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connections

from dancu.engine.report.cells import Cell, Months, Sums, changes
from dancu.engine.report.indicators import Asked, Indicator
from dancu.platform.reports.indicators import EVENTS, MATCHED, RESIDENTS

Found = Mapping[str, Sequence[Cell]]
_PEOPLE = "SELECT * FROM reports.people_cells(%s, %s, %s, %s, %s::date[], %s::text[], %s)"
_EVENTS = "SELECT * FROM reports.event_cells(%s, %s, %s, %s, %s, %s::date[])"
_STALE = (
    "SELECT coalesce((SELECT reports.coded_on(NULL) - a.floor > 4 * 366 OR clock_timestamp() NOT BETWEEN a.made_at AND"
    " a.made_at + interval '1 day' OR (SELECT count(*) FROM reports.people_touched(a.known, 'infinity')) > %s"
    " FROM reports.people_anchor a), true)"
)
ENOUGH = 10_000
"""Persons touched since the sums were made after which they are made anew."""


def fold(*, enough: int = ENOUGH, using: str = "owner") -> bool:
    """Makes the sums of persons anew if they lack, are a day old or much was recorded since; whether it did."""
    with connections[using].cursor() as cursor:
        cursor.execute(_STALE, [enough])
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT reports.fold_people()")
        cursor.execute("ANALYZE reports.people_sum")
    return True


def people(wanted: Sequence[Indicator], asked: Asked, using: str) -> Found:
    """Persons on the last day."""
    days = list(changes(wanted[0], asked.first, asked.last))
    return _of_people(wanted, [asked.first, asked.last, None, asked.known, days], using)


def people_monthly(
    wanted: Sequence[Indicator], months: Months, known: dt.datetime | None, using: str
) -> Found:
    """Persons before the first month, and who came and went in each."""
    last = months.last(months.n)
    days = list(changes(wanted[0], months.first, last))
    return _of_people(wanted, [months.first, last, months.n, known, days], using)


def events(wanted: Sequence[Indicator], asked: Asked, using: str) -> Found:
    """Events from the first to the last day."""
    days = list(changes(wanted[0], asked.first, asked.last))
    return _of_events(wanted, [asked.first, asked.last, None, asked.known, days], using)


def events_monthly(
    wanted: Sequence[Indicator], months: Months, known: dt.datetime | None, using: str
) -> Found:
    """Events of each month."""
    last = months.last(months.n)
    days = list(changes(wanted[0], months.first, last))
    return _of_events(wanted, [months.first, last, months.n, known, days], using)


def _of_people(wanted: Sequence[Indicator], given: list[Any], using: str) -> Found:
    lists = {MATCHED[one.code]["list"]: one.code for one in wanted if one.code in MATCHED}
    found: dict[str, list[Cell]] = {one.code: [] for one in wanted}
    every = [code for code in found if code not in MATCHED]
    for name, unit, state, month, records, hit in _rows(
        using, _PEOPLE, [*given, list(lists), RESIDENTS]
    ):
        for code in every if name is None else [lists[name]]:
            found[code].append(
                Cell(unit, state, month, records if code == "citizen_records" else hit, records)
            )
    return found


def _of_events(wanted: Sequence[Indicator], given: list[Any], using: str) -> Found:
    found: dict[str, list[Cell]] = {one.code: [] for one in wanted}
    code_of = {EVENTS[code]: code for code in found}
    for kind, unit, state, month, count in _rows(using, _EVENTS, [list(code_of), *given]):
        found[code_of[kind]].append(Cell(unit, state, month, Decimal(count), Decimal(count)))
    return found


def _rows(using: str, sql: str, given: list[Any]) -> list[Any]:
    with connections[using].cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()


SUMS = [
    Sums(
        frozenset({"citizen_records", "clean_records_rate", *MATCHED}),
        people,
        people_monthly,
        as_known=True,
    ),
    Sums(frozenset(EVENTS), events, events_monthly, as_known=True),
]
