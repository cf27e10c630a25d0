"""What is done to a dossier: filed, then one action after the other, each checked against the table of moves.

One transaction an action: the row is locked, the version that was on the screen must still hold, the move is written,
the kept figures follow by a trigger, and whoever has asked to be told (`listeners`) hears of it before the commit.
The same event a second time changes nothing and answers as the first time.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils.translation import gettext as _

from dancu.kit.web import check_right
from dancu.reference import services, working_time
from dancu.reference.terms import term
from dancu.sectors.public_services import clock, dossiers, workflow
from dancu.sectors.public_services.dossiers import Dossier, aware, local
from dancu.sectors.public_services.errors import Changed, NotOpen, ServiceError

SHORTEST_REASON = 5
RIGHTS = {"officer": "dossier.work", "leader": "dossier.sign"}
PROVINCE_CODE = "H02"
"""The province's letter and number in dossier codes (Circular 01/2018/TT-VPCP); the rest is the unit's code, ours."""


@dataclass(frozen=True)
class Actor:
    """Who acts, and as what: citizen, officer, leader or system. `user` None: the citizen's own page, or the worker."""

    name: str
    role: str
    user: Any = None


@dataclass(frozen=True)
class Ask:
    """An action asked for: the event's id, the version of the dossier that was on the screen, what it brings."""

    action: str
    version: int
    event_id: UUID = field(default_factory=uuid4)
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Filing:
    """A dossier to be filed. `place`: the commune whose officers see it; `unit_code`: who handles it."""

    procedure: str
    place: str
    unit_code: str
    channel: int
    applicant: UUID | None
    applicant_name: str
    form: Mapping[str, Any]
    filed_by: UUID | None = None
    saved_papers: int = 0
    paper_reason: str = ""
    bundle: int | None = None
    event_id: UUID = field(default_factory=uuid4)


Listener = Callable[[Dossier, str, Actor], None]
listeners: list[Listener] = []
"""Called in the transaction with the dossier as it is now, the action, and who acted: notices, events, linked parts."""


@transaction.atomic
def do_file(*, filing: Filing, by: Actor, at: dt.datetime) -> Dossier:
    """File it; the dossier has its code then. Raises ReferenceDataError, Refused."""
    _may(by, ("citizen", "officer", "system"))
    if (done := _done(filing.event_id)) is not None:
        return dossiers.get(done)
    procedure = services.get(filing.procedure, on=local(at).date())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO services.dossier (code, procedure, version, essential, procedure_group, place, unit_code,"
            " channel, applicant, applicant_name, filed_by, form, status, filed_at, saved_papers, paper_reason, bundle)"
            " VALUES (services.next_code(%s, %s), %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
            " RETURNING dossier_no",
            [
                agency_code(filing.unit_code), local(at).date(), procedure.code, procedure.version,
                procedure.essential_id, procedure.group, filing.place, filing.unit_code, filing.channel,
                filing.applicant, filing.applicant_name, filing.filed_by, json.dumps(dict(filing.form)),
                workflow.FILED, at, filing.saved_papers, filing.paper_reason, filing.bundle,
            ],
        )  # fmt: skip
        (number,) = cursor.fetchone()
    made = dossiers.get(number)
    _write_move(made, "file", None, by, Ask("file", 0, filing.event_id), at)
    _tell(made, "file", by)
    return made


@transaction.atomic
def do_act(*, dossier_no: int, by: Actor, ask: Ask, at: dt.datetime) -> Dossier:
    """Do it. Raises NoDossier, Changed, NotOpen, ServiceError, Refused; nothing is changed then."""
    before = dossiers.get(dossier_no, lock=True)
    if _done(ask.event_id) is not None:
        return before
    move = _open(before, ask, by)
    _brings(before, move, ask, at)
    changed: dict[str, Any] = {"status": move.to or before.status}
    changed |= _timed(before, changed["status"], at) | _own(before, ask, by, at)
    changed |= _told_at_the_end(before, changed, at)
    _update(before, changed)
    now = dossiers.get(dossier_no)
    _write_move(now, ask.action, before.status, by, ask, at)
    _tell(now, ask.action, by)
    return now


