"""Office time: how many working hours lie between two moments, and when so many are over.

Dated data: the hours of the office in `services/office_hours.csv`, days off and working Saturdays in `holidays.csv`.
Moments are local and without a zone; the edge turns them.

>>> start = dt.datetime(2024, 4, 26, 16, 0)  # a Friday before four days off
>>> after(start, minutes=120)
datetime.datetime(2024, 5, 2, 8, 30)
>>> minutes_between(start, dt.datetime(2024, 5, 2, 8, 30))
120
>>> end_of_day_after(start, days=2)
datetime.datetime(2024, 5, 3, 17, 0)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from dancu.reference.errors import ReferenceDataError
from dancu.reference.holidays import is_working_day, working_days_after
from dancu.reference.loader import day, rows, valid_on

_DATA = "services/office_hours.csv"


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The spells of a working day (from, to), and the time after which a paper counts as the next day's."""

    spells: tuple[tuple[dt.time, dt.time], ...]
    late_from: dt.time

    @property
    def closing(self) -> dt.time:
        """When the last spell ends."""
        return self.spells[-1][1]


@cache
def hours(on: dt.date) -> OfficeHours:
    """The hours that hold on the day; ReferenceDataError when the table is silent."""
    for r in rows(_DATA):
        if valid_on(day(r["valid_from"]), day(r["valid_to"]), on=on):
            spells = (("morning_from", "morning_to"), ("afternoon_from", "afternoon_to"))
            return OfficeHours(
                tuple((_time(r[a]), _time(r[b])) for a, b in spells), _time(r["late_from"])
            )
    raise ReferenceDataError(
        f"{_DATA} không có giờ làm việc của ngày {on:%d/%m/%Y}. (No office hours for that day.)"
    )


def _time(text: str) -> dt.time:
    return dt.time.fromisoformat(text)


def _spells(first: dt.date) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """Spells of work from a day on, without end."""
    here = first
    while True:
        if is_working_day(here):
            for start, end in hours(here).spells:
                yield dt.datetime.combine(here, start), dt.datetime.combine(here, end)
        here += dt.timedelta(days=1)


def after(start: dt.datetime, *, minutes: int) -> dt.datetime:
    """The moment when so many working minutes are over; none: `start` itself."""
    if minutes < 0:
        raise ValueError(f"{minutes} working minutes: ask for none or more")
    if not minutes:
        return start
    left = dt.timedelta(minutes=minutes)
    for begin, end in _spells(start.date()):
        begin = max(begin, start)
        if end <= begin:
            continue
        if left <= end - begin:
            return begin + left
        left -= end - begin
    raise AssertionError("the calendar has no end")


def minutes_between(start: dt.datetime, end: dt.datetime) -> int:
    """Working minutes from one moment to the other, whole ones; negative when `end` is the earlier."""
    if end < start:
        return -minutes_between(end, start)
    spent = dt.timedelta()
    for begin, stop in _spells(start.date()):
        if begin >= end:
            break
        spent += max(dt.timedelta(), min(stop, end) - max(begin, start))
    return int(spent.total_seconds() // 60)


def counted_from(moment: dt.datetime) -> dt.date:
    """The day on which a paper that came at `moment` counts as received: outside the hours, the next working day's."""
    here = moment.date()
    if is_working_day(here) and moment.time() < hours(here).late_from:
        return here
    return working_days_after(here, 1)


def end_of_day_after(start: dt.datetime, *, days: int) -> dt.datetime:
    """The close of the n-th working day after `start`; none: of the day on which it counts as received."""
    last = working_days_after(start.date(), days) if days else counted_from(start)
    return dt.datetime.combine(last, hours(last).closing)
