"""What the administrator does about subscriptions: each act with its line, in one transaction, through the gate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from dancu.platform.feed import notes, secrets, waiting
from dancu.platform.feed.models import Act, Letter, Subscriber

GATE = "gate"


class FeedError(Exception):
    """Cannot be done; the text says why, in the words of the page."""


@transaction.atomic(using=GATE)
def do_subscribe(
    *, client_id: str, purpose: str, fields: Iterable[str], values: bool, url: str, by: str, from_start: bool = False,
) -> tuple[Subscriber, str]:  # fmt: skip
    """A new subscription and its secret, which is shown this once; it begins with what changes from now on."""
    place = 0 if from_start else notes.last_place()
    try:
        with transaction.atomic(using=GATE):
            row = Subscriber.objects.using(GATE).create(
                client_id=client_id, purpose=purpose, fields=sorted(set(fields)), values=values, url=url,
                first=place, place=place, created_by=by,
            )  # fmt: skip
    except IntegrityError:
        raise FeedError("taken") from None
    secret = secrets.renew(row, by=by)
    _acted(row, by, "subscribed", purpose=purpose, fields=row.fields, values=values, url=url)
    return row, secret


@transaction.atomic(using=GATE)
def do_change(
    *, number: int, purpose: str, fields: Iterable[str], values: bool, url: str, by: str
) -> Subscriber:
    """Another purpose, other fields, another address; what waits is told under the new ones."""
    row = _locked(number)
    row.purpose, row.fields, row.values, row.url = purpose, sorted(set(fields)), values, url
    row.failures, row.open_until, row.last_error = 0, None, ""
    row.save(using=GATE)
    _acted(row, by, "changed", purpose=purpose, fields=row.fields, values=values, url=url)
    return row


@transaction.atomic(using=GATE)
def do_renew_secret(*, number: int, by: str, overlap: dt.timedelta = secrets.OVERLAP) -> str:
    """A new secret, shown this once; the old one signs too for the overlap (none of it after a leak)."""
    row = _locked(number)
    secret = secrets.renew(row, by=by, overlap=overlap)
    _acted(row, by, "secret", hours=overlap.total_seconds() / 3600)
    return secret


@transaction.atomic(using=GATE)
def do_pause(*, number: int, by: str, reason: str) -> None:
    """Nothing is sent until it is resumed; what changes meanwhile is not lost."""
    row = _locked(number)
    row.paused_at, row.paused_why = timezone.now(), reason
    row.save(using=GATE)
    _acted(row, by, "paused", reason=reason)


@transaction.atomic(using=GATE)
def do_resume(*, number: int, by: str, reason: str = "") -> None:
    """Sending begins again at once, also after a row of failures."""
    row = _locked(number)
    row.paused_at, row.paused_why, row.failures, row.open_until = None, "", 0, None
    row.save(using=GATE)
    Letter.objects.using(GATE).filter(subscriber=row, state=Letter.WAITING).update(
        next_try_at=timezone.now()
    )
    _acted(row, by, "resumed", reason=reason)


@transaction.atomic(using=GATE)
def do_send_again(*, number: int, by: str, letters: Iterable[int] = (), reason: str = "") -> int:
    """Dead letters are alive again (all of the subscriber when none is named); how many."""
    row = _locked(number)
    found = _dead(row, letters).update(state=Letter.WAITING, tries=0, next_try_at=timezone.now())
    _acted(row, by, "sent_again", letters=found, reason=reason)
    return found


@transaction.atomic(using=GATE)
def do_drop(*, number: int, by: str, letters: Iterable[int] = (), reason: str) -> int:
    """Dead letters are given up, so that the persons' later ones go on; how many."""
    row = _locked(number)
    found, _ = _dead(row, letters).delete()
    _acted(row, by, "dropped", letters=found, reason=reason)
    return found


@transaction.atomic(using=GATE)
def do_replay(*, number: int, by: str, since: dt.datetime, reason: str) -> int:
    """Everything from a moment on is told again, under the same ids; the place it begins at."""
    row = _locked(number)
    with connections[GATE].cursor() as cursor:
        cursor.execute("SELECT feed.place_at(%s)", [since])
        place = max(row.first, min(int(cursor.fetchone()[0]), row.place))
    row.place = place
    row.save(using=GATE)
    _acted(row, by, "replayed", since=since.isoformat(), place=place, reason=reason)
    return place


@transaction.atomic(using=GATE)
def do_try(*, number: int, by: str) -> None:
    """A letter about nobody, so that the partner sees whether the address and the signature work."""
    row = _locked(number)
    part = int(timezone.now().timestamp())
    Letter.objects.using(GATE).create(
        subscriber=row, outbox_no=0, part=part, kind="feed.trial", at=timezone.now(), next_try_at=timezone.now()
    )  # fmt: skip
    _acted(row, by, "tried")


def acts(client_id: str) -> list[Act]:
    """The latest of what was done."""
    return [*Act.objects.using(GATE).filter(client_id=client_id)[:30]]


def state(row: Subscriber, behind: waiting.Behind) -> tuple[str, str]:
    """(a colour, a word's key) of how a subscription is."""
    if row.paused_at is not None:
        return "none", "paused"
    if not row.url:
        return "info", "pull"
    if row.last_error.startswith("closed:"):
        return "bad", "closed"
    if row.is_resting:
        return "bad", "resting"
    if behind.dead:
        return "fair", "dead"
    return ("fair", "failing") if row.failures else ("good", "running")


def _dead(row: Subscriber, letters: Iterable[int]) -> Any:
    found = Letter.objects.using(GATE).filter(subscriber=row, state=Letter.DEAD)
    named = list(letters)
    return found.filter(pk__in=named) if named else found


def _locked(number: int) -> Subscriber:
    return Subscriber.objects.using(GATE).select_for_update().get(pk=number)


def _acted(row: Subscriber, by: str, what: str, **detail: Any) -> None:
    Act.objects.using(GATE).create(client_id=row.client_id, by=by, what=what, detail=detail)