def agency_code(unit_code: str) -> str:
    """What a dossier's code begins with for a unit.

    >>> agency_code("07204"), agency_code("24")
    ('H02.07.204', 'H02')
    """
    return (
        f"{PROVINCE_CODE}.{unit_code[:2]}.{unit_code[2:]}" if len(unit_code) == 5 else PROVINCE_CODE
    )


def open_actions(dossier: Dossier, role: str) -> list[str]:
    """What `role` may do now, in the order of the table."""
    return [
        name for name, move in workflow.MOVES.open_in(dossier.status).items()
        if role in move.who and not (name in workflow.ONCE and dossier.extended)
    ]  # fmt: skip


# --- what must hold ---


def _may(by: Actor, roles: tuple[str, ...]) -> None:
    if by.role not in roles:
        raise NotOpen(_("Thao tác này không dành cho vai trò của bạn."))
    if by.role in RIGHTS:
        check_right(by.user, RIGHTS[by.role])


def _open(dossier: Dossier, ask: Ask, by: Actor) -> workflow.Move:
    move = workflow.MOVES.get(ask.action)
    if move is None:
        raise NotOpen(_("Không có thao tác này."))
    _may(by, move.who)
    if dossier.version_no != ask.version:
        raise Changed(_("Hồ sơ đã có người khác xử lý sau khi bạn mở. Xem lại rồi làm tiếp."))
    if workflow.MOVES.after(dossier.status, ask.action) is None:
        status = services.statuses()[dossier.status].name_vi
        raise NotOpen(
            _("Hồ sơ đang ở trạng thái «%(status)s», không thực hiện được «%(action)s».")
            % {"status": status, "action": move.name_vi}
        )
    if ask.action in workflow.ONCE and dossier.extended:
        raise NotOpen(_("Hồ sơ chỉ được gia hạn một lần."))
    if ask.action == "sign" and dossier.proposed_by in ("", by.name):
        raise NotOpen(_("Người ký phải khác người trình; hồ sơ cần được trình ký trước."))
    if (ask.action == "release" and dossier.holder != by.name) or (
        ask.action == "recall" and dossier.proposed_by != by.name
    ):
        raise NotOpen(_("Chỉ người đã nhận hoặc đã trình mới rút lại được."))
    return move


def _brings(dossier: Dossier, move: workflow.Move, ask: Ask, at: dt.datetime) -> None:
    if "reason" in move.needs and len(ask.reason.strip()) < SHORTEST_REASON:
        raise ServiceError(_("Ghi lý do, ít nhất năm ký tự."))
    for name, text in (
        ("law", _("Ghi căn cứ pháp lý.")),
        ("papers", _("Ghi rõ giấy tờ cần bổ sung, trong một lần.")),
        ("unit", _("Chọn cơ quan nhận hồ sơ.")),
        ("due", _("Chọn ngày hẹn mới.")),
    ):
        if name in move.needs and not ask.data.get(name):
            raise ServiceError(text)
    if ask.action == "ask_supplement" and not workflow.may_ask_again(
        dossier.supplements, on=local(at).date()
    ):
        raise NotOpen(
            _("Chỉ được yêu cầu bổ sung một lần; hãy xử lý, hoặc dừng với căn cứ pháp lý.")
        )
    if "due" in move.needs:
        _check_due(dossier, ask, at)


def _check_due(dossier: Dossier, ask: Ask, at: dt.datetime) -> None:
    new: dt.date = ask.data["due"]
    old = local(dossier.due_at) if dossier.due_at else local(at)
    if new <= old.date():
        raise ServiceError(_("Ngày hẹn mới phải sau ngày %(day)s.") % {"day": f"{old:%d/%m/%Y}"})
    ahead = term("apology_ahead", on=local(at).date())
    early = old.date() >= ahead.after(local(at).date())
    if ask.action == "apologise" and not early and not ask.data.get("late"):
        raise ServiceError(
            _(
                "Văn bản xin lỗi phải có trước hạn trả ít nhất %(n)s ngày; đã quá thì đánh dấu «xin lỗi muộn»."
            )
            % {"n": ahead.amount}
        )


