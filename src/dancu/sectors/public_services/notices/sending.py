"""The job's side of the outbox: one notice after the other, each in a transaction of its own, tried again later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from dancu.kit.lines import wait
from dancu.sectors.public_services.notices import channels, contacts
from dancu.sectors.public_services.system import as_system

TRIES = 12
"""With the waits between them, about six hours; then it stays on the person's page alone."""
MOST = 500

Choose = Callable[[str], channels.Channel]


def send_all(*, at: datetime, choose: Choose = channels.of, most: int = MOST) -> int:
    """How many left. One that fails stops no other: each is taken once a run."""
    sent = 0
    for _ in range(most):
        outcome = send_one(at=at, choose=choose)
        if outcome is None:
            break
        sent += outcome
    return sent


def send_one(*, at: datetime, choose: Choose = channels.of) -> bool | None:
    """The next notice that is ripe: whether it left; None when there is none. Another worker's is left alone."""
    with as_system(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT notice, citizen::text, told, tries FROM services.notice"
            " WHERE state = 'waiting' AND next_try_at <= %s"
            " ORDER BY next_try_at LIMIT 1 FOR UPDATE SKIP LOCKED",
            [at],
        )
        row = cursor.fetchone()
        if row is None:
            return None
        notice, citizen, told, tries = row
        contact = contacts.of(citizen)
        channel = choose(contact.channel)
        try:
            channel.send(notice, contact.address, told, at)
        except channels.NotSent as error:
            _put_off(cursor, notice, tries + 1, str(error), at)
            return False
        cursor.execute(
            "UPDATE services.notice SET state = 'sent', channel = %s, sent_at = %s, tries = tries + 1, last_error = ''"
            " WHERE notice = %s",
            [channel.name, at, notice],
        )
        return True


def _put_off(cursor: Any, notice: Any, tries: int, why: str, at: datetime) -> None:
    cursor.execute(
        "UPDATE services.notice SET tries = %s, last_error = %s, next_try_at = %s, state = %s WHERE notice = %s",
        [
            tries,
            why[:60],
            at + timedelta(seconds=wait(tries)),
            "dead" if tries >= TRIES else "waiting",
            notice,
        ],
    )
