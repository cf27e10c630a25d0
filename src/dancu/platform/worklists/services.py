"""What officers do to tasks: lock the row, check what was seen, act, write the step. One transaction each.

Every action names an event; the same event a second time changes nothing and answers as the first time. The version
of the task that the officer saw must still hold, so of two officers on one task one acts and the other is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dancu.platform.access import territory
from dancu.platform.access.rights import check_right
from dancu.platform.worklists import fixing, making, states
from dancu.platform.worklists.effects import unit_score
from dancu.platform.worklists.errors import Changed, NotOpen, WorklistError
from dancu.platform.worklists.models import CorrectionRequest, Fix, Task, TaskStep
from dancu.platform.worklists.reading import lines, open_rules

UNDO_FOR = dt.timedelta(days=1)
SHORTEST_REASON = 5


@dataclass(frozen=True)
class Ask:
    """What an officer asks for: the action, the event's id, the version of the task that was on the screen."""

    action: str
    event_id: UUID
    version: int
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


def do_act(*, task_id: int, by: Any, ask: Ask) -> TaskStep:
    """Do it. Raises Changed, NotOpen, WorklistError, fixing.NotTaken, Refused; nothing is changed then."""
    with transaction.atomic():
        task = Task.objects.select_for_update().get(pk=task_id)
        if (done := TaskStep.objects.filter(event_id=ask.event_id).first()) is not None:
            return done
        check_right(by, _RIGHTS.get(ask.action, "task.work"))
        _check(task, ask)
        before = task.state
        detail = _DO[ask.action](task, by, ask) if ask.action in _DO else {}
        if ask.action == "fix" and detail.get("second"):
            ask = Ask("propose", ask.event_id, ask.version, ask.reason, ask.data)
        _move(task, ask.action, by.username)
        step = TaskStep.objects.create(
            task=task, event_id=ask.event_id, action=ask.action, state_before=before, state_after=task.state,
            by=by.username, reason=ask.reason.strip(), detail=detail,
        )  # fmt: skip
        # The owner's connection would wait for this row: only once it is let go.
        transaction.on_commit(making.follow_events)
        return step


def _check(task: Task, ask: Ask) -> None:
    if ask.action not in OFFICERS:
        raise NotOpen(_("Không có thao tác này."))
    if task.version != ask.version:
        last = task.steps.order_by("-at", "-id").first()
        raise Changed(_("Việc đã có người khác xử lý sau khi bạn mở. Xem lại rồi làm tiếp."), last)
    if states.MOVES.after(task.state, ask.action) is None:
        raise NotOpen(
            _("Việc đang ở trạng thái «%(state)s», không thực hiện được «%(action)s».")
            % {"state": states.STATES[task.state], "action": states.ACTIONS[ask.action]}
        )
    if ask.action in states.NEEDS_REASON and len(ask.reason.strip()) < SHORTEST_REASON:
        raise WorklistError(_("Ghi lý do, ít nhất năm ký tự."))


def _move(task: Task, action: str, by: str) -> None:
    task.state = states.MOVES.after(task.state, action) or task.state
    task.version += 1
    task.changed_at, task.changed_by = timezone.now(), by
    task.closed_at = timezone.now() if task.state in states.CLOSED else None
    task.save()


# --- one action each: changes the task, gives what the step keeps ---


def _take(task: Task, by: Any, ask: Ask) -> dict[str, Any]:
    task.assigned_to = task.assigned_to or by.username
    return {}


def _assign(task: Task, by: Any, ask: Ask) -> dict[str, Any]:
    from dancu.platform.accounts.models import User

    user = User.objects.filter(username=ask.data.get("to", ""), is_active=True).first()
    if user is None:
        raise WorklistError(_("Không có cán bộ này. Chọn lại người được giao."))
    check_right(user, "task.work", unit=task.at_unit)
    task.assigned_to = user.username
    return {"to": user.username}


def _visit(task: Task, by: Any, ask: Ask) -> dict[str, Any]:
    task.house_visit = True
    task.fix_due = states.due(timezone.localdate(task.created_at), visit=True).fix
    return {"fix_due": task.fix_due.isoformat()}


def _refer(task: Task, by: Any, ask: Ask) -> dict[str, Any]:
    to = str(ask.data.get("unit", "")).strip()
    if territory.communes(to) != frozenset({to}) or to == task.at_unit:
        raise WorklistError(_("Chọn mã của một xã, phường, thị trấn khác, ví dụ 07210."))
    before = task.at_unit
    task.with_unit = "" if to == task.unit_code else to
    task.assigned_to = ""
    due = states.due(timezone.localdate())
    task.review_due, task.fix_due = due.review, due.fix
    return {"from": before, "to": to}


