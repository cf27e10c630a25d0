"""Bulk reads and exports: one row and one commitment for all persons in it, and every person can ask.

Whoever hands out many persons at once calls `record` in the same transaction: no row, no export.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from dancu.platform.ledger.database import raw
from dancu.store.ledger import sets


@dataclass(frozen=True)
class Bulk:
    """A set that a person is in: «you were in export `bulk_no`». `citizen_id`: under which identifier."""

    bulk_no: int
    at: dt.datetime
    by: str
    partner: str | None
    purpose: str
    basis: str
    what: str
    count: int
    citizen_id: str


def record(
    *, by: Any, purpose: str, basis: str, what: str, citizens: Iterable[str | UUID], partner: str | None = None,
    using: str = "default",
) -> int:  # fmt: skip
    """Keep that `by` (a user or a user name) has read all these at once; its number. In the worker: using="owner"."""
    who = str(getattr(by, "username", by))
    persons = [UUID(str(citizen)) for citizen in citizens]
    with transaction.atomic(using=using):
        return sets.record(
            raw(using), by=who, purpose=purpose, basis=basis, what=what, citizens=persons, partner=partner
        )  # fmt: skip


def of(*, citizen_id: str | UUID, using: str = "default") -> list[Bulk]:
    """The sets that this person is in, the latest first; also under identifiers merged into this one."""
    rows = raw(using).execute(
        "SELECT bulk_no, at, by, partner, purpose, basis, what, count, citizen_id::text"
        " FROM ledger.bulk_of(%s::uuid)", [str(citizen_id)]
    )  # fmt: skip
    return [Bulk(*row) for row in rows.fetchall()]


def proof(*, bulk_no: int, citizen_id: str | UUID) -> Mapping[str, Any] | None:
    """That the person is in the set, for the person alone: salt and path. Only as the owner."""
    return sets.proof(raw("owner"), bulk_no=bulk_no, citizen_id=UUID(str(citizen_id)))
