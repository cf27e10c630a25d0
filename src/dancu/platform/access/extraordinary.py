"""Access outside one's unit: a reason is asked, a clock runs, the auditor is told.

The row that opens it is written through ``gate`` and belongs to one session; row-level security follows it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection, connections, transaction
from django.utils import timezone

from dancu.platform.access import claims, territory
from dancu.platform.access.models import Notice

MINUTES = 30
SHORTEST_REASON = 10


@dataclass(frozen=True)
class Opening:
    """One extraordinary access that is running now."""

    id: int
    kind: str
    target: str
    units: tuple[str, ...]
    reason: str
    until: dt.datetime

    @property
    def minutes_left(self) -> int:
        """Whole minutes until it closes by itself."""
        return max(0, round((self.until - timezone.now()).total_seconds() / 60))


def running() -> list[Opening]:
    """What is open in the session of this request."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM access.running_extraordinary()")
        return [Opening(r[0], r[1], r[2], tuple(r[3]), r[4], r[5]) for r in cursor.fetchall()]


def units() -> frozenset[str]:
    """The communes opened extraordinarily in this request's session."""
    return frozenset(code for opening in running() for code in opening.units)


def do_open(*, by: Any, session_key: str, kind: str, target: str, reason: str) -> None:
    """Open a unit or a person for half an hour, and tell the auditor in the same transaction."""
    opened = sorted(territory.communes(target)) if kind == "unit" else []
    if kind == "unit" and not opened:
        raise ValueError(f"{target}: no such unit on the register's day")
    until = timezone.now() + dt.timedelta(minutes=MINUTES)
    with transaction.atomic(using="gate"):
        with connections["gate"].cursor() as cursor:
            cursor.execute(
                "INSERT INTO access.extraordinary"
                " (token_hash, user_id, kind, target, units, reason, valid_until)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s)",
                [claims.hashed(claims.token(session_key)), by.pk, kind, target, opened, reason, until],
            )  # fmt: skip
        Notice.objects.using("gate").create(
            for_role="auditor",
            kind="extraordinary",
            about_user=by.pk,
            subject=f"{by.display_name} ({by.username})",
            detail={"kind": kind, "target": target, "reason": reason, "until": until.isoformat()},
        )


def do_end(*, by: Any, opening_id: int) -> None:
    """Close it before its time; only who opened it."""
    with connections["gate"].cursor() as cursor:
        cursor.execute(
            "UPDATE access.extraordinary SET ended_at = now()"
            " WHERE id = %s AND user_id = %s AND ended_at IS NULL",
            [opening_id, by.pk],
        )