def _fix(task: Task, by: Any, ask: Ask) -> dict[str, Any]:
    note = ask.reason.strip()
    if len(note) < SHORTEST_REASON:
        raise WorklistError(_("Ghi căn cứ: giấy tờ đã xem, số, ngày cấp."))
    values = fixing.read_values(ask.data.get("values", {}))
    if not values:
        raise WorklistError(_("Chưa có giá trị nào được sửa. Ghi giá trị đúng, hoặc chọn thao tác khác."))  # fmt: skip
    second = fixing.needs_second(values)
    fix = Fix.objects.create(
        task=task, event_id=ask.event_id, values=values, note=note, by=by.username, state="waiting",
        name_before=_name(task),
    )  # fmt: skip
    told: dict[str, Any] = {"fields": sorted(values), "fix": fix.pk}
    return {**told, "second": True} if second else {**told, **_apply(task, fix, by.username)}


def _name(task: Task) -> str:
    found = lines([task.pk]).get(task.pk)
    return (found.full_name or "") if found else ""


def _confirm(task: Task, by: Any, ask: Ask) -> dict[str, Any]:
    fix = _waiting(task, by)
    fix.second_by, fix.second_at = by.username, timezone.now()
    return {"fields": sorted(fix.values), "fix": fix.pk, **_apply(task, fix, by.username)}


def _decline(task: Task, by: Any, ask: Ask) -> dict[str, Any]:
    fix = _waiting(task, by)
    fix.second_by, fix.second_at, fix.state = by.username, timezone.now(), "declined"
    fix.save()
    return {"fields": sorted(fix.values), "fix": fix.pk}


def _waiting(task: Task, by: Any) -> Fix:
    fix = task.fixes.filter(state="waiting").first()
    if fix is None:
        raise NotOpen(_("Không có đề nghị nào chờ xác nhận."))
    check_right(by, "identity.close", unit=task.unit_code)
    if fix.by == by.username:
        raise WorklistError(_("Người đề nghị không tự xác nhận được. Cần một người khác."))
    return fix


def _apply(task: Task, fix: Fix, by: str) -> dict[str, Any]:
    """Into the register; what closed and how the score moved."""
    earlier = list(task.fixes.filter(state="applied").order_by("applied_at", "id"))
    on = territory.register_day()
    score, rules = unit_score(task.unit_code, on), open_rules(task.pk)
    outcome = fixing.record_fix(task, fix, earlier=earlier, by=by)
    left = open_rules(task.pk)
    fix.record_id, fix.state, fix.applied_at = outcome.records[0], "applied", timezone.now()
    fix.score_before, fix.score_after = score, unit_score(task.unit_code, on)
    closed, opened = sorted(set(rules) - set(left)), sorted(set(left) - set(rules))
    fix.closed = len(closed)
    fix.save()
    return {"closed": closed, "opened": opened, "before": score, "after": fix.score_after}


def _undo(task: Task, by: Any, ask: Ask) -> dict[str, Any]:
    fix = task.fixes.filter(state="applied").order_by("-applied_at", "-id").first()
    if fix is None or timezone.now() - fix.applied_at > UNDO_FOR:
        raise NotOpen(_("Không có lần sửa nào trong một ngày qua để rút lại."))
    if by.username not in (fix.by, fix.second_by):
        check_right(by, "task.assign", unit=task.unit_code)
    others = list(
        task.fixes.filter(state="applied").exclude(pk=fix.pk).order_by("applied_at", "id")
    )
    on = territory.register_day()
    score = unit_score(task.unit_code, on)
    fixing.take_out(task, fix, others=others, by=by.username)
    fix.state = "undone"
    fix.save()
    left = open_rules(task.pk)
    return {"fix": fix.pk, "opened": left, "before": score, "after": unit_score(task.unit_code, on)}


def _send_back(task: Task, by: Any, ask: Ask) -> dict[str, Any]:
    from dancu.platform.worklists.requests import do_request

    request = do_request(task=task, by=by, event_id=ask.event_id, data=ask.data, reason=ask.reason)
    return {"request": request.pk, "source": request.source, "field": request.field}


def _judged_by_another(task: Task, by: Any, ask: Ask) -> dict[str, Any]:
    last = task.steps.filter(action="not_an_error").order_by("-at", "-id").first()
    check_right(by, "task.assign", unit=task.unit_code)
    if last is not None and last.by == by.username:
        raise WorklistError(_("Người báo không phải lỗi không tự kết luận được. Cần một người khác."))  # fmt: skip
    return {}


_DO: dict[str, Callable[[Task, Any, Ask], dict[str, Any]]] = {
    "take": _take,
    "assign": _assign,
    "visit": _visit,
    "refer": _refer,
    "fix": _fix,
    "confirm": _confirm,
    "decline": _decline,
    "undo": _undo,
    "send_back": _send_back,
    "agree": _judged_by_another,
    "reject": _judged_by_another,
}
_RIGHTS = {
    "assign": "task.assign",
    "agree": "task.assign",
    "reject": "task.assign",
    "confirm": "identity.close",
    "decline": "identity.close",
}
OFFICERS = frozenset({*_DO, "cannot_fix", "not_an_error"})
"""What a person may ask for; the rest of the table happens by itself."""


def requests_of(task: Task) -> list[CorrectionRequest]:
    """What was sent back about the task's person."""
    return list(task.requests.all())
