"""Claims: the row in the database that says whose request this is and which communes it opens.

Written only through ``gate``; a page's own role can neither read nor write them. The secret is derived from the
session's key (which only the cookie holds) and the secret key: the database keeps nothing but its hash.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.db import connection, connections

from dancu.platform.access import territory
from dancu.platform.completeness import asked
from dancu.reference.rights import rights_of

_REGISTER_RIGHTS = ("person.search", "person.view")


def token(session_key: str) -> str:
    """The secret of a session: not found in the database, not made without the secret key."""
    key = f"dancu.token:{settings.SECRET_KEY}".encode()
    return hmac.new(key, session_key.encode(), hashlib.sha256).hexdigest()


def hashed(secret: str) -> bytes:
    """What the database keeps of it."""
    return hashlib.sha256(secret.encode()).digest()


def open_for(user: Any, session_key: str, *, until: dt.datetime) -> None:
    """At log-in: the roles and the communes of the grants of today."""
    grants = list(user.grants_today)
    day = territory.register_day()
    codes = sorted({code for grant in grants for code in territory.of_grant(grant, on=day)})
    everywhere = any(
        entry.scope == "all" and entry.right in _REGISTER_RIGHTS
        for grant in grants
        for entry in rights_of(grant.role)
    )
    with connections["gate"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO access.claim (token_hash, user_id, all_units, units, roles, register_day, expires_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [hashed(token(session_key)), user.pk, everywhere, codes,
             sorted({grant.role for grant in grants}), day, until],
        )  # fmt: skip


def open_for_citizen(citizen_id: str, session_key: str, *, until: dt.datetime) -> None:
    """At a citizen's log-in: this one person and nothing else; there is no account."""
    with connections["gate"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO access.claim (token_hash, citizen_id, roles, register_day, expires_at)"
            " VALUES (%s, %s, '{citizen}', %s, %s)",
            [hashed(token(session_key)), citizen_id, territory.register_day(), until],
        )


def use_citizen(session_key: str | None) -> str | None:
    """As :func:`use`, for a citizen's own session: whose it is, None for nobody's."""
    if use(session_key) is not None:
        raise LookupError("an officer's session on a citizen's page")
    with connection.cursor() as cursor:
        cursor.execute("SELECT access.citizen_id()::text")
        row = cursor.fetchone()
    return row[0] if row else None


def use(session_key: str | None) -> int | None:
    """Name the secret and the request in its transaction; the user it belongs to, None for nobody."""
    secret = token(session_key) if session_key else ""
    with connection.cursor() as cursor:
        # The function must see the setting: two statements, since SQL promises no order within one.
        cursor.execute(
            "SELECT set_config('dancu.token', %s, true), set_config('dancu.request', %s, true)",
            [secret, asked.request_id()],
        )
        cursor.execute("SELECT access.user_id()")
        row = cursor.fetchone()
    return row[0] if row else None


def end(session_key: str) -> None:
    """At log-out."""
    _end("token_hash = %s", hashed(token(session_key)))


def end_of_user(user_id: int) -> None:
    """When grants, password or state of an account change: every session must be opened anew."""
    _end("user_id = %s", user_id)


def _end(condition: str, value: Any) -> None:
    with connections["gate"].cursor() as cursor:
        cursor.execute(
            f"UPDATE access.claim SET ended_at = now() WHERE ended_at IS NULL AND {condition}",
            [value],
        )


def end_others(user_id: int, session_key: str) -> None:
    """Every claim of the user but that of one session."""
    with connections["gate"].cursor() as cursor:
        cursor.execute(
            "UPDATE access.claim SET ended_at = now()"
            " WHERE ended_at IS NULL AND user_id = %s AND token_hash <> %s",
            [user_id, hashed(token(session_key))],
        )
