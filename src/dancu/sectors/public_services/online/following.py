"""A dossier by its code, for anybody: its status and its day, as often as a person would ask."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re

from django.conf import settings
from django.db import connection

from dancu.reference import services
from dancu.sectors.public_services.dossiers import local

A_MINUTE = 20
"""Questions of one address."""


def is_too_often(address: str) -> bool:
    """Whether this address asks faster than people do; counts the question. Kept as a keyed hash, for a day."""
    key = f"dancu.follow:{settings.SECRET_KEY}".encode()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT services.follow_count(%s)",
            [hmac.new(key, address.encode(), hashlib.sha256).digest()],
        )
        return bool(cursor.fetchone()[0] > A_MINUTE)


def code_of(text: str) -> str:
    """A code as people type it.

    >>> code_of(" h02.07.204 - 250707-0001 ")
    'H02.07.204-250707-0001'
    """
    return re.sub(r"\s", "", text).upper()[:60]


def follow(code: str) -> tuple[str, dt.date | None] | None:
    """Status in words and the day; None: no such dossier."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status, due_at FROM services.follow(%s)", [code_of(code)])
        row = cursor.fetchone()
    if row is None:
        return None
    return services.statuses()[row[0]].name_vi, local(row[1]).date() if row[1] else None
