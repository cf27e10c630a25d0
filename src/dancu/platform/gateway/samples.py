"""How the line does: a check a minute, every question, and what a day and a month come to.

Availability is checks answered over checks made; the month's goal is our own, since the law names none
(`domain/targets_and_thresholds.csv`), and a stretch is held against the goal of its first day.
Minutes without a check, because our own worker stood still, are told beside it and count as nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import connections

from dancu.platform.gateway.breaker import NATIONAL, OWNER
from dancu.platform.gateway.models import Sample
from dancu.platform.ui import formats
from dancu.reference import thresholds


@dataclass(frozen=True)
class Stretch:
    """A day or a month: checks answered and made, minutes so far, and how fast half and 95 of 100 were answered."""

    begin: dt.date
    good: int
    checks: int
    minutes: int
    questions: int
    median_ms: float | None
    p95_ms: float | None

    @property
    def share(self) -> float | None:
        """Availability, None when nothing was measured."""
        return self.good / self.checks if self.checks else None

    @property
    def is_met(self) -> bool:
        """Whether it came to the goal; nothing measured is not."""
        return self.checks > 0 and self.good >= self.checks * goal(on=self.begin)

    @property
    def share_text(self) -> str:
        """As it is shown; 99,49 % is never rounded up to the goal."""
        return "" if self.share is None else formats.percent(int(self.share * 10000) / 10000)

    @property
    def unmeasured(self) -> int:
        """Minutes about which nothing can be said."""
        return max(0, self.minutes - self.checks)


def goal(*, on: dt.date) -> Decimal:
    """The share of a month's checks that must be answered."""
    return thresholds.national_line(on=on) / 100


def add(*, kind: str, ok: bool, ms: float, at: dt.datetime, reason: str = "") -> None:
    """One call."""
    Sample.objects.using(OWNER).create(
        at=at, link=NATIONAL, kind=kind, ok=ok, ms=round(ms, 1), reason=reason
    )


def by_day(*, last: int, at: dt.datetime) -> list[Stretch]:
    """The last days, the present one first."""
    return _read("day", at - dt.timedelta(days=last - 1), at)


def by_month(*, last: int, at: dt.datetime) -> list[Stretch]:
    """The last months, the present one first."""
    return _read("month", at - dt.timedelta(days=31 * (last - 1)), at)


def _read(part: str, since: dt.datetime, at: dt.datetime) -> list[Stretch]:
    query = f"""
        SELECT date_trunc('{part}', at AT TIME ZONE 'Asia/Ho_Chi_Minh') AS began,
            count(*) FILTER (WHERE kind = 'check' AND ok), count(*) FILTER (WHERE kind = 'check'),
            ceil(extract(epoch FROM least(%(at)s, (date_trunc('{part}', at AT TIME ZONE 'Asia/Ho_Chi_Minh')
                + interval '1 {part}') AT TIME ZONE 'Asia/Ho_Chi_Minh') - min(at)) / 60)::int,
            count(*) FILTER (WHERE kind = 'question'),
            percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) FILTER (WHERE ok),
            percentile_cont(0.95) WITHIN GROUP (ORDER BY ms) FILTER (WHERE ok)
        FROM gateway_sample WHERE link = %(link)s AND at <= %(at)s
            AND at >= date_trunc('{part}', %(since)s AT TIME ZONE 'Asia/Ho_Chi_Minh') AT TIME ZONE 'Asia/Ho_Chi_Minh'
        GROUP BY began ORDER BY began DESC"""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(query, {"link": NATIONAL, "since": since, "at": at})
        return [Stretch(row[0].date(), *row[1:]) for row in cursor.fetchall()]
