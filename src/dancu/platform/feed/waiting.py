"""Who has something to be sent, how far behind each is, and up to where everybody was told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connections

_WITH_WORK = """
    SELECT s.id FROM feed_subscriber s WHERE s.url <> '' AND s.paused_at IS NULL
    AND (s.open_until IS NULL OR s.open_until <= now())
    AND (s.place < feed.last_place() OR EXISTS (
        SELECT 1 FROM feed_letter l WHERE l.subscriber_id = s.id AND l.state = 'waiting' AND l.next_try_at <= now()))
    ORDER BY s.id
"""
_BEHIND = """
    SELECT s.id, count(l.id) FILTER (WHERE l.state = 'waiting'), count(l.id) FILTER (WHERE l.state = 'dead'),
        least(min(l.at), feed.time_after(s.place))
    FROM feed_subscriber s LEFT JOIN feed_letter l ON l.subscriber_id = s.id GROUP BY s.id
"""
_TOLD = """
    UPDATE register.outbox SET sent_at = now() WHERE sent_at IS NULL AND outbox_no <= (
        SELECT coalesce(min(place), feed.last_place()) FROM feed_subscriber WHERE url <> '' AND paused_at IS NULL)
"""


@dataclass(frozen=True)
class Behind:
    """Letters that wait and that are dead, and the time of the oldest change not delivered yet."""

    waiting: int
    dead: int
    oldest: dt.datetime | None


def with_work(*, using: str = "owner") -> list[int]:
    """Subscribers that something could be sent to now."""
    with connections[using].cursor() as cursor:
        cursor.execute(_WITH_WORK)
        return [row[0] for row in cursor.fetchall()]


def behind(*, using: str = "gate") -> dict[int, Behind]:
    """Of each subscriber."""
    with connections[using].cursor() as cursor:
        cursor.execute(_BEHIND)
        return {row[0]: Behind(*row[1:]) for row in cursor.fetchall()}


def mark_told() -> None:
    """What every subscriber has among its letters is no longer unsent; the metrics count the rest."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(_TOLD)
