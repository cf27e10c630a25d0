"""What is done with cards: row, step and ledger entry in one transaction; nothing here reads the clock."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from dancu.kit.people import Citizen
from dancu.kit.web import check_right
from dancu.sectors.demo import workflow
from dancu.sectors.demo.models import Card, Step

WORK = "demo.work"
PURPOSE = "demo"
SHORTEST_REASON = 5


class CardError(Exception):
    """It cannot be done; the message says why and what to do next."""


@dataclass(frozen=True)
class Ask:
    """An action asked for: the event's id, the version of the card that was on the screen, why."""

    action: str
    version: int
    event_id: UUID
    reason: str = ""


@transaction.atomic
def do_ask(*, citizen: Citizen, event_id: UUID, by: Any, at: dt.datetime) -> Card:
    """A card for a person who was handed out by the door; the same event again answers as the first time."""
    if (done := Step.objects.filter(event_id=event_id).first()) is not None:
        return done.card
    if citizen.unit_code is None:
        raise CardError(_("Người này chưa có nơi thường trú trong sổ; sửa hồ sơ dân cư trước."))
    check_right(by, WORK, unit=citizen.unit_code)
    if Card.objects.filter(citizen_id=citizen.citizen_id).exclude(state__in=workflow.CLOSED):
        raise CardError(_("Người này đã có thẻ thư viện. Tìm trong danh sách rồi mở ra."))
    card = Card.objects.create(
        citizen_id=citizen.citizen_id, unit_code=citizen.unit_code, asked_at=at
    )
    _step(card, Ask("ask", 1, event_id), by, at)
    return card


@transaction.atomic
def do_act(*, card_id: int, ask: Ask, by: Any, at: dt.datetime) -> Card:
    """Move a card on. Raises CardError, Refused, Card.DoesNotExist; nothing is changed then."""
    card = Card.objects.select_for_update().get(pk=card_id)
    check_right(by, WORK, unit=card.unit_code)
    if Step.objects.filter(event_id=ask.event_id).exists():
        return card
    _check(card, ask)
    card.state = workflow.MOVES[ask.action].to
    card.version += 1
    if card.state == workflow.ISSUED and card.issued_at is None:
        card.issued_at = at
    if card.state in workflow.CLOSED:
        card.closed_at = at
    card.save()
    _step(card, ask, by, at)
    return card


def _check(card: Card, ask: Ask) -> None:
    if card.version != ask.version:
        raise CardError(_("Đã có người khác xử lý sau khi bạn mở. Xem lại rồi làm tiếp."))
    if workflow.MOVES.after(card.state, ask.action) is None:
        raise CardError(_("Thao tác này không mở ở trạng thái hiện tại."))
    if (
        workflow.MOVES[ask.action].needs_reason
        and len(" ".join(ask.reason.split())) < SHORTEST_REASON
    ):
        raise CardError(_("Ghi lý do, ít nhất năm ký tự."))


def _step(card: Card, ask: Ask, by: Any, at: dt.datetime) -> None:
    Step.objects.create(
        card=card, event_id=ask.event_id, action=ask.action, state_after=card.state, by=by.username, at=at,
        reason=" ".join(ask.reason.split())[:500],
    )  # fmt: skip
