"""Who moved a figure: each unit's rise against the same days of the year before, and what it gave to the whole.

A unit of few records, then or now, is not ranked. `more`: how many records more are in the numerator than there would
be at the unit's share of the year before.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from dancu.engine.report.indicators import Asked, Figure, Indicator, change
from dancu.kit.reports import counting, get, indicators
from dancu.reference import units
from dancu.sectors.direction import acts, may, places
from dancu.sectors.direction.acts import Told
from dancu.sectors.direction.errors import DirectionError
from dancu.sectors.direction.places import Place

SHORTEST = 5


@dataclass(frozen=True)
class Rise:
    """A unit's figure before and now; the points it rose by; the records it gave."""

    place: Place
    before: Figure
    now: Figure
    points: Decimal
    more: int


@dataclass(frozen=True)
class Commendation:
    """What is asked for: which unit, for which figure, of which days, why."""

    unit_code: str
    indicator: str
    asked: Asked
    reason: str
    event_id: UUID


@dataclass(frozen=True)
class Commended:
    """One that was written down, with its figures as they were then."""

    unit_code: str
    unit_on: dt.date
    indicator: str
    first_day: dt.date
    last_day: dt.date
    before_numerator: Decimal
    before_denominator: Decimal
    numerator: Decimal
    denominator: Decimal
    reason: str
    at: dt.datetime

    @property
    def place(self) -> Place:
        """Whom it is for."""
        return places.unit_of(self.unit_code, self.unit_on)


def measurable() -> list[Indicator]:
    """Shares of which more is better."""
    return [i for i in indicators().values() if i.measure == "share" and i.better == "high"]


def rises(code: str, own: list[Place], *, asked: Asked) -> tuple[list[Rise], int]:
    """The units that can be compared, the largest rise first; and how many cannot."""
    indicator, codes = get(code), [p.unit_code for p in own]
    now = counting.figures(code, asked, units=codes)
    before = counting.figures(code, asked.year_before(), units=codes, of=asked.last)
    found = [
        _rise(p, before[p.unit_code], now[p.unit_code])
        for p in own
        if min(before[p.unit_code].denominator, now[p.unit_code].denominator) >= max(1, indicator.few)
    ]  # fmt: skip
    return sorted(found, key=lambda r: (-r.points, -r.more, r.place.unit_code)), len(own) - len(
        found
    )


def _rise(place: Place, before: Figure, now: Figure) -> Rise:
    kept = before.numerator / before.denominator * now.denominator
    more = (now.numerator - kept).quantize(Decimal(1), ROUND_HALF_UP)
    return Rise(place, before, now, change(now, before).points or Decimal(0), int(more))


def level_of(own: list[Place], level: str, on: dt.date) -> list[Place]:
    """Those of the level; communes when there are no districts."""
    has = bool(units.on(max(on, units.FIRST_DAY)).districts)
    return [p for p in own if p.level == (level if has or level != "district" else "commune")]


@transaction.atomic
def do_commend(*, new: Commendation, unit_day: dt.date, by: Any, at: dt.datetime) -> None:
    """Write it down with the figures of now. Raises DirectionError, Refused, NoIndicator."""
    place = places.ready(new.unit_code, unit_day)
    may.check(by, may.GIVE, place)
    if acts.done(new.event_id) is not None:
        return
    reason = " ".join(new.reason.split())[:1000]
    if len(reason) < SHORTEST:
        raise DirectionError(_("Ghi thành tích, ít nhất năm ký tự."))
    found, _apart = rises(new.indicator, [place], asked=new.asked)
    if not found or found[0].points <= 0:
        raise DirectionError(_("Chỉ tiêu này của đơn vị không tăng, hoặc quá ít hồ sơ để so sánh."))
    rise = found[0]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO direction.commendation (unit_code, unit_on, event_id, indicator, indicator_version, first_day,"
            " last_day, before_numerator, before_denominator, numerator, denominator, reason, at, \"by\")"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING commendation_no",
            [*place.key, new.event_id, new.indicator, get(new.indicator).version, new.asked.first, new.asked.last,
             rise.before.numerator, rise.before.denominator, rise.now.numerator, rise.now.denominator, reason, at,
             by.username],
        )  # fmt: skip
        number = int(cursor.fetchone()[0])
    told = Told("commend", new.event_id, reason, detail={"indicator": new.indicator})
    acts.write("commendation", number, place, told, by=by, at=at)


def commended() -> list[Commended]:
    """Those that may be seen, the latest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit_code, unit_on, indicator, first_day, last_day, before_numerator, before_denominator,"
            " numerator, denominator, reason, at FROM direction.commendation ORDER BY commendation_no DESC LIMIT 200"
        )
        return [Commended(*row) for row in cursor.fetchall()]
