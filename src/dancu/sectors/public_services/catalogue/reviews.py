"""What is done to a review: proposed by one, decided by another, taken back; every act kept.

One transaction an act: the row is locked, the version that was on the screen must still hold, the act is written.
The same event a second time changes nothing.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from dancu.kit.web import check_right, communes
from dancu.sectors.public_services.catalogue import comparing, effects
from dancu.sectors.public_services.catalogue.effects import Changes, Effect
from dancu.sectors.public_services.catalogue.reading import (
    APPROVED,
    PROPOSED,
    REFUSED,
    WITHDRAWN,
    Period,
    Review,
    dossiers_of,
    get,
)
from dancu.sectors.public_services.errors import Changed, NotOpen, ServiceError

SHORTEST_REASON, SHORTEST_REFUSAL = 10, 5


@dataclass(frozen=True)
class Proposal:
    """What is proposed, for which procedure, by which unit, on the dossiers of which months."""

    procedure: str
    unit_code: str
    changes: Changes
    period: Period
    reason: str
    event_id: UUID


def computed(proposal: Proposal, *, on: dt.date) -> Effect:
    """What it saves; ServiceError when it is no proposal (nothing changed, steps that do not fit)."""
    state = _state(proposal.procedure, on)
    effects.check(proposal.changes, state)
    dossiers = dossiers_of(
        state.procedure.code, unit_code=proposal.unit_code, period=proposal.period
    )
    return effects.effect(proposal.changes, state, dossiers=dossiers, on=on)


@transaction.atomic
def do_propose(*, proposal: Proposal, by: Any, at: dt.datetime, on: dt.date) -> Review:
    """Keep it, with its effect. Raises Refused, ServiceError."""
    check_right(by, "procedure.review", unit=proposal.unit_code)
    if (done := _done(proposal.event_id)) is not None:
        return get(done)
    if len(proposal.reason.strip()) < SHORTEST_REASON:
        raise ServiceError(_("Ghi lý do đề xuất, ít nhất mười ký tự."))
    saved = computed(proposal, on=on)
    code = _state(proposal.procedure, on).procedure
    kept = saved.as_json() | {
        "from": proposal.period.first.isoformat(),
        "until": proposal.period.until.isoformat(),
    }
    number = _insert(proposal, code.code, code.version, kept, by, at)
    detail = {"changes": proposal.changes.as_json(), "effect": kept}
    _write(number, proposal.event_id, "propose", (None, PROPOSED), by, at, proposal.reason, detail)
    return get(number)


@transaction.atomic
def do_decide(
    *, number: int, approve: bool, reason: str, by: Any, version: int, event_id: UUID, at: dt.datetime
) -> Review:  # fmt: skip
    """A leader approves, or refuses with a reason. Raises NoReview, Changed, NotOpen, ServiceError, Refused."""
    review = get(number, lock=True)
    check_right(by, "procedure.decide", unit=review.unit_code)
    if _done(event_id) is not None:
        return review
    _still(review, version)
    if by.username == review.proposed_by:
        raise NotOpen(_("Người quyết định phải khác người đề xuất."))
    if not approve and len(reason.strip()) < SHORTEST_REFUSAL:
        raise ServiceError(_("Ghi lý do không duyệt, ít nhất năm ký tự."))
    state = APPROVED if approve else REFUSED
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE services.review SET state = %s, decided_by = %s, decided_at = %s, decision_reason = %s,"
            " version_no = version_no + 1 WHERE review_no = %s",
            [state, by.username, at, reason.strip(), number],
        )
    action = "approve" if approve else "refuse"
    _write(number, event_id, action, (PROPOSED, state), by, at, reason, {})
    return get(number)


@transaction.atomic
def do_withdraw(
    *, number: int, reason: str, by: Any, version: int, event_id: UUID, at: dt.datetime
) -> Review:
    """Who proposed it takes it back. Raises NoReview, Changed, NotOpen, Refused."""
    review = get(number, lock=True)
    check_right(by, "procedure.review", unit=review.unit_code)
    if _done(event_id) is not None:
        return review
    _still(review, version)
    if by.username != review.proposed_by:
        raise NotOpen(_("Chỉ người đề xuất rút được đề xuất."))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE services.review SET state = %s, version_no = version_no + 1 WHERE review_no = %s",
            [WITHDRAWN, number],
        )
    _write(number, event_id, "withdraw", (PROPOSED, WITHDRAWN), by, at, reason, {})
    return get(number)


def _insert(
    proposal: Proposal, code: str, version: int, kept: Mapping[str, Any], by: Any, at: dt.datetime
) -> int:
    """The row; one open proposal of a unit for a procedure is kept by the database."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO services.review (procedure, version, unit_code, communes, changes, reason, effect,"
                " proposed_by, proposed_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING review_no",
                [code, version, proposal.unit_code, sorted(communes(proposal.unit_code)),
                 json.dumps(proposal.changes.as_json()), proposal.reason.strip(), json.dumps(kept), by.username, at],
            )  # fmt: skip
            return int(cursor.fetchone()[0])
    except IntegrityError as error:
        raise NotOpen(_("Đơn vị đã có một đề xuất đang chờ quyết định cho thủ tục này.")) from error


def _still(review: Review, version: int) -> None:
    if review.version_no != version:
        raise Changed(_("Đề xuất đã có người khác xử lý sau khi bạn mở. Xem lại rồi làm tiếp."))
    if not review.open:
        raise NotOpen(_("Đề xuất này không còn chờ quyết định."))


def _state(code: str, on: dt.date) -> comparing.State:
    state = comparing.state_on(code, on=on)
    if state is None:
        raise ServiceError(_("Thủ tục này không có hiệu lực trong ngày đã chọn."))
    return state


def _done(event_id: UUID) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT review_no FROM services.review_act WHERE event_id = %s", [event_id])
        row = cursor.fetchone()
    return row[0] if row else None


def _write(
    number: int, event_id: UUID, action: str, states: tuple[str | None, str], by: Any, at: dt.datetime, reason: str,
    detail: Mapping[str, Any],
) -> None:  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO services.review_act (review_no, event_id, action, state_before, state_after, at, by, reason,"
            " detail) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                number,
                event_id,
                action,
                *states,
                at,
                by.username,
                reason.strip(),
                json.dumps(detail),
            ],
        )
