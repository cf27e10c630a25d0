"""A figure as it was said then, as it is said now, and as then in the borders of another era.

`then`: as known at the end of the period, in the units of its last day. `now`: as known now, in the units of today.
`restated`: as known then, in the units of another day; what was divided since stands in a line of its own.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Literal
from zoneinfo import ZoneInfo

from dancu.engine.report.indicators import Asked

How = Literal["then", "now", "restated"]
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def stated(
    asked: Asked, how: How, *, today: dt.date, at: dt.datetime | None = None
) -> tuple[Asked, dt.date]:
    """What to count and in whose units; `at`: the moment of knowledge, if not the end of the last day.

    >>> june = Asked(dt.date(2024, 1, 1), dt.date(2024, 6, 21))
    >>> told, of = stated(june, "restated", today=dt.date(2026, 11, 1))
    >>> str(told.known), str(of)
    ('2024-06-22 00:00:00+07:00', '2026-11-01')
    """
    if how == "now":
        return replace(asked, known=None), today
    moment = at or end_of(asked.last)
    return replace(asked, known=moment), asked.last if how == "then" else today


def end_of(day: dt.date) -> dt.datetime:
    """The moment at which a day ends in Vietnam."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ZONE)
