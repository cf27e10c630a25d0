"""Figures for boards, each question counted once for all who ask it within a while.

What was known at a past moment never changes. What is known now is counted anew after twenty seconds where sums are
kept, and else, as figures of the year before, after a quarter of an hour: the page says when it was counted. What is
kept in memory is numerators and denominators of units, nothing about a person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from django.db import connection

from dancu.engine.report.cells import Months
from dancu.engine.report.indicators import Asked, Figure
from dancu.platform.dashboards.asked import Question
from dancu.platform.reports import counting, registry

SOON, QUARTER = dt.timedelta(seconds=20), dt.timedelta(minutes=15)
Figures = Mapping[str, Mapping[str, Figure]]
"""By code of indicator, then of unit."""


def figures(q: Question, codes: Sequence[str], asked: Asked | None = None) -> Figures:
    """The figures of all units of the question's day."""
    asked = asked or q.asked
    fast = tuple(sorted(code for code in codes if counting.is_kept(code, known=asked.known)))
    found = dict(_counted(_database(), fast, asked, q.of, _age(q, asked, SOON))) if fast else {}
    for code in codes:
        if code not in found:
            found |= _counted(_database(), (code,), asked, q.of, _age(q, asked, QUARTER))
    return {code: found[code] for code in codes}


def of_unit(found: Figures, code: str, unit: str) -> Figure:
    """The figure of one unit; of one without records a figure of nothing."""
    if figure := found[code].get(unit):
        return figure
    return nothing(code, unit)


def nothing(code: str, unit: str) -> Figure:
    """Of a unit without records."""
    one = registry.get(code)
    return Figure(unit, Decimal(0), Decimal(0), one.measure, one.decimals)


def months(q: Question, code: str, n: int) -> dict[dt.date, Figure]:
    """The figure of the question's unit in each of the `n` months, in the units of the question's day."""
    asked = q.asked
    wait = SOON if counting.is_kept(code, known=asked.known) else QUARTER
    found = _months(_database(), code, q.last, n, q.of, asked.known, _age(q, asked, wait))
    span = Months.up_to(q.last, n)
    days = [span.day(month) for month in range(1, n + 1)]
    return {day: found.get((q.unit.code, day)) or nothing(code, q.unit.code) for day in days}


def forget() -> None:
    """Count everything anew."""
    _counted.cache_clear()
    _months.cache_clear()


@lru_cache(maxsize=256)
def _counted(
    database: str, codes: tuple[str, ...], asked: Asked, of: dt.date, age: int
) -> dict[str, dict[str, Figure]]:
    del database, age
    return counting.many(codes, asked, of=of)


@lru_cache(maxsize=64)
def _months(
    database: str, code: str, last: dt.date, n: int, of: dt.date, known: dt.datetime | None, age: int
) -> dict[tuple[str, dt.date], Figure]:  # fmt: skip
    del database, age
    return counting.months([code], last=last, n=n, of=of, known=known)[code]


def _age(q: Question, asked: Asked, wait: dt.timedelta) -> int:
    """Which turn of the wait it is; what was known at a past moment has but one."""
    if asked.known is not None:
        return 0
    if asked.last < q.first:
        wait = QUARTER
    return int(q.now.timestamp() // wait.total_seconds())


def _database() -> str:
    return f"{connection.settings_dict['NAME']}{connection.settings_dict['PORT']}"
