"""The office's calendar: Monday to Friday, without the days off that the State announces, with its working Saturdays.

`holidays.csv` holds what was announced; days not announced yet are marked `assumed`. After the last year of the table
weekends alone are left out, so a due date far ahead comes too early rather than too late.

>>> working_days_after(dt.date(2024, 4, 26), 2)  # 29 April was swapped with Saturday, 4 May
datetime.date(2024, 5, 3)
>>> is_working_day(dt.date(2024, 5, 4)), is_working_day(dt.date(2025, 1, 29))
(True, False)
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

from dancu.reference.loader import rows


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which the week's rule does not hold: off although a weekday, or worked although a Saturday."""

    day: dt.date
    working: bool
    assumed: bool
    name_vi: str
    name_en: str


@cache
def holidays() -> dict[dt.date, Holiday]:
    """Every exception by its day."""
    found = (
        Holiday(
            dt.date.fromisoformat(r["day"]), r["kind"] == "work", r["assumed"] == "yes", r["name_vi"], r["name_en"]
        )
        for r in rows("holidays.csv")
    )  # fmt: skip
    return {one.day: one for one in found}


def is_working_day(day: dt.date) -> bool:
    """Whether offices work on the day."""
    exception = holidays().get(day)
    return exception.working if exception else day.weekday() < 5


def working_days_after(day: dt.date, n: int) -> dt.date:
    """The n-th working day after `day`, which itself does not count."""
    if n < 0:
        raise ValueError(f"{n} working days: ask for none or more")
    while n:
        day += dt.timedelta(days=1)
        n -= is_working_day(day)
    return day


def working_days_between(start: dt.date, end: dt.date) -> int:
    """How many working days lie after `start` up to and with `end`; negative when `end` is the earlier."""
    if end < start:
        return -working_days_between(end, start)
    days = (start + dt.timedelta(days=k) for k in range(1, (end - start).days + 1))
    return sum(is_working_day(day) for day in days)
