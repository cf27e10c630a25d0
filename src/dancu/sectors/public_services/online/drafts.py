"""A dossier that is being written: kept at every step, found again, the owner's alone (row-level security)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection


class NoDraft(LookupError):
    """Nothing under this identifier that is the asker's own."""


@dataclass(frozen=True)
class Draft:
    """The row of ``services.draft``."""

    draft: UUID
    owner: UUID
    for_whom: UUID | None
    for_name: str
    relation: str
    procedure: str
    answers: Mapping[str, Any]
    event_id: UUID
    saved_at: dt.datetime
    dossier_no: int | None

    @property
    def applicant(self) -> UUID:
        """Whose dossier it is."""
        return self.for_whom or self.owner


@dataclass(frozen=True)
class Whom:
    """For whom somebody files; `relation`: self, mother, father or helper."""

    citizen_id: str | None = None
    name: str = ""
    relation: str = "self"


_COLUMNS = (
    "draft, owner, for_whom, for_name, relation, procedure, answers, event_id, saved_at, dossier_no"
)


def do_begin(*, owner: str, whom: Whom, procedure: str, at: dt.datetime) -> Draft:
    """A new one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO services.draft (owner, for_whom, for_name, relation, procedure, saved_at)"
            f" VALUES (%s, %s, %s, %s, %s, %s) RETURNING {_COLUMNS}",
            [owner, whom.citizen_id, whom.name, whom.relation, procedure, at],
        )
        return _of(cursor.fetchone())


def get(draft: UUID, *, lock: bool = False) -> Draft:
    """The draft; NoDraft. `lock`: a second press waits for the first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM services.draft WHERE draft = %s{' FOR UPDATE' if lock else ''}",
            [draft],
        )
        row = cursor.fetchone()
    if row is None:
        raise NoDraft(str(draft))
    return _of(row)


def unfinished(owner: str) -> list[Draft]:
    """Those that were not filed, the last one touched first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM services.draft WHERE owner = %s AND dossier_no IS NULL ORDER BY saved_at DESC",
            [owner],
        )
        return [_of(row) for row in cursor.fetchall()]


def do_answer(draft: UUID, name: str, value: Any, *, at: dt.datetime) -> None:
    """Keep one answer."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE services.draft SET answers = answers || %s::jsonb, saved_at = %s"
            " WHERE draft = %s AND dossier_no IS NULL",
            [json.dumps({name: value}), at, draft],
        )


def do_close(draft: UUID, dossier_no: int) -> None:
    """It was filed: the answers stand in the dossier and no longer here; the files go along."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE services.attachment SET dossier_no = %s, draft = NULL WHERE draft = %s",
            [dossier_no, draft],
        )
        cursor.execute(
            "UPDATE services.draft SET dossier_no = %s, answers = '{}' WHERE draft = %s",
            [dossier_no, draft],
        )


def do_drop(draft: UUID) -> None:
    """Away with it and its files."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM services.draft WHERE draft = %s AND dossier_no IS NULL", [draft]
        )


def _of(row: Any) -> Draft:
    made = dict(zip((n.strip() for n in _COLUMNS.split(",")), row, strict=True))
    if isinstance(made["answers"], str):
        made["answers"] = json.loads(made["answers"])
    return Draft(**made)
