"""The secrets that webhooks are signed with: kept sealed, shown once, two in force while one follows the other."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils import timezone

from dancu.platform.feed import sealing, signing
from dancu.platform.feed.models import Secret, Subscriber

OVERLAP = dt.timedelta(hours=24)
_USE = "webhook"


def in_force(subscriber: Subscriber, *, using: str = "gate") -> list[str]:
    """The secrets to sign with, the newest first."""
    rows = Secret.objects.using(using).filter(
        Q(until=None) | Q(until__gt=timezone.now()), subscriber=subscriber
    )
    return [sealing.opened(r.sealed, use=_USE, whose=subscriber.client_id).decode() for r in rows]


def renew(subscriber: Subscriber, *, by: str, overlap: dt.timedelta = OVERLAP) -> str:
    """A new secret, which is returned this once; those before go on for the overlap. The caller's transaction."""
    secret = signing.new_secret()
    Secret.objects.using("gate").filter(subscriber=subscriber, until=None).update(
        until=timezone.now() + overlap
    )
    sealed = sealing.seal(secret.encode(), use=_USE, whose=subscriber.client_id)
    Secret.objects.using("gate").create(subscriber=subscriber, sealed=sealed, made_by=by)
    return secret
