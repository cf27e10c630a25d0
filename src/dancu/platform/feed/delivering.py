"""Letters go out: in rounds, the first of each person's only, several persons at once, each subscriber by itself.

A letter is taken away after the other side has said yes; a worker killed in between sends it again under the same
id. What fails waits longer each time and at last is dead: then the person's later letters wait for somebody to send
it again or to drop it, so that the order holds. Rounds without any success open the subscriber's circuit.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.db import connections, transaction
from django.utils import timezone

from dancu.platform.access import territory
from dancu.platform.feed import envelope, notes, queueing, retry, secrets, signing, values
from dancu.platform.feed.addresses import Unreachable, parse
from dancu.platform.feed.models import Letter, Subscriber
from dancu.platform.feed.post import Answer, post
from dancu.platform.feed.scope import Closed, Scope, of_partner

OWNER = "owner"
AT_ONCE = 8
LONGEST = 50.0
"""Seconds of one job; what is left is the next one's."""
_GONE = 410
_ASKS_TO_WAIT = (408, 425, 429)
_HEADS = """
    SELECT l.* FROM feed_letter l WHERE l.subscriber_id = %s AND l.state = 'waiting' AND l.next_try_at <= now()
    AND NOT EXISTS (
        SELECT 1 FROM feed_letter e WHERE e.subscriber_id = l.subscriber_id AND e.lane = l.lane
        AND (e.outbox_no, e.part) < (l.outbox_no, l.part)
    ) ORDER BY l.tries, l.outbox_no, l.part LIMIT %s
"""


@dataclass(frozen=True)
class Sent:
    """What became of one letter. `why` "": taken. `ill`: the other side as a whole seems to be down."""

    letter: Letter
    why: str = ""
    ill: bool = False
    gone: bool = False
    wait: float = 0.0


def deliver(subscriber: int, *, longest: float = LONGEST) -> int:
    """Sends what is ripe; how many letters were taken. Of two at the same time the second does nothing."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('dancu.feed'), %s)", [subscriber])
        if not cursor.fetchone()[0]:
            return 0
        try:
            return _rounds(subscriber, time.monotonic() + longest)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('dancu.feed'), %s)", [subscriber])


def _rounds(number: int, until: float) -> int:
    taken = 0
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="feed") as pool:
        while time.monotonic() < until:
            row = Subscriber.objects.using(OWNER).get(pk=number)
            if row.paused_at is not None or row.is_resting or not row.url:
                break
            try:
                scope = of_partner(row, on=timezone.localdate(), units_on=_units_day())
            except Closed as error:
                _note_error(row, f"closed:{error}")
                break
            queueing.make_ready(number, scope)
            heads = [*Letter.objects.using(OWNER).raw(_HEADS, [number, _how_many(row)])]
            if not heads:
                break
            done = _round(pool, row, scope, heads)
            taken += sum(not one.why for one in done)
            _written(row, done)
    return taken


def _round(
    pool: ThreadPoolExecutor, row: Subscriber, scope: Scope, heads: Sequence[Letter]
) -> list[Sent]:
    keys, plain = secrets.in_force(row, using=OWNER), notes.invented(using=OWNER)
    return [*pool.map(lambda letter: _one(row, scope, letter, keys, plain), heads)]


def _one(row: Subscriber, scope: Scope, letter: Letter, keys: Sequence[str], plain: bool) -> Sent:
    """One letter, in a thread of its own."""
    note = queueing.as_note(letter)

    def message() -> tuple[bytes, dict[str, str]]:
        told = values.of(note, scope=scope, using=OWNER)
        event = envelope.cloud_event(note, client=scope.client, values=told)
        body = json.dumps(event, ensure_ascii=False).encode()
        signed = signing.headers(event["id"], body, secrets=keys, at=int(time.time()))
        return body, {"Content-Type": "application/cloudevents+json; charset=utf-8", **signed}

    try:
        return _judged(letter, post(parse(row.url, plain=plain), message))
    except Unreachable as error:
        return Sent(letter, error.why, ill=True)
    finally:
        connections.close_all()


def _judged(letter: Letter, answer: Answer) -> Sent:
    if answer.taken:
        return Sent(letter)
    refused = 400 <= answer.status < 500 and answer.status not in _ASKS_TO_WAIT
    return Sent(
        letter, f"status:{answer.status}", ill=not refused, gone=answer.status == _GONE, wait=answer.wait
    )  # fmt: skip


def _written(row: Subscriber, done: Sequence[Sent]) -> None:
    """What the round did, in one transaction."""
    now = timezone.now()
    good = [one.letter.pk for one in done if not one.why]
    bad = [one for one in done if one.why]
    with transaction.atomic(using=OWNER):
        own = Subscriber.objects.using(OWNER).select_for_update().get(pk=row.pk)
        Letter.objects.using(OWNER).filter(pk__in=good).delete()
        for one in bad:
            _put_off(one, now)
        own.sent += len(good)
        own.last_try_at = now
        if good:
            own.failures, own.open_until, own.last_ok_at = 0, None, now
        elif any(one.ill for one in bad):
            own.failures += 1
            rest = retry.rest(own.failures)
            own.open_until = now + dt.timedelta(seconds=rest) if rest else None
        if bad:
            own.last_error = bad[-1].why
        if any(one.gone for one in bad):
            own.paused_at, own.paused_why = now, "410"
        own.save(using=OWNER)


def _put_off(one: Sent, now: dt.datetime) -> None:
    letter = one.letter
    tries = letter.tries + 1
    wait = dt.timedelta(seconds=retry.wait(tries, asked=one.wait))
    dead = tries >= retry.TRIES and not one.gone
    Letter.objects.using(OWNER).filter(pk=letter.pk).update(
        tries=tries,
        next_try_at=now + wait,
        last_error=one.why,
        state=Letter.DEAD if dead else Letter.WAITING,
    )


def _how_many(row: Subscriber) -> int:
    """One alone to try whether the other side is well again."""
    return AT_ONCE if row.failures < retry.IN_A_ROW else 1


def _note_error(row: Subscriber, why: str) -> None:
    if row.last_error != why:
        Subscriber.objects.using(OWNER).filter(pk=row.pk).update(last_error=why)


def _units_day() -> dt.date:
    return territory.register_day()
