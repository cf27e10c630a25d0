"""What applicants say of a service: a rating of one to five with words, and complaints, which somebody must answer.

Law: Decree 20/2008/NĐ-CP on reflections and proposals about administrative rules, as taken up by Decree 61/2018 article
33 (general knowledge, to be compared): answered within the days of `complaint_answer` in `terms.csv`.
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from dancu.reference.terms import term
from dancu.sectors.public_services.dossiers import Dossier
from dancu.sectors.public_services.errors import NotOpen, ServiceError

ANSWER = "complaint_answer"
SHORTEST = 10
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True)
class Complaint:
    """A complaint and its answer."""

    complaint_no: int
    code: str
    dossier_no: int
    words: str
    at: dt.datetime
    due_on: dt.date
    answer: str
    answered_by: str
    answered_at: dt.datetime | None
    dossier_code: str
    holder: str
    procedure: str
    unit_code: str
    filed_at: dt.datetime

    def is_late(self, *, on: dt.date) -> bool:
        """Whether an answer is overdue."""
        return self.answered_at is None and self.due_on < on

    def days_left(self, *, on: dt.date) -> int:
        """Until the answer is due, as the law counts them: every day; negative once it is overdue."""
        return (self.due_on - on).days


_SELECT = (
    "SELECT c.complaint_no, c.code, c.dossier_no, c.words, c.at, c.due_on, c.answer, c.answered_by, c.answered_at,"
    " d.code, d.holder, d.procedure, d.unit_code, d.filed_at"
    " FROM services.complaint c JOIN services.dossier d USING (dossier_no)"
)


def rating_of(dossier_no: int) -> tuple[int, str] | None:
    """Stars and words, if the dossier was rated."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT stars, words FROM services.rating WHERE dossier_no = %s", [dossier_no]
        )
        return cursor.fetchone()


def do_rate(dossier: Dossier, *, stars: int, words: str, at: dt.datetime) -> None:
    """Once a dossier that has ended; a second press changes nothing."""
    if dossier.ended_at is None:
        raise NotOpen(_("Hồ sơ xong rồi mới đánh giá được."))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO services.rating (dossier_no, stars, words, at) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (dossier_no) DO NOTHING",
            [dossier.dossier_no, stars, words.strip(), at],
        )


def do_complain(
    dossier: Dossier, *, citizen: str, words: str, event_id: UUID, at: dt.datetime, on: dt.date
) -> str:
    """The code of the complaint; the same press again gets the same code."""
    if len(words.strip()) < SHORTEST:
        raise ServiceError(_("Viết rõ hơn điều chưa hài lòng, ít nhất mười ký tự."))
    code = "PA" + "".join(secrets.choice(_LETTERS) for _ in range(8))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO services.complaint (code, event_id, dossier_no, citizen, words, at, due_on)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (event_id) DO NOTHING",
            [
                code,
                event_id,
                dossier.dossier_no,
                citizen,
                words.strip(),
                at,
                term(ANSWER, on=on).after(on),
            ],
        )
        cursor.execute("SELECT code FROM services.complaint WHERE event_id = %s", [event_id])
        row = cursor.fetchone()
    if row is None:
        raise ServiceError(_("Biểu mẫu đã hỏng. Tải lại trang rồi làm lại."))
    return str(row[0])


def complaints_of(dossier_no: int) -> list[Complaint]:
    """The complaints about a dossier that the asker may see."""
    return _listed("c.dossier_no = %s ORDER BY c.complaint_no", dossier_no)


def to_answer(*, most: int = 200) -> list[Complaint]:
    """Complaints about dossiers of the own territory: the open ones by their day, then those answered last."""
    return _listed(
        f"true ORDER BY c.answered_at IS NOT NULL, c.due_on, c.complaint_no DESC LIMIT {int(most)}"
    )


def complaint(code: str) -> Complaint | None:
    """The complaint of this code, if the asker may see it."""
    found = _listed("c.code = %s", code)
    return found[0] if found else None


def do_answer(found: Complaint, *, answer: str, by: str, at: dt.datetime) -> None:
    """Once, and never by whoever holds the dossier. NotOpen, ServiceError."""
    if found.holder == by:
        raise NotOpen(_("Người đang xử lý hồ sơ không tự trả lời phản ánh về hồ sơ đó."))
    if len(answer.strip()) < SHORTEST:
        raise ServiceError(_("Trả lời rõ hơn, ít nhất mười ký tự."))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE services.complaint SET answer = %s, answered_by = %s, answered_at = %s"
            " WHERE complaint_no = %s AND answered_at IS NULL",
            [answer.strip(), by, at, found.complaint_no],
        )
        if not cursor.rowcount:
            raise NotOpen(_("Phản ánh này đã có người trả lời."))


def _listed(which: str, *given: object) -> list[Complaint]:
    with connection.cursor() as cursor:
        cursor.execute(f"{_SELECT} WHERE {which}", [*given])
        return [Complaint(*row) for row in cursor.fetchall()]
