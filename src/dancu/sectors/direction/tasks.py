"""What is done with programme tasks: opened, reported on, accepted by a second person, extended, cancelled.

One transaction an act: the row is locked, the version that was on the screen must still hold, the act is written. The
same event a second time changes nothing. Nothing here reads the clock.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils.translation import gettext as _

from dancu.reference.holidays import is_working_day, working_days_after
from dancu.sectors.direction import acts, may, nightly, places, reading, workflow
from dancu.sectors.direction.acts import TASK, Told
from dancu.sectors.direction.errors import Changed, DirectionError, NotOpen
from dancu.sectors.direction.reading import ORIGINS, Origin, Task

__all__ = [
    "Ask",
    "NewTask",
    "Origin",
    "Task",
    "do_accept",
    "do_cancel",
    "do_extend",
    "do_open",
    "do_report",
    "nightly",
]
SHORTEST = 5


@dataclass(frozen=True)
class NewTask:
    """A task to be given. `due_on`: the last day, or `working_days` after the day it is given.

    `unit_code`: who must do it; `giver_code`: who gives and accepts it (empty: the same unit); both as of `unit_day`
    (None: the day it is given).
    """

    title: str
    unit_code: str
    due_on: dt.date | None = None
    working_days: int | None = None
    origin: Origin = field(default_factory=Origin)
    giver_code: str = ""
    detail: str = ""
    department: str = ""
    unit_day: dt.date | None = None
    event_id: UUID = field(default_factory=uuid4)

    def due(self, on: dt.date) -> dt.date:
        """The last day: a working day."""
        if self.due_on is not None:
            return self.due_on
        if not self.working_days:
            raise DirectionError(_("Ghi hạn hoàn thành, hoặc số ngày làm việc."))
        return working_days_after(on, self.working_days)


@dataclass(frozen=True)
class Ask:
    """An action asked for: the version of the task that was on the screen, the event's id, the words."""

    version: int
    reason: str = ""
    event_id: UUID = field(default_factory=uuid4)


@transaction.atomic
def do_open(*, new: NewTask, by: Any, at: dt.datetime, on: dt.date) -> Task:
    """Give it. Raises DirectionError, Refused."""
    day = new.unit_day or on
    owner, giver = (
        places.ready(code, day) for code in (new.unit_code, new.giver_code or new.unit_code)
    )
    may.check(by, may.GIVE, giver)
    may.check(by, may.GIVE, owner)
    if (known := acts.done(new.event_id)) is not None:
        return reading.get(known)
    due = _checked(new, on)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO direction.task (unit_code, unit_on, giver_code, giver_on, department, title, detail,"
            " origin_kind, origin_id, state, due_on, opened_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'open', %s, %s) RETURNING task_no",
            [*owner.key, *giver.key, new.department.strip(), new.title.strip(), new.detail.strip(),
             new.origin.kind, new.origin.id, due, at],
        )  # fmt: skip
        task_no = int(cursor.fetchone()[0])
    told = Told(
        "open", new.event_id, state=workflow.OPEN, due_on=due,
        detail={"title": new.title.strip(), "giver": giver.unit_code, "origin": [new.origin.kind, new.origin.id]},
    )  # fmt: skip
    acts.write(TASK, task_no, owner, told, by=by, at=at)
    return reading.get(task_no)


def _checked(new: NewTask, on: dt.date) -> dt.date:
    """The due day of a task that can be given."""
    if len(" ".join(new.title.split())) < SHORTEST:
        raise DirectionError(_("Ghi việc phải làm, ít nhất năm ký tự."))
    if new.origin.kind not in ORIGINS or (new.origin.kind == "own") != (new.origin.id is None):
        raise DirectionError(_("Chọn văn bản hoặc kế hoạch mà nhiệm vụ này thực hiện."))
    return _day(new.due(on), on)


def _day(due: dt.date, on: dt.date) -> dt.date:
    if due < on:
        raise DirectionError(_("Hạn hoàn thành không được trước ngày giao."))
    if not is_working_day(due):
        raise DirectionError(
            _("Ngày %(day)s là ngày nghỉ. Chọn một ngày làm việc.") % {"day": f"{due:%d/%m/%Y}"}
        )
    return due


