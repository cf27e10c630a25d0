"""A dossier as it stands, read and locked. Row-level security decides which there are for the asker."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from dancu.reference import services
from dancu.reference.services import Procedure
from dancu.sectors.public_services.clock import Turn
from dancu.sectors.public_services.errors import NoDossier


@dataclass(frozen=True)
class Dossier:
    """The row of ``services.dossier``; see schema.sql for what each column means."""

    dossier_no: int
    code: str
    procedure: str
    version: int
    place: str
    unit_code: str
    channel: int
    applicant: UUID | None
    applicant_name: str
    filed_by: UUID | None
    form: Mapping[str, Any]
    status: int
    step: int
    holder: str
    proposed_by: str
    filed_at: dt.datetime
    accepted_at: dt.datetime | None
    due_at: dt.datetime | None
    promised_at: dt.datetime | None
    paused_at: dt.datetime | None
    ended_at: dt.datetime | None
    returned_at: dt.datetime | None
    on_time: bool | None
    supplements: int
    extended: bool
    saved_papers: int
    electronic_result: bool
    bundle: int | None
    version_no: int

    @property
    def procedure_then(self) -> Procedure:
        """The procedure in the version of the day on which the dossier was filed."""
        return services.get(self.procedure, on=local(self.filed_at).date())


_COLUMNS = ", ".join(f.name for f in fields(Dossier))


def get(dossier_no: int, *, lock: bool = False) -> Dossier:
    """The dossier; NoDossier. `lock`: nobody else acts on it until the transaction ends."""
    return _one("dossier_no = %s", dossier_no, " FOR UPDATE" if lock else "")


def by_code(code: str) -> Dossier:
    """The dossier of this code; NoDossier."""
    return _one("code = %s", code, "")


def _one(which: str, value: Any, more: str) -> Dossier:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM services.dossier WHERE {which}{more}", [value])
        row = cursor.fetchone()
    if row is None:
        raise NoDossier(str(value))
    return of_row(row)


def listed(which: str, given: Sequence[Any], *, order: str, most: int) -> list[Dossier]:
    """Dossiers that fulfil a condition of ours, in an order of ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM services.dossier WHERE {which} ORDER BY {order} LIMIT {int(most)}",
            [*given],
        )
        return [of_row(row) for row in cursor.fetchall()]


def of_row(row: Sequence[Any]) -> Dossier:
    """A row of `_COLUMNS` as a dossier."""
    made = dict(zip((f.name for f in fields(Dossier)), row, strict=True))
    made["form"] = json.loads(made["form"]) if isinstance(made["form"], str) else made["form"]
    return Dossier(**made)


def turns(dossier_no: int) -> list[Turn]:
    """Which status it had from when, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status_after, at FROM services.move WHERE dossier_no = %s ORDER BY move_no",
            [dossier_no],
        )
        return [Turn(status, local(at)) for status, at in cursor.fetchall()]


def local(moment: dt.datetime) -> dt.datetime:
    """The office's clock: without a zone, as the calendar counts."""
    return timezone.localtime(moment).replace(tzinfo=None)


def aware(moment: dt.datetime) -> dt.datetime:
    """The moment of the office's clock, with its zone, as the database keeps it."""
    return timezone.make_aware(moment)