# --- what changes ---


def _timed(dossier: Dossier, status: int, at: dt.datetime) -> dict[str, Any]:
    """The clock: it starts, stands, goes on, ends."""
    made: dict[str, Any] = {}
    begins = status in (*workflow.RUNNING, workflow.PAYMENT)
    if dossier.accepted_at is None and begins:
        made["accepted_at"] = at
        made["due_at"] = aware(dossier.procedure_then.due(local(at)))
    was, now = dossier.paused_at is not None, status in workflow.PAUSED
    if now and not was:
        made["paused_at"] = at
    if was and not now:
        made["paused_at"] = None
        if dossier.due_at is not None and dossier.paused_at is not None:
            moved = clock.resumed_due(
                local(dossier.due_at), paused_at=local(dossier.paused_at), resumed_at=local(at)
            )
            made["due_at"] = aware(moved)
    if status in workflow.ENDED and dossier.ended_at is None:
        made["ended_at"] = at
    if status == workflow.RETURNED:
        made["returned_at"] = at
    return made


def _own(dossier: Dossier, ask: Ask, by: Actor, at: dt.datetime) -> dict[str, Any]:
    """What only this action changes."""
    data = ask.data
    match ask.action:
        case "take":
            return {"holder": by.name}
        case "forward":
            return {"step": dossier.step + 1, "holder": str(data.get("to", "")), "proposed_by": ""}
        case "transfer":
            return {
                "unit_code": data["unit"],
                "place": data.get("place", data["unit"]),
                "holder": "",
            }
        case "ask_supplement":
            return {"supplements": dossier.supplements + 1}
        case "extend":
            return {"due_at": _closing(data["due"]), "extended": True}
        case "apologise":
            return {"promised_at": _closing(data["due"])}
        case "propose":
            return {"proposed_by": by.name}
        case "send_back" | "recall":
            return {"proposed_by": ""}
        case "release":
            return {"holder": "", "proposed_by": ""}
        case "sign":
            return {"electronic_result": bool(data.get("electronic", True))}
        case "paid":
            return {"paid_online": bool(data.get("online", False))}
    return {}


def _closing(day: dt.date) -> dt.datetime:
    return aware(dt.datetime.combine(day, working_time.hours(day).closing))


def _told_at_the_end(
    dossier: Dossier, changed: Mapping[str, Any], at: dt.datetime
) -> dict[str, Any]:
    """How long it took and whether it was in time, of a dossier that was received and ends now."""
    if "ended_at" not in changed or dossier.accepted_at is None:
        return {}
    end, due = local(at), changed.get("due_at", dossier.due_at)
    turns = [*dossiers.turns(dossier.dossier_no), clock.Turn(changed["status"], end)]
    spent = working_time.minutes_between(local(dossier.accepted_at), end)
    return {
        "minutes": max(0, spent - clock.awaited_minutes(turns, until=end)),
        "on_time": clock.on_time(
            turns, due=local(due) if due else None, supplements=dossier.supplements, until=end
        ),
    }


def _update(dossier: Dossier, changed: Mapping[str, Any]) -> None:
    sets = ", ".join(f"{name} = %s" for name in changed)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE services.dossier SET {sets}, version_no = version_no + 1 WHERE dossier_no = %s",
            [*changed.values(), dossier.dossier_no],
        )


def _done(event_id: UUID) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT dossier_no FROM services.move WHERE event_id = %s", [event_id])
        row = cursor.fetchone()
    return row[0] if row else None


def _write_move(
    dossier: Dossier, action: str, before: int | None, by: Actor, ask: Ask, at: dt.datetime
) -> None:
    detail = {name: str(value) for name, value in ask.data.items()}
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO services.move (dossier_no, event_id, action, status_before, status_after, at, by, role,"
            " reason, detail) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [dossier.dossier_no, ask.event_id, action, before, dossier.status, at, by.name, by.role,
             ask.reason.strip(), json.dumps(detail)],
        )  # fmt: skip


def _tell(dossier: Dossier, action: str, by: Actor) -> None:
    for listener in listeners:
        listener(dossier, action, by)
