"""The breaker on the line: after a few failures nothing more is sent for a while, then one question tries it.

closed (all go) -> open (none goes until `retry_at`) -> half open (one goes) -> closed, or open for twice as long.
One row that all processes share, moved by single statements, so that exactly one process wins the trial. In good
times it is only read. An administrator may stop the line by hand; only a hand sets it free again.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q

from dancu.platform.gateway.errors import GatewayError, LineDown
from dancu.platform.gateway.models import Link, LinkEvent

NATIONAL = "national"
OWNER = "owner"
MOST_FAILURES = 5
"""In a row, after which the line counts as down."""
FIRST_PAUSE, LONGEST_PAUSE = 10.0, 300.0
TRIAL = 30.0
"""Seconds within which the one that tries must tell; after that another may."""


class Stopped(LineDown):
    """Nothing is sent now: the breaker is open, or somebody stopped the line by hand."""


def state() -> Link:
    """How it stands."""
    found = Link.objects.using(OWNER).filter(pk=NATIONAL).first()
    return found or Link(name=NATIONAL)


def check_open(*, at: dt.datetime) -> None:
    """Raise Stopped unless a question may be sent now; who passes while it is half open is the trial."""
    link = state()
    if link.stopped_by:
        raise Stopped("stopped")
    if link.state == "closed":
        return
    won = (
        Link.objects.using(OWNER)
        .filter(~Q(state="closed"), pk=NATIONAL, stopped_by="", retry_at__lte=at)
        .update(state="half_open", retry_at=at + dt.timedelta(seconds=TRIAL))
    )
    if not won:
        raise Stopped(link.reason or "down")


def succeeded(*, at: dt.datetime) -> None:
    """The line answered: whatever was counted is forgotten."""
    link = state()
    if link.state == "closed" and not link.failures:
        return
    with transaction.atomic(using=OWNER):
        rows = Link.objects.using(OWNER).filter(pk=NATIONAL)
        well = {"state": "closed", "retry_at": None, "pause": 0.0, "changed_at": at, "reason": ""}
        opened = rows.exclude(state="closed").update(**well)
        rows.update(failures=0)
        if opened:
            _tell("closed", at=at)


def failed(error: GatewayError, *, at: dt.datetime) -> None:
    """No answer. Opens after several in a row, at once when the trial failed or the other side says wait."""
    if isinstance(error, Stopped) or error.reason == "busy":
        return
    wait = error.wait if isinstance(error, LineDown) else None
    with transaction.atomic(using=OWNER):
        Link.objects.using(OWNER).get_or_create(pk=NATIONAL)
        link = Link.objects.using(OWNER).select_for_update().get(pk=NATIONAL)
        link.failures += 1
        trial = link.state == "half_open"
        if trial or wait or (link.state == "closed" and link.failures >= MOST_FAILURES):
            _open(link, error.reason, wait, at)
        link.save(using=OWNER)


def stop(*, by: str, why: str, at: dt.datetime) -> None:
    """By hand: nothing is sent, questions wait."""
    with transaction.atomic(using=OWNER):
        Link.objects.using(OWNER).get_or_create(pk=NATIONAL)
        rows = Link.objects.using(OWNER).filter(pk=NATIONAL, stopped_by="")
        if rows.update(stopped_by=by, stopped_why=why[:200], changed_at=at):
            _tell("stopped", why, by=by, at=at)


def resume(*, by: str, at: dt.datetime) -> None:
    """By hand: the next question tries the line."""
    with transaction.atomic(using=OWNER):
        rows = Link.objects.using(OWNER).filter(pk=NATIONAL).exclude(stopped_by="")
        if rows.update(stopped_by="", stopped_why="", changed_at=at, retry_at=at):
            _tell("resumed", by=by, at=at)


def _open(link: Link, reason: str, wait: float | None, at: dt.datetime) -> None:
    was_open = link.state != "closed"
    longer = min(link.pause * 2, LONGEST_PAUSE) if was_open else FIRST_PAUSE
    link.pause = max(longer or FIRST_PAUSE, wait or 0.0)
    link.state, link.reason = "open", reason
    link.retry_at, link.changed_at = at + dt.timedelta(seconds=link.pause), at
    if not was_open:
        _tell("opened", reason, at=at)


def _tell(what: str, reason: str = "", *, at: dt.datetime, by: str = "") -> None:
    LinkEvent.objects.using(OWNER).create(
        at=at, link=NATIONAL, what=what, reason=reason[:200], by=by
    )