@transaction.atomic
def do_report(
    *, task_no: int, ask: Ask, percent: int, by: Any, at: dt.datetime, on: dt.date, finished: bool = False,
    evidence: bytes | None = None,
) -> Task:  # fmt: skip
    """The owner tells how far it is, or that it is finished, with evidence. Raises NoThing, DirectionError, Refused.

    What is reported as finished counts from the day of the report, once a second person accepts it.
    """
    task = reading.get(task_no, lock=True)
    may.check(by, may.WORK, task.place)
    if acts.done(ask.event_id) is not None:
        return task
    action = "finish" if finished else "report"
    _open(task, action, ask)
    share = 100 if finished else percent
    if not 0 <= share <= (100 if finished else 99):
        raise DirectionError(_("Tiến độ ghi từ 0 đến 99%; làm xong thì báo cáo hoàn thành."))
    detail: dict[str, Any] = {"percent": share}
    if evidence is not None:
        detail["paper"] = acts.keep_paper(TASK, task_no, task.place, evidence, by=by, at=at)
    changed: dict[str, Any] = {"percent": share}
    if finished:
        changed |= {"finished_on": on, "reported_by": by.username}
    return _moved(task, action, changed, ask, detail, by=by, at=at)


@transaction.atomic
def do_accept(*, task_no: int, ask: Ask, accept: bool = True, by: Any, at: dt.datetime) -> Task:
    """The giver accepts what was reported as finished, or returns it; never who reported it. Raises as do_report."""
    task, action = reading.get(task_no, lock=True), "accept" if accept else "return"
    may.check(by, may.GIVE, task.giver)
    if acts.done(ask.event_id) is not None:
        return task
    _open(task, action, ask)
    if by.username == task.reported_by:
        raise NotOpen(_("Người nghiệm thu phải khác người báo cáo."))
    changed: dict[str, Any] = (
        {"accepted_by": by.username, "closed_at": at}
        if accept
        else {"finished_on": None, "reported_by": "", "percent": 90}
    )
    return _moved(task, action, changed, ask, {}, by=by, at=at)


@transaction.atomic
def do_extend(
    *, task_no: int, ask: Ask, due_on: dt.date, by: Any, at: dt.datetime, on: dt.date
) -> Task:
    """The giver sets a later day, with the reason; reminders begin anew. Raises as do_report."""
    task = reading.get(task_no, lock=True)
    may.check(by, may.GIVE, task.giver)
    if acts.done(ask.event_id) is not None:
        return task
    _open(task, "extend", ask)
    if due_on <= task.due_on:
        raise DirectionError(_("Hạn mới phải sau hạn cũ."))
    changed = {"due_on": _day(due_on, on), "escalated_to": ""}
    return _moved(task, "extend", changed, ask, {"before": task.due_on}, by=by, at=at)


@transaction.atomic
def do_cancel(*, task_no: int, ask: Ask, by: Any, at: dt.datetime) -> Task:
    """The giver takes it back, with the reason. Raises as do_report."""
    task = reading.get(task_no, lock=True)
    may.check(by, may.GIVE, task.giver)
    if acts.done(ask.event_id) is not None:
        return task
    _open(task, "cancel", ask)
    changed = {"closed_at": at, "finished_on": None, "reported_by": ""}
    return _moved(task, "cancel", changed, ask, {}, by=by, at=at)


def _open(task: Task, action: str, ask: Ask) -> None:
    """Refuse what is not open now, was asked for on an old screen, or lacks its words."""
    if workflow.MOVES.after(task.state, action) is None:
        raise NotOpen(_("Thao tác này không mở ở trạng thái hiện tại."))
    if task.version_no != ask.version:
        raise Changed(_("Đã có người khác xử lý sau khi bạn mở. Xem lại rồi làm tiếp."))
    if workflow.MOVES[action].needs_reason and len(" ".join(ask.reason.split())) < SHORTEST:
        raise DirectionError(_("Ghi rõ nội dung, ít nhất năm ký tự."))


def _moved(
    task: Task, action: str, changed: dict[str, Any], ask: Ask, detail: dict[str, Any], *, by: Any, at: dt.datetime
) -> Task:  # fmt: skip
    """The row after the action, and its act."""
    values = {"state": workflow.MOVES[action].to, **changed, "version_no": task.version_no + 1}
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE direction.task SET {', '.join(f'{name} = %s' for name in values)} WHERE task_no = %s",
            [*values.values(), task.task_no],
        )
    now = reading.get(task.task_no)
    told = Told(
        action, ask.event_id, " ".join(ask.reason.split())[:2000], now.state, now.due_on, now.finished_on, detail
    )  # fmt: skip
    acts.write(TASK, task.task_no, now.place, told, by=by, at=at)
    return now
