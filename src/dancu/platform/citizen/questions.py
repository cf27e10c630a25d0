"""Questions of citizens about looks at their data: asked on their page, answered by the auditor in working days."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dancu.platform.access.rights import check_right
from dancu.platform.citizen.looks import Look
from dancu.platform.citizen.models import Question
from dancu.platform.citizen.own import RIGHT, Own
from dancu.platform.register.words_of import without_numbers
from dancu.platform.ui.formats import moment
from dancu.reference.terms import term

MOST_OPEN = 20
ANSWER = "audit.read"
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No sign that is taken for another when it is read out on the telephone."""


class QuestionError(ValueError):
    """What cannot be asked or answered; the message is shown."""


@transaction.atomic
def do_ask(*, by: Own, on: dt.date, look: Look, event_id: UUID, words: str) -> Question:
    """Keep it; the same event a second time gives the first one's question."""
    check_right(by, RIGHT)
    if known := Question.objects.filter(event_id=event_id).first():
        return known
    if Question.objects.filter(state="sent").count() >= MOST_OPEN:
        raise QuestionError(_("Bạn đang có nhiều câu hỏi chờ trả lời. Chờ trả lời rồi hỏi tiếp."))
    return Question.objects.create(
        code="".join(secrets.choice(_SIGNS) for _n in range(8)), event_id=event_id, citizen_id=by.citizen_id,
        receipt=look.receipt, words=without_numbers(words.strip()), due_on=term("look_question", on=on).after(on),
        about=f"{moment(look.at)} · {look.who} · {look.office} · {look.purpose}",
    )  # fmt: skip


@transaction.atomic
def do_answer(*, code: str, by: Any, on: dt.datetime, answer: str) -> Question:
    """What the citizen will read."""
    check_right(by, ANSWER)
    found = Question.objects.select_for_update(of=("self",)).filter(code=code).first()
    if found is None or found.state != "sent":
        raise QuestionError(_("Câu hỏi không còn chờ trả lời. Tải lại trang."))
    if len(answer.strip()) < 5:
        raise QuestionError(_("Ghi câu trả lời, ít nhất năm ký tự."))
    found.state, found.answer = "answered", answer.strip()
    found.answered_by, found.answered_at = by.username, on
    found.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    return found


def waiting() -> list[Question]:
    """What nobody has answered yet, the most urgent first."""
    return list(Question.objects.filter(state="sent").order_by("due_on", "id")[:100])


def late(found: Question) -> bool:
    """Whether the last day has passed without an answer."""
    return found.state == "sent" and found.due_on < timezone.localdate()
