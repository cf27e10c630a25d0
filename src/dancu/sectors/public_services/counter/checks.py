"""How the applicant's identity stands: written with the filing, caught up when the line is back, closed to signatures.

Only added to; the last line of a dossier counts.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, connections, transaction
from django.utils.translation import gettext as _

from dancu.kit import identity, officers
from dancu.kit.web import register_day
from dancu.sectors.public_services import dossiers
from dancu.sectors.public_services.acting import SHORTEST_REASON, Actor
from dancu.sectors.public_services.counter import meeting
from dancu.sectors.public_services.counter.meeting import Met
from dancu.sectors.public_services.dossiers import Dossier
from dancu.sectors.public_services.errors import NotOpen, ServiceError

OPEN = ("to_verify", "differs")
"""States in which nothing is signed."""
SYSTEM = "hệ thống"


@dataclass(frozen=True)
class Check:
    """A line of ``services.identity_check``."""

    check_no: int
    dossier_no: int
    at: dt.datetime
    by: str
    state: str
    source: str
    question: UUID | None
    receipt: str
    note: str


_COLUMNS = "check_no, dossier_no, at, by, state, source, question, receipt, note"


def of_dossier(dossier_no: int) -> list[Check]:
    """All checks of a dossier, the last one first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM services.identity_check WHERE dossier_no = %s ORDER BY check_no DESC",
            [dossier_no],
        )
        return [Check(*row) for row in cursor.fetchall()]


def do_write(dossier_no: int, met: Met, *, by: str, at: dt.datetime) -> None:
    """What the scan at the counter came to."""
    _write(
        connection, dossier_no, by, at, met.state, met.source, met.question, met.receipt, met.note
    )


def do_confirm_by_paper(dossier_no: int, *, by: Actor, note: str, at: dt.datetime) -> None:
    """An officer held the card against the person, and says which; opens the dossier to the signature."""
    if len(note.strip()) < SHORTEST_REASON:
        raise ServiceError(_("Ghi giấy tờ đã đối chiếu, ít nhất năm ký tự."))
    found = of_dossier(dossiers.get(dossier_no).dossier_no)
    if not found or found[0].state not in OPEN:
        raise NotOpen(_("Danh tính của hồ sơ này không còn chờ đối chiếu."))
    _write(connection, dossier_no, by.name, at, "by_paper", "paper", "", "", note.strip())


def not_signed_unverified(dossier: Dossier, action: str, by: Actor) -> None:
    """A listener: what is still open about who asked stops the signature. Raises NotOpen."""
    del by
    if action != "sign":
        return
    found = of_dossier(dossier.dossier_no)
    if found and found[0].state in OPEN:
        raise NotOpen(
            _("Danh tính người nộp chưa được xác minh. Chờ kết quả, hoặc đối chiếu giấy tờ rồi mới ký.")
        )  # fmt: skip


def catch_up(*, at: dt.datetime, most: int = 500) -> int:
    """Whatever waits for the line, the oldest first; how many now stand. As the owner, each in its own transaction."""
    done = 0
    for check in _waiting(most):
        with transaction.atomic(using="owner"):
            done += _caught_up(check, at)
    return done


def _waiting(most: int) -> list[Check]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM services.identity_check c WHERE state = 'to_verify' AND NOT EXISTS"
            " (SELECT 1 FROM services.identity_check n WHERE n.dossier_no = c.dossier_no AND n.check_no > c.check_no)"
            " ORDER BY check_no LIMIT %s",
            [most],
        )
        return [Check(*row) for row in cursor.fetchall()]


def _caught_up(check: Check, at: dt.datetime) -> bool:
    reply = identity.again(check.question, by=_asker(check)) if check.question else None
    if reply is None or reply.state == "unavailable":
        reply = _anew(check, at)
    if reply is None:
        return False
    if reply.state == "pending":
        if reply.number != check.question:
            _by_system(check, at, "to_verify", reply)
        return False
    state = meeting.standing(None, reply)[0] if reply.state == "verified" else "differs"
    _by_system(check, at, state, reply)
    return True


def _asker(check: Check) -> str:
    """In whose name the question was put: the officer's of the first check."""
    if check.by != SYSTEM:
        return check.by
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT by FROM services.identity_check WHERE dossier_no = %s ORDER BY check_no LIMIT 1",
            [check.dossier_no],
        )
        return str(cursor.fetchone()[0])


def _anew(check: Check, at: dt.datetime) -> identity.Reply | None:
    """A new question, when the one of before was tried for a day in vain."""
    by: Any = officers.account(_asker(check))
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT form FROM services.dossier WHERE dossier_no = %s", [check.dossier_no]
        )
        (form,) = cursor.fetchone()
    asked = meeting.asked_again(json.loads(form) if isinstance(form, str) else form)
    if by is None or asked is None or not identity.has_national_line():
        return None
    return identity.of_nation(asked, by=by, purpose=meeting.PURPOSE, on=register_day(), at=at)


def _by_system(check: Check, at: dt.datetime, state: str, reply: identity.Reply) -> None:
    note = reply.answer.result if reply.state == "verified" else reply.reason
    _write(
        connections["owner"], check.dossier_no, SYSTEM, at, state, "national", str(reply.number), reply.receipt, note
    )  # fmt: skip


def _write(
    con: Any, dossier_no: int, by: str, at: dt.datetime, state: str, source: str, question: str, receipt: str, note: str
) -> None:  # fmt: skip
    with con.cursor() as cursor:
        cursor.execute(
            "INSERT INTO services.identity_check (dossier_no, at, by, state, source, question, receipt, note)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [dossier_no, at, by, state, source, question or None, receipt, note],
        )
