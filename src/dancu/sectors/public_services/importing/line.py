"""Office time for whole columns: `working_time.minutes_between` as a difference of two places on one line.

>>> at = np.array(["2024-04-26T16:00", "2024-05-02T08:30", "NaT"], "datetime64[s]")
>>> minutes(at[:1], at[1:2]).tolist(), minutes(at[:1], at[2:]).tolist()
([120], [0])
>>> after(at[:1], np.array([120]))
array(['2024-05-02T08:30:00'], dtype='datetime64[s]')
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from dancu.reference import working_time
from dancu.reference.holidays import is_working_day
from dancu.sectors.public_services.importing.moments import Times

Ints = npt.NDArray[np.int64]
_LEAST_A_YEAR = 100_000
"""Working minutes that every year has at the least."""


@dataclass(frozen=True)
class _Days:
    """Of each day from the first on: working seconds before it, and its spells in seconds of the day."""

    first: np.datetime64
    before: Ints
    starts: Ints
    ends: Ints


def minutes(start: Times, end: Times) -> Ints:
    """Whole working minutes from each moment to the other; 0 where one is missing or the end is the earlier."""
    known = ~np.isnat(start) & ~np.isnat(end)
    found = np.zeros(len(start), np.int64)
    if known.any():
        days = _days(*_years(start[known], end[known]))
        spent = _place(end[known], days) - _place(start[known], days)
        found[known] = np.maximum(0, spent // 60)
    return found


def after(start: Times, minutes: Ints) -> Times:
    """The moment when so many working minutes, one or more, are over; as `working_time.after`."""
    if not len(start):
        return start
    first, last = _years(start)
    days = _days(first, last + 1 + int(minutes.max()) // _LEAST_A_YEAR)
    wanted = _place(start, days) + 60 * minutes
    which = np.searchsorted(days.before, wanted) - 1
    rest = wanted - days.before[which]
    second = np.zeros(len(start), np.int64)
    for begin, end in zip(days.starts[which].T, days.ends[which].T, strict=True):
        here = (rest > 0) & (rest <= end - begin)
        second = np.where(here, begin + rest, second)
        rest -= end - begin
    return np.asarray((days.first + which).astype("datetime64[s]") + second)


def _years(*columns: Times) -> tuple[int, int]:
    """The first and the last year of all of them."""
    years = [c.astype("datetime64[Y]").astype(int) + 1970 for c in columns]
    return min(int(y.min()) for y in years), max(int(y.max()) for y in years)


def _place(at: Times, days: _Days) -> Ints:
    """Working seconds from the beginning of the line."""
    day = at.astype("datetime64[D]")
    which = (day - days.first).astype(np.int64)
    second = (at - day.astype("datetime64[s]")).astype(np.int64)
    found = days.before[which]
    for begin, end in zip(days.starts[which].T, days.ends[which].T, strict=True):
        found += np.clip(second, begin, end) - begin
    return found


@cache
def _days(first: int, last: int) -> _Days:
    """Every day of the years, the first and the last with them."""
    begin, end = dt.date(first, 1, 1), dt.date(last + 1, 1, 1)
    days = [begin + dt.timedelta(days=k) for k in range((end - begin).days)]
    most = max(len(working_time.hours(day).spells) for day in (begin, days[-1]))
    starts, ends = np.zeros((len(days), most), np.int64), np.zeros((len(days), most), np.int64)
    for at, day in enumerate(days):
        if is_working_day(day):
            for spell, (a, b) in enumerate(working_time.hours(day).spells):
                starts[at, spell], ends[at, spell] = _seconds(a), _seconds(b)
    spent = (ends - starts).sum(axis=1)
    return _Days(np.datetime64(begin), np.concatenate([[0], np.cumsum(spent)[:-1]]), starts, ends)


def _seconds(time: dt.time) -> int:
    return time.hour * 3600 + time.minute * 60 + time.second
