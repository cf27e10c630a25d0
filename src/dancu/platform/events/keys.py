"""Keys of partner systems: made and revoked by the administrator, found by their secret, bound to a territory.

Everything runs through ``gate``; the role of the pages cannot read the table. A key's requests name a claim like a
session's, so row-level security holds for them too.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction
from django.utils import timezone

from dancu.engine.events import entered
from dancu.platform.access import claims, territory
from dancu.platform.accounts import services
from dancu.platform.accounts.models import User
from dancu.platform.events.models import ApiKey
from dancu.platform.events.recording import Recorder

GATE = "gate"
_MARK = "dancu_"
LONGEST_DAYS = 400


@dataclass(frozen=True)
class Made:
    """A new key and its secret, which is shown once."""

    key: ApiKey
    secret: str


def do_make(
    *, user: User, name: str, kinds: Iterable[str], units: Iterable[str], days: int, by: str, a_minute: int = 600,
) -> Made:  # fmt: skip
    """A key of an account for these kinds in these units."""
    secret = _MARK + secrets.token_urlsafe(32)
    chosen, places = sorted(set(kinds) & set(entered.forms())), sorted(set(units))
    with transaction.atomic(using=GATE):
        key = ApiKey.objects.using(GATE).create(
            name=name, user_id=user.pk, prefix=secret[: len(_MARK) + 6], digest=_digest(secret), kinds=chosen,
            units=places, unit_on=territory.register_day(), a_minute=a_minute, created_by=by,
            expires_at=timezone.now() + dt.timedelta(days=min(days, LONGEST_DAYS)),
        )  # fmt: skip
        services.log("key.made", by=by, user=user, key=key.pk, kinds=chosen, units=places)
    return Made(key, secret)


def do_revoke(*, key: ApiKey, by: str, reason: str) -> None:
    """The key opens nothing from now on."""
    with transaction.atomic(using=GATE):
        ApiKey.objects.using(GATE).filter(pk=key.pk, revoked_at=None).update(
            revoked_at=timezone.now(), revoked_by=by
        )
        user = User.objects.using(GATE).get(pk=key.user_id)
        services.log("key.revoked", by=by, user=user, key=key.pk, reason=reason)


def find(secret: str) -> tuple[ApiKey, User] | None:
    """The key of a secret, while it and its account are in force."""
    if not secret.startswith(_MARK) or len(secret) > 100:
        return None
    key = ApiKey.objects.using(GATE).filter(digest=_digest(secret)).first()
    if key is None or not key.in_force:
        return None
    user = User.objects.using(GATE).filter(pk=key.user_id, is_active=True).first()
    return None if user is None else (key, user)


def use(secret: str, key: ApiKey) -> None:
    """Name the key's claim in this request's transaction; the first use of a day opens or renews it."""
    session = f"key:{_digest(secret).hex()}"
    today = timezone.localdate()
    if claims.use(session) is None or key.last_used_on != today:
        _open(key, session)
        ApiKey.objects.using(GATE).filter(pk=key.pk).update(last_used_on=today)
        claims.use(session)


def communes(key: ApiKey) -> frozenset[str]:
    """The communes of its units on the register's day."""

    class Place:
        unit_on = key.unit_on

        def __init__(self, code: str) -> None:
            self.unit_code = code

    return frozenset(code for unit in key.units for code in territory.of_grant(Place(unit)))


def recorder(key: ApiKey, user: User) -> Recorder:
    """The key as a recorder of events."""
    return Recorder(user.username, frozenset(key.kinds), communes(key))


def _open(key: ApiKey, session: str) -> None:
    given: list[Any] = [
        claims.hashed(claims.token(session)), key.user_id, sorted(communes(key)),
        territory.register_day(), key.expires_at,
    ]  # fmt: skip
    with connections[GATE].cursor() as cursor:
        cursor.execute(
            "INSERT INTO access.claim (token_hash, user_id, all_units, units, roles, register_day, expires_at)"
            " VALUES (%s, %s, false, %s, '{}', %s, %s) ON CONFLICT (token_hash) DO UPDATE SET"
            " units = excluded.units, register_day = excluded.register_day,"
            " expires_at = excluded.expires_at, ended_at = NULL",
            given,
        )


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()
