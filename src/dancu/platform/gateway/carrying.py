"""The worker's part: questions that wait are asked again, those whose time is over end, the line is checked.

A question is claimed by one statement before it is asked, so that two workers do not ask the same one; and were they
to, its number and its one ending keep it from being answered twice.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass

from django.utils import timezone

from dancu.platform.gateway import asking, breaker, samples, sealing
from dancu.platform.gateway.breaker import OWNER
from dancu.platform.gateway.errors import LineDown, Refusal
from dancu.platform.gateway.models import Waiting
from dancu.platform.gateway.national import National


@dataclass
class Carried:
    """How many were answered (also with no), how many ended without an answer, how many wait on."""

    answered: int = 0
    expired: int = 0
    waiting: int = 0


def carry(national: National, *, most: int = 500) -> Carried:
    """Whatever is due, the oldest first; stops when the line does."""
    done = Carried(expired=_expire(at=timezone.now()))
    for _ in range(most):
        waiting = _claimed(at=timezone.now())
        if waiting is None:
            break
        try:
            reply = asking.attempt(national, waiting, at=timezone.now())
        except sealing.Unreadable:
            asking.end(waiting, at=timezone.now(), state="withdrawn", reason="unreadable")
            done.expired += 1
            continue
        if reply.state != "pending":
            done.answered += 1
        elif breaker.state().state != "closed" or breaker.state().stopped_by:
            break
    done.waiting = Waiting.objects.using(OWNER).exclude(state="over").count()
    return done


def check(national: National) -> bool | None:
    """Once a minute: is the line there? None when it is stopped by hand or asked us to wait: then nothing is sent."""
    at, link = timezone.now(), breaker.state()
    if link.stopped_by or (link.reason == "too_many" and link.retry_at and link.retry_at > at):
        return None
    began = time.monotonic()
    try:
        national.check()
    except (LineDown, Refusal) as error:
        if error.reason != "busy":
            samples.add(kind="check", ok=False, ms=_ms(began), reason=error.reason, at=at)
            breaker.failed(error, at=at)
        return False
    samples.add(kind="check", ok=True, ms=_ms(began), at=at)
    breaker.succeeded(at=at)
    return True


def _ms(began: float) -> float:
    return 1000 * (time.monotonic() - began)


def _claimed(*, at: dt.datetime) -> Waiting | None:
    """The oldest that is due, now ours for a minute."""
    due = Waiting.objects.using(OWNER).exclude(state="over").filter(next_at__lte=at)
    for waiting in due.select_related("question").order_by("question_id")[:20]:
        claimed = due.filter(pk=waiting.pk).update(state="asking", next_at=at + asking.CRASHED)
        if claimed:
            return waiting
    return None


def _expire(*, at: dt.datetime) -> int:
    """Questions over their time end; answers over their time are no longer kept."""
    rows = Waiting.objects.using(OWNER).filter(expires_at__lte=at)
    open_ones = list(rows.exclude(state="over").select_related("question"))
    for waiting in open_ones:
        asking.end(waiting, at=at, state="expired", reason="expired")
    rows.filter(state="over").delete()
    return len(open_ones)
