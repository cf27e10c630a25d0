"""The half-year that a report is about.

>>> str(Period.of(dt.date(2024, 6, 21))), Period.of(dt.date(2024, 7, 1)).label
('2024-H1', '6 tháng cuối năm 2024')
>>> Period.read("2024-H2").asked(dt.date(2024, 9, 30)).first
datetime.date(2024, 7, 1)
"""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from dancu.engine.report.indicators import Asked

_CODE = re.compile(r"(20\d\d)-H([12])")


class Period(NamedTuple):
    """Year and half."""

    year: int
    half: int

    @classmethod
    def of(cls, day: dt.date) -> Period:
        """The half-year in which the day lies."""
        return cls(day.year, 1 if day.month <= 6 else 2)

    @classmethod
    def read(cls, code: str) -> Period | None:
        """From its code; None of anything else."""
        hit = _CODE.fullmatch(code)
        return cls(int(hit[1]), int(hit[2])) if hit else None

    def __str__(self) -> str:
        """Its code."""
        return f"{self.year}-H{self.half}"

    @property
    def first(self) -> dt.date:
        """Its first day."""
        return dt.date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def last(self) -> dt.date:
        """Its last day."""
        return dt.date(self.year, 6, 30) if self.half == 1 else dt.date(self.year, 12, 31)

    @property
    def label(self) -> str:
        """As a report names it."""
        return f"6 tháng {'đầu' if self.half == 1 else 'cuối'} năm {self.year}"

    def asked(self, last: dt.date) -> Asked:
        """From its first day up to the cut-off."""
        return Asked(self.first, min(last, self.last))
