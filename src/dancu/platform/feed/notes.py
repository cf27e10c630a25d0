"""The notes of the feed as the database tells them (``notes.sql``), for one scope; identifiers are the register's here.

The outbox is numbered in the order of commits, since writers of the register follow one another until they commit:
a reader who has seen number n never misses a smaller one.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connections

from dancu.platform.feed.scope import Scope

MOST = 200
"""Entries of the outbox that are read at once."""


@dataclass(frozen=True)
class Note:
    """One thing that a scope is told. `citizen` None: about no person. `fields`: those that differ, no values."""

    outbox_no: int
    part: int
    at: dt.datetime
    kind: str
    citizen: UUID | None
    into: UUID | None
    fields: tuple[str, ...]
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Page:
    """Notes after a place, the place after them, and whether the outbox goes on from there."""

    notes: tuple[Note, ...]
    place: int
    more: bool


def read(scope: Scope, after: int, *, most: int = MOST, using: str = "gate") -> Page:
    """What the next `most` entries of the outbox say to this scope."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT * FROM feed.notes(%s, %s, %s::text[], %s::text[], %s, %s, %s)",
            [
                after, most, None if scope.communes is None else sorted(scope.communes),
                None if scope.wanted is None else sorted(scope.wanted),
                scope.purpose or None, scope.client, scope.by_consent,
            ],
        )  # fmt: skip
        rows = cursor.fetchall()
    found = tuple(
        Note(
            no, part, at, kind, citizen, into, tuple(fields),
            json.loads(data) if isinstance(data, str) else data,
        )
        for no, part, at, kind, citizen, into, fields, data in rows if kind is not None
    )  # fmt: skip
    entries = {row[0] for row in rows}
    return Page(found, max(entries, default=after), len(entries) == most)


def last_place(*, using: str = "gate") -> int:
    """The end of the outbox."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT feed.last_place()")
        return int(cursor.fetchone()[0])


def invented(*, using: str) -> bool:
    """Whether the register holds invented people alone: then an address without TLS is allowed."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT coalesce((SELECT test_people FROM register.state), false)")
        return bool(cursor.fetchone()[0])
