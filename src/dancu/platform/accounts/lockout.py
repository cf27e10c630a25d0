"""Waits that grow with failed log-ins, by name and by address; kept in the database, so a restart forgives nothing.

Names and addresses are kept as keyed hashes: a mistyped password in the name field is nowhere in the clear.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dancu.platform.accounts.models import Attempt

FREE = {"name": 5, "address": 30}
"""Failures without a wait."""
FIRST, LONGEST = dt.timedelta(minutes=1), dt.timedelta(hours=1)
FORGOTTEN = dt.timedelta(hours=24)


def keys(username: str, address: str) -> dict[str, str]:
    """The two rows of a log-in."""
    return {
        kind: _key(kind, value)
        for kind, value in (("name", username.lower()), ("address", address))
    }


def locked_until(username: str, address: str) -> dt.datetime | None:
    """When the next try is allowed; None when it is now."""
    found = Attempt.objects.filter(
        pk__in=keys(username, address).values(), locked_until__gt=timezone.now()
    )
    return max((a.locked_until for a in found if a.locked_until), default=None)


def failed(username: str, address: str) -> None:
    """Count a failure; from the limit on, each doubles the wait."""
    now = timezone.now()
    with transaction.atomic(using="gate"):
        for kind, key in sorted(keys(username, address).items()):
            Attempt.objects.get_or_create(pk=key, defaults={"last_at": now})
            attempt = Attempt.objects.select_for_update().get(pk=key)
            if now - attempt.last_at > FORGOTTEN:
                attempt.failed = 0
            attempt.failed, attempt.last_at = attempt.failed + 1, now
            over = attempt.failed - FREE[kind]
            if over >= 0:
                attempt.locked_until = now + min(FIRST * 2 ** min(over, 20), LONGEST)
            attempt.save()


def forgive(username: str, address: str = "") -> None:
    """After a success, or by an administrator: the name starts anew (the address only when given)."""
    both = keys(username, address)
    Attempt.objects.filter(pk__in=both.values() if address else [both["name"]]).delete()


def is_locked(username: str) -> bool:
    """Whether the name is locked now, for the administrator's page."""
    return locked_until(username, "") is not None


def _key(kind: str, value: str) -> str:
    secret = f"dancu.lockout:{settings.SECRET_KEY}".encode()
    return f"{kind}:{hmac.new(secret, value.encode(), hashlib.sha256).hexdigest()}"
