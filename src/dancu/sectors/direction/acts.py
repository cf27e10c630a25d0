"""The one place that writes an act; it goes into the ledger with the transaction that it stands for."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from dancu.kit.files import clean
from dancu.sectors.direction.places import Place

TASK = "task"


@dataclass(frozen=True)
class Told:
    """What an act says besides who and when."""

    action: str
    event_id: UUID
    reason: str = ""
    state: str = ""
    due_on: dt.date | None = None
    finished_on: dt.date | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


def write(book: str, thing_no: int, place: Place, told: Told, *, by: Any, at: dt.datetime) -> None:
    """Add it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO direction.act (book, thing_no, unit_code, unit_on, event_id, action, state, due_on,"
            ' finished_on, at, "by", reason, detail) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)',
            [book, thing_no, *place.key, told.event_id, told.action, told.state, told.due_on, told.finished_on, at,
             by.username, told.reason, json.dumps(told.detail, ensure_ascii=False, default=str)],
        )  # fmt: skip


def done(event_id: UUID) -> int | None:
    """The thing that this event has already been done to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT thing_no FROM direction.act WHERE event_id = %s", [event_id])
        row = cursor.fetchone()
    return row[0] if row else None


def keep_paper(
    book: str, thing_no: int, place: Place, data: bytes, *, by: Any, at: dt.datetime
) -> str:
    """Keep a scan or photo, cleaned; its fingerprint. Raises NoEvidence."""
    kept = clean(data)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO direction.paper (book, thing_no, unit_code, unit_on, kind, sha256, content, at, \"by\")"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [book, thing_no, *place.key, kept.kind, kept.sha256, kept.content, at, by.username],
        )  # fmt: skip
    return kept.sha256


def papers(book: str, thing_no: int) -> list[tuple[int, str, dt.datetime, str]]:
    """(number, kind, when, by whom) of each, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT paper_no, kind, at, "by" FROM direction.paper WHERE book = %s AND thing_no = %s ORDER BY 1',
            [book, thing_no],
        )
        return list(cursor.fetchall())
