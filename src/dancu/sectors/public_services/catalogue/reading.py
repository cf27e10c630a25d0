"""Reviews of procedures as the database shows them to this log-in, and the dossiers their effect is computed on."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from django.db import connection

from dancu.kit.web import communes
from dancu.sectors.public_services.catalogue import comparing, effects
from dancu.sectors.public_services.catalogue.effects import Changes, Effect

PROPOSED, APPROVED, REFUSED, WITHDRAWN = "proposed", "approved", "refused", "withdrawn"
_COLUMNS = (
    "review_no", "procedure", "version", "unit_code", "state", "changes", "reason", "effect", "proposed_by",
    "proposed_at", "decided_by", "decided_at", "decision_reason", "version_no",
)  # fmt: skip


@dataclass(frozen=True)
class Period:
    """Whole months, from the first day of one until the day before `until`."""

    first: dt.date
    until: dt.date

    @property
    def last(self) -> dt.date:
        """The last day."""
        return self.until - dt.timedelta(days=1)


@dataclass(frozen=True)
class Review:
    """A proposal as it stands."""

    review_no: int
    procedure: str
    version: int
    unit_code: str
    state: str
    changes: Changes
    reason: str
    effect: Effect
    period: Period
    proposed_by: str
    proposed_at: dt.datetime
    decided_by: str | None
    decided_at: dt.datetime | None
    decision_reason: str
    version_no: int

    @property
    def open(self) -> bool:
        """Whether it waits for a decision."""
        return self.state == PROPOSED


@dataclass(frozen=True)
class Act:
    """One act on a review."""

    action: str
    state_after: str
    at: dt.datetime
    by: str
    reason: str


class NoReview(LookupError):
    """No review with this number in the territory of the log-in."""


def last_months(*, on: dt.date, months: int = 12) -> Period:
    """The last whole months before the day.

    >>> last_months(on=dt.date(2025, 7, 7))
    Period(first=datetime.date(2024, 7, 1), until=datetime.date(2025, 7, 1))
    """
    until = on.replace(day=1)
    number = until.year * 12 + until.month - 1 - months
    return Period(dt.date(number // 12, number % 12 + 1, 1), until)


def dossiers_of(procedure: str, *, unit_code: str, period: Period) -> dict[int, int]:
    """Channel -> the dossiers received in the period that the unit and the communes below it handled."""
    own = sorted({unit_code, *communes(unit_code)})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT channel, sum(n)::bigint FROM services.figure WHERE figure = 'received' AND procedure = %s"
            " AND month >= %s AND month < %s AND (length(%s) = 2 OR unit_code = ANY (%s)) GROUP BY channel",
            [procedure, period.first, period.until, unit_code, own],
        )
        found = dict(cursor.fetchall())
    return {channel: int(found.get(channel, 0)) for channel in (1, 2, 3)}


def get(number: int, *, lock: bool = False) -> Review:
    """The review; NoReview when there is none, or none in the territory."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(_COLUMNS)} FROM services.review WHERE review_no = %s{' FOR UPDATE' if lock else ''}",
            [number],
        )
        row = cursor.fetchone()
    if row is None:
        raise NoReview(str(number))
    return _review(row)


def listed(*, state: str = "", procedure: str = "") -> list[Review]:
    """Reviews of the territory, the latest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(_COLUMNS)} FROM services.review WHERE %s IN ('', state) AND %s IN ('', procedure)"
            " ORDER BY review_no DESC LIMIT 500",
            [state, procedure],
        )
        return [_review(row) for row in cursor.fetchall()]


def history(number: int) -> list[Act]:
    """What was done to it, the first first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT action, state_after, at, by, reason FROM services.review_act WHERE review_no = %s ORDER BY act_no",
            [number],
        )
        return [Act(*row) for row in cursor.fetchall()]


def carried_out(review: Review, *, on: dt.date) -> bool:
    """Whether the reference data of the day already are as was approved."""
    state = comparing.state_on(review.procedure, on=on)
    if state is None:
        return False
    parts = {part.code: part for part in state.parts}
    dropped = all(
        code not in parts or (what == effects.DATA and parts[code].proved_by)
        for code, what in review.changes.parts.items()
    )
    hours = {step.number: step.hours for step in state.steps}
    fee = review.changes.fee
    return (
        dropped
        and all(hours.get(number) == new for number, new in review.changes.hours.items())
        and fee in (None, state.procedure.fee)
    )


def _review(row: tuple[Any, ...]) -> Review:
    kept: dict[str, Any] = dict(zip(_COLUMNS, row, strict=True))
    changes, effect = (_json(kept.pop(name)) for name in ("changes", "effect"))
    period = Period(dt.date.fromisoformat(effect["from"]), dt.date.fromisoformat(effect["until"]))
    return Review(
        **kept, changes=Changes.of_json(changes), effect=Effect.of_json(effect), period=period
    )


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
