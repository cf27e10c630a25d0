"""Requests of data subjects: taken in, answered in time, done or refused with the law. One transaction each.

Rows are only added: a request, then its steps; the state is what the last step says. A restriction or an objection
that is granted stops the register's door for its purposes; a correction becomes a task of the worklists.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dancu.platform.access.rights import check_right
from dancu.platform.consent import acting, paper, services, states
from dancu.platform.consent.asked_for import (
    Request,
    by_receipt,
    find,
    listed,
    of_citizen,
    rows,
    steps,
    task_of,
)
from dancu.platform.consent.errors import BadPaper, ConsentError, NotOpen
from dancu.platform.register.parts import ask
from dancu.platform.register.words_of import label
from dancu.platform.worklists.evidence import Clean
from dancu.reference import privacy

__all__ = [
    "Ask",
    "Request",
    "by_receipt",
    "do_act",
    "find",
    "listed",
    "of_citizen",
    "steps",
    "submit",
    "task_of",
]

WORK = "subject_request.work"
STOPPING = ("restriction", "objection")
LONGEST = 2000


@dataclass(frozen=True)
class Ask:
    """What an officer or the person asks for about a request: the action, and the step that was seen last."""

    action: str
    event_id: UUID
    n: int
    reason: str = ""
    law: str = ""
    purposes: tuple[str, ...] = ()


@transaction.atomic
def submit(
    *, citizen_id: str | UUID, kind: str, by: Any, at: dt.datetime, event_id: UUID, words: str = "",
    purposes: Sequence[str] = (), fields: Mapping[str, str] | None = None, consent_no: int | None = None,
    actor: str | UUID | None = None, basis: str = "", form_no: str = "", scan: Clean | None = None,
) -> Request:  # fmt: skip
    """Take it in; the same event a second time gives the first one's request.

    `form_no`: it came on paper (an officer writes it down), else on the citizen's page. Raises NotTheirs,
    ConsentError, Refused.
    """
    if known := rows("r.event_id = %s::uuid", str(event_id)):
        return known[0]
    check_right(by, services.RECORD if form_no else services.OWN)
    day = timezone.localdate(at)
    law = privacy.deadline(kind, on=day)
    _check(kind, words, purposes, fields or {}, consent_no)
    person = str(ask("SELECT register.went(%s::uuid)::text AS id", str(citizen_id))[0]["id"])
    who = acting.giver(citizen_id=person, actor=actor, on=day, basis=basis if form_no else "")
    scan_no = paper.keep_scan(citizen_id=person, scan=scan, by=by) if scan else None
    if form_no and scan_no is None:
        raise BadPaper(_("Đính kèm ảnh hoặc bản quét của đơn giấy."))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO consent.request (event_id, citizen_id, kind, purposes, consent_no, fields, words, channel,"
            " given_by, relation, form_no, scan_no, recorded_by, respond_by, due_on, law)"
            " VALUES (%s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                str(event_id), person, kind, list(purposes), consent_no, _json(fields or {}),
                words.strip()[:LONGEST], "paper" if form_no else "page", who.citizen_id, who.relation,
                form_no.strip() or None, scan_no, by.username, law.respond(day), law.due(day), law.law,
            ],
        )  # fmt: skip
    made = rows("r.event_id = %s::uuid", str(event_id))[0]
    _begin(made, by=by, at=at, actor=actor, event_id=event_id)
    return made


def _check(
    kind: str, words: str, purposes: Sequence[str], fields: Mapping[str, str], consent_no: int | None
) -> None:  # fmt: skip
    if kind in STOPPING and not purposes:
        raise ConsentError(_("Chọn ít nhất một mục đích cần hạn chế hoặc phản đối."))
    if kind == "correction" and not fields:
        raise ConsentError(_("Ghi ít nhất một thông tin cần sửa và nội dung đúng."))
    if kind == "withdrawal" and consent_no is None:
        raise ConsentError(_("Chọn sự đồng ý cần rút."))
    if kind in ("objection", "deletion") and not words.strip():
        raise ConsentError(_("Ghi lý do hoặc nội dung đề nghị."))


def _begin(made: Request, *, by: Any, at: dt.datetime, actor: Any, event_id: UUID) -> None:
    """What follows at once: the consent ends, the task stands ready."""
    if made.kind == "withdrawal" and made.consent_no is not None:
        services.withdraw(
            consent_no=made.consent_no, by=by, at=at, event_id=event_id, actor=actor, channel=made.channel,
            reason=made.words,
        )  # fmt: skip
    if made.kind == "correction":
        said = "; ".join(f"{label(f)}: {v}" for f, v in made.fields.items())
        words = f"{said}. {made.words}".strip()
        ask("SELECT consent.open_task(%s, %s)", made.request_no, words)


@transaction.atomic
def do_act(*, request_no: int, by: Any, at: dt.datetime, ask_for: Ask) -> Request:
    """Do it. Raises NotOpen, ConsentError, Refused; nothing is changed then."""
    done = ask(
        "SELECT request_no FROM consent.request_step WHERE event_id = %s::uuid",
        str(ask_for.event_id),
    )
    found = find(done[0]["request_no"] if done else request_no)
    if found is None:
        raise NotOpen(_("Không có yêu cầu này trong phạm vi của bạn."))
    if done:
        return found
    check_right(by, services.OWN if _is_citizen(by) else WORK)
    if _is_citizen(by) and ask_for.action != "cancel":
        raise NotOpen(_("Không có thao tác này."))
    after = _allowed(found, ask_for)
    due, detail = found.due_on, {}
    if ask_for.action == "extend":
        due = _extended(found, timezone.localdate(at))
    if ask_for.action == "fulfil":
        detail = _fulfil(found, by, ask_for)
    if ask_for.action == "lift":
        _lift(found, by, ask_for.reason)
    _step(found, ask_for, after, by, due, detail)
    if found.kind == "correction" and after not in states.REQUEST.open:
        _close_task(found.request_no)
    return find(found.request_no) or found


def _is_citizen(by: Any) -> bool:
    return "citizen" in by.roles_today


def _allowed(found: Request, wanted: Ask) -> str:
    if wanted.action not in states.REQUEST.moves:
        raise NotOpen(_("Không có thao tác này."))
    if wanted.n != found.n:
        raise NotOpen(_("Yêu cầu đã có người khác xử lý sau khi bạn mở. Xem lại rồi làm tiếp."))
    after = states.REQUEST.moves.after(found.state, wanted.action)
    if after is None or (wanted.action == "lift" and found.kind not in STOPPING):
        raise NotOpen(
            _("Yêu cầu đang ở trạng thái «%(state)s», không thực hiện được «%(action)s».")
            % {"state": states.REQUEST.states[found.state], "action": states.REQUEST.actions[wanted.action]}
        )  # fmt: skip
    if wanted.action in states.NEEDS_REASON and len(wanted.reason.strip()) < 5:
        raise ConsentError(_("Ghi lý do, ít nhất năm ký tự."))
    if wanted.action in states.NEEDS_LAW and len(wanted.law.strip()) < 5:
        raise ConsentError(_("Từ chối phải nêu căn cứ: điều, khoản, tên văn bản."))
    return after


def _extended(found: Request, today: dt.date) -> dt.date:
    """Once, before the last day, by what the law of the day of receipt allows."""
    days = privacy.deadline(found.kind, on=timezone.localdate(found.received_at)).extension_days
    if found.extended or not days:
        raise NotOpen(_("Yêu cầu này không gia hạn được nữa. Thực hiện hoặc từ chối có căn cứ."))
    if today > found.due_on:
        raise NotOpen(_("Đã quá hạn nên không gia hạn được. Thực hiện hoặc từ chối có căn cứ."))
    return found.due_on + dt.timedelta(days=days)


def _fulfil(found: Request, by: Any, wanted: Ask) -> dict[str, Any]:
    if found.kind in STOPPING:
        return {"purposes": _restrict(found, by, wanted.purposes or found.purposes)}
    if found.kind == "correction":
        told = task_of(found.request_no)
        if told and told["state"] in ("waiting_second", "waiting_source", "referred"):
            raise NotOpen(_("Việc sửa dữ liệu chưa xong. Hoàn thành việc đó rồi trả lời công dân."))
        if told and not told["fixes"]:
            raise NotOpen(
                _(
                    "Chưa sửa dữ liệu nào theo yêu cầu này. Sửa ở việc đã giao, hoặc từ chối có căn cứ."
                )
            )
    if found.kind == "deletion" and len(wanted.reason.strip()) < 5:
        raise ConsentError(_("Ghi dữ liệu nào đã xóa, ở đâu."))
    return {}


def _restrict(found: Request, by: Any, purposes: Sequence[str]) -> list[str]:
    if unasked := set(purposes) - set(found.purposes):
        told = {"what": ", ".join(sorted(unasked))}
        raise ConsentError(_("Công dân không yêu cầu với mục đích: %(what)s.") % told)
    with connection.cursor() as cursor:
        for purpose in purposes:
            cursor.execute(
                "INSERT INTO consent.restriction (request_no, citizen_id, purpose, by) VALUES (%s, %s, %s, %s)",
                [found.request_no, found.citizen_id, purpose, by.username],
            )
    return list(purposes)


def _lift(found: Request, by: Any, reason: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO consent.restriction_end (restriction_no, by, reason)"
            " SELECT r.restriction_no, %s, %s FROM consent.restriction r WHERE r.request_no = %s"
            " AND NOT EXISTS (SELECT 1 FROM consent.restriction_end e WHERE e.restriction_no = r.restriction_no)",
            [by.username, reason.strip(), found.request_no],
        )


def _step(
    found: Request, wanted: Ask, after: str, by: Any, due: dt.date, detail: dict[str, Any]
) -> None:
    """Of two who act at once the number of the step lets one through."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO consent.request_step (request_no, n, event_id, action, state_before, state_after, by, reason,"
            " law, due_on, detail) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb)"
            " ON CONFLICT (request_no, n) DO NOTHING",
            [
                found.request_no, found.n + 1, str(wanted.event_id), wanted.action, found.state, after, by.username,
                wanted.reason.strip()[:LONGEST], wanted.law.strip()[:300], due, _json(detail),
            ],
        )  # fmt: skip
        if cursor.rowcount != 1:
            raise NotOpen(_("Yêu cầu đã có người khác xử lý sau khi bạn mở. Xem lại rồi làm tiếp."))


def _close_task(request_no: int) -> None:
    from dancu.platform.worklists import making

    person = ask("SELECT consent.close_task(%s) AS id", request_no)[0]["id"]
    if person is not None:
        # The owner's connection would wait for the task's row: only once it is let go.
        transaction.on_commit(lambda: making.refresh_tasks(persons=[person]))


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False)
