"""The outbox: a notice is written in the transaction of the action it tells of, and sent by a job afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from dancu.sectors.public_services.acting import Actor
from dancu.sectors.public_services.dossiers import Dossier, local
from dancu.sectors.public_services.notices import telling


@dataclass(frozen=True)
class Told:
    """A notice as the person it went to reads it on the page."""

    told: str
    made_at: datetime
    state: str
    channel: str


def on_action(dossier: Dossier, action: str, by: Actor) -> None:
    """Listener: one notice to the applicant, and one to whoever filed for them."""
    del by
    due, promised = (
        local(at).date() if at else None for at in (dossier.due_at, dossier.promised_at)
    )
    text = telling.of(dossier.code, action, due=due, promised=promised)
    people = {person for person in (dossier.applicant, dossier.filed_by) if person}
    if text:
        put(dossier.dossier_no, sorted(people, key=str), action, text)


def put(dossier_no: int, people: list[UUID], action: str, text: str) -> None:
    """Write it for each; the job that looks every few seconds finds it."""
    now = timezone.now()
    with connection.cursor() as cursor:
        for person in people:
            cursor.execute(
                "INSERT INTO services.notice (dossier_no, citizen, action, told, made_at, next_try_at)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                [dossier_no, person, action, text, now, now],
            )


def of_dossier(dossier_no: int) -> list[Told]:
    """What the citizen of this session was told of the dossier, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT told, made_at, state, channel FROM services.notice WHERE dossier_no = %s"
            " ORDER BY made_at DESC",
            [dossier_no],
        )
        return [Told(*row) for row in cursor.fetchall()]
