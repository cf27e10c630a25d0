"""Two dates of which parts may not be known, and ages on a day."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

import numpy as np

from dancu.engine.link.settings import LEVELS
from dancu.engine.link.similarity import date_level
from dancu.engine.verify.known import Known
from dancu.engine.verify.names import Said, edited
from dancu.formats import partial_date
from dancu.formats.errors import FormatError

Parts = tuple[int, int, int]


@lru_cache(maxsize=8192)
def read(text: str) -> Parts | None:
    """Year, month, day (0: not known) of a date as people write it; None when it cannot be read."""
    try:
        found = partial_date.parse(text[:40])
    except FormatError:
        return None
    return found.year, found.month or 0, found.day or 0


def compare(claim: str, known: Parts) -> Said:
    """How a claimed date stands to the register's."""
    if not known[0]:
        return "unknown", "not_in_register"
    parts = read(claim)
    if parts is None:
        return "unknown", "unreadable"
    if parts == known:
        return "match", ""
    level = LEVELS["date"][int(date_level(np.array([parts, known], np.int32), 0, 1))]
    if level == "swapped":
        return "close", "day_month_swapped"
    if level == "partial":
        return "close", _partial(parts, known)
    if level == "two_parts" and edited(_digits(parts), _digits(known)):
        return "close", "one_digit"
    return "mismatch", "only_year" if parts[0] == known[0] else ""


def _partial(claim: Parts, known: Parts) -> str:
    if claim[1] and known[1] and claim[2] and known[2]:
        return "first_of_january"
    return "year_only" if not (claim[1] and known[1]) else "month_and_year_only"


def _digits(parts: Parts) -> str:
    return "{:04d}{:02d}{:02d}".format(*parts)


def of(value: Any) -> Parts:
    """A whole date of the register; zeros when there is none."""
    return (value.year, value.month, value.day) if isinstance(value, dt.date) else (0, 0, 0)


def is_of_age(claim: str, known: Known, on: dt.date) -> Said:
    """Whether the person has completed so many years on the day («18», or «18@2024-06-01»)."""
    years, _, day = claim.partition("@")
    if not (years.strip().isascii() and years.strip().isdigit()) or not 0 < int(years) <= 130:
        return "unknown", "unreadable"
    asked = read(day) if day else (on.year, on.month, on.day)
    if asked is None or not asked[2]:
        return "unknown", "unreadable"
    first, last = known.values.get("birth_earliest"), known.values.get("birth_latest")
    if first is None or last is None:
        return "unknown", "not_in_register"
    line = _years_before(dt.date(*asked), int(years))
    if last <= line:
        return "match", ""
    return ("mismatch", "") if first > line else ("unknown", "partly_known")


def _years_before(day: dt.date, years: int) -> dt.date:
    """Born on 29 February: a year older on 1 March, as the Civil Code counts a full period."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return dt.date(day.year - years, 2, 28)
