"""The period of a page: whole months up to today, and the same days of the year before."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from dancu.engine.report.indicators import Asked

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Period:
    """From the first day of a month to the last day of another; `today` lies in it or after it."""

    first: dt.date
    last: dt.date
    today: dt.date

    @property
    def shown(self) -> dt.date:
        """The last day of which there is anything to say."""
        return min(self.last, self.today)

    @property
    def asked(self) -> Asked:
        """The whole months: nothing is dated after today, so they say the same as up to today."""
        return Asked(self.first, self.last)

    @property
    def before(self) -> Asked:
        """The same days a year before, up to the same day."""
        return Asked(self.first, self.shown).year_before()

    @property
    def query(self) -> str:
        """As it stands in an address."""
        return f"tu={self.first:%Y-%m}&den={self.last:%Y-%m}"

    @property
    def words(self) -> str:
        """As it stands on the page: the days themselves."""
        return f"{self.first:%d/%m/%Y} – {self.shown:%d/%m/%Y}"


def period(first: str, last: str, *, today: dt.date, usual: dt.date | None = None) -> Period:
    """Of two months as typed (2025-01); what is no month or runs backwards becomes the year up to the `usual` day.

    >>> p = period("2024-01", "2024-06", today=dt.date(2024, 6, 21))
    >>> p.words, p.before.first, p.before.last
    ('01/01/2024 – 21/06/2024', datetime.date(2023, 1, 1), datetime.date(2023, 6, 21))
    >>> period("", "junk", today=dt.date(2024, 6, 21)).words
    '01/01/2024 – 21/06/2024'
    """
    usual = min(usual or today, today)
    end = min(_month(last) or usual.replace(day=1), today.replace(day=1))
    start = _month(first) or usual.replace(month=1, day=1)
    if start > end:
        start = end.replace(month=1)
    return Period(start, month_end(end), today)


def month_end(day: dt.date) -> dt.date:
    """The last day of a day's month."""
    return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)


def _month(text: str) -> dt.date | None:
    found = _MONTH.fullmatch(text.strip())
    return dt.date(int(found[1]), int(found[2]), 1) if found else None
