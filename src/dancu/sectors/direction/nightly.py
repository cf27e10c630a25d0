"""Each morning: a reminder before a task is due, then one level up when it is late, each told once and logged.

A day late is told to the unit above, every `task_escalation` of `terms.csv` more to the next one up, as far as the
province.
"""

from __future__ import annotations

import datetime as dt
from uuid import NAMESPACE_URL, uuid5

from django.db import connection, connections
from django.utils import timezone
from procrastinate.contrib.django import app

from dancu.reference.holidays import working_days_between
from dancu.reference.terms import term
from dancu.sectors.direction import acts, may, places, reading
from dancu.sectors.direction.acts import TASK, Told
from dancu.sectors.direction.places import Place
from dancu.sectors.direction.reading import Task


@app.periodic(cron="10 6 * * *")
@app.task(queueing_lock="direction-nightly", pass_context=False)
def every_morning(timestamp: int = 0) -> int:
    """Units as the reference data has them, reminders and escalations; may run again at any time."""
    del timestamp
    try:
        with may.as_system():
            for province in places.provinces():
                places.refresh(province)
        return follow(at=timezone.now(), on=timezone.localdate())
    finally:
        connections.close_all()


def follow(*, at: dt.datetime, on: dt.date) -> int:
    """Remind and escalate what is due by the day; how many tasks were told. The same day again: none."""
    last = term("task_reminder", on=on).after(on)
    with may.as_system() as by:
        return sum(
            _told(task, by, at, on) for task in reading.due_before(last + dt.timedelta(days=1))
        )


def _told(task: Task, by: may.System, at: dt.datetime, on: dt.date) -> bool:
    if task.due_on >= on:
        if task.reminded_for == task.due_on:
            return False
        _set(task, {"reminded_for": task.due_on})
        _act(task, "remind", {"days_left": task.days_left(on=on)}, by, at)
        return True
    above = _whom(task, on)
    if above is None or (
        task.escalated_to == above.unit_code and task.escalated_for == task.due_on
    ):
        return False
    _set(task, {"escalated_for": task.due_on, "escalated_to": above.unit_code})
    _act(task, "escalate", {"to": above.unit_code, "days_late": -task.days_left(on=on)}, by, at)
    return True


def _whom(task: Task, on: dt.date) -> Place | None:
    """The unit above the owner, or further up by how late it is; of the province's own tasks the province."""
    step = term("task_escalation", on=on).amount
    here, steps = task.place, 1 + (working_days_between(task.due_on, on) - 1) // step
    for _step in range(steps):
        if (up := here.above()) is None:
            break
        here = up
    return here


def _set(task: Task, values: dict[str, object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE direction.task SET {', '.join(f'{n} = %s' for n in values)} WHERE task_no = %s",
            [*values.values(), task.task_no],
        )


def _act(
    task: Task, action: str, detail: dict[str, object], by: may.System, at: dt.datetime
) -> None:
    """The same telling has the same event, so that it is written once whatever happens."""
    said = f"{action}:{task.task_no}:{task.due_on}:{detail.get('to', '')}"
    told = Told(action, uuid5(NAMESPACE_URL, said), "", task.state, task.due_on, None, detail)
    acts.write(TASK, task.task_no, task.place, told, by=by, at=at)
