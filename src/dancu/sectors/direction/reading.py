"""Tasks and acts as they stand; row-level security leaves those that the asker may see."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.db import connection

from dancu.reference.holidays import working_days_between
from dancu.sectors.direction import workflow
from dancu.sectors.direction.errors import NoThing
from dancu.sectors.direction.places import Place, unit_of

ORIGINS = ("directive", "shortcoming", "conclusion", "plan", "finding", "own")


@dataclass(frozen=True)
class Origin:
    """Where a task comes from: `id` is the number of the thing of this kind; none for `own`."""

    kind: str = "own"
    id: int | None = None


@dataclass(frozen=True)
class Task:
    """A task as it is now."""

    task_no: int
    unit_code: str
    unit_on: dt.date
    giver_code: str
    giver_on: dt.date
    department: str
    title: str
    detail: str
    origin_kind: str
    origin_id: int | None
    state: str
    percent: int
    due_on: dt.date
    opened_at: dt.datetime
    reported_by: str
    finished_on: dt.date | None
    accepted_by: str
    closed_at: dt.datetime | None
    reminded_for: dt.date | None
    escalated_for: dt.date | None
    escalated_to: str
    version_no: int

    @property
    def place(self) -> Place:
        """Who must do it."""
        return unit_of(self.unit_code, self.unit_on)

    @property
    def giver(self) -> Place:
        """Who gave it and accepts it."""
        return unit_of(self.giver_code, self.giver_on)

    @property
    def origin(self) -> Origin:
        """Where it comes from."""
        return Origin(self.origin_kind, self.origin_id)

    def days_left(self, *, on: dt.date) -> int:
        """Working days until it is due; negative when it is late."""
        return working_days_between(on, self.due_on)

    def is_late(self, *, on: dt.date) -> bool:
        """Not handed in by its due day, or handed in after it."""
        if self.state == workflow.CANCELLED:
            return False
        return (self.finished_on or on) > self.due_on


@dataclass(frozen=True)
class Act:
    """What was done once."""

    act_no: int
    action: str
    state: str
    due_on: dt.date | None
    at: dt.datetime
    by: str
    reason: str
    detail: Mapping[str, Any]


_COLUMNS = ", ".join(f.name for f in fields(Task))


def get(task_no: int, *, lock: bool = False) -> Task:
    """The task of the number; NoThing."""
    found = _tasks("task_no = %s" + (" FOR UPDATE" if lock else ""), [task_no])
    if not found:
        raise NoThing
    return found[0]


def of_origin(origin: Origin) -> list[Task]:
    """The tasks that come from one thing."""
    return _tasks(
        "origin_kind = %s AND origin_id IS NOT DISTINCT FROM %s ORDER BY task_no",
        [origin.kind, origin.id],
    )


def of_origins(kind: str, numbers: Sequence[int]) -> dict[int, list[Task]]:
    """The tasks of each of these things."""
    found: dict[int, list[Task]] = {number: [] for number in numbers}
    for task in _tasks("origin_kind = %s AND origin_id = ANY (%s) ORDER BY task_no", [kind, [*found]]):  # fmt: skip
        found[task.origin_id or 0].append(task)
    return found


def tasks(
    *, on: dt.date, state: str = "", late: bool = False, unit: str = "", escalated: bool = False
) -> list[Task]:
    """Those that may be seen: open before closed, the earliest due first."""
    parts, given = ["true"], list[Any]()
    if state:
        parts, given = [*parts, "state = %s"], [*given, state]
    if late:
        parts.append("(state <> 'cancelled' AND coalesce(finished_on, %s) > due_on)")
        given.append(on)
    if unit:
        parts, given = [*parts, "unit_code = %s"], [*given, unit]
    if escalated:
        parts.append("(closed_at IS NULL AND escalated_to <> '')")
    return _tasks(
        f"{' AND '.join(parts)} ORDER BY closed_at IS NOT NULL, due_on, task_no LIMIT 2000", given
    )


def due_before(day: dt.date) -> list[Task]:
    """Those being done whose due day lies before the day; for the nightly job."""
    return _tasks("state = 'open' AND due_on < %s ORDER BY task_no FOR UPDATE", [day])


def history(book: str, thing_no: int) -> list[Act]:
    """What was done to it, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT act_no, action, state, due_on, at, "by", reason, detail FROM direction.act'
            " WHERE book = %s AND thing_no = %s ORDER BY act_no", [book, thing_no],
        )  # fmt: skip
        return [_act(*row) for row in cursor.fetchall()]


def _act(no: int, action: str, state: str, due: Any, at: Any, by: str, why: str, told: Any) -> Act:
    return Act(no, action, state, due, at, by, why, _json(told))


def _json(value: Any) -> Mapping[str, Any]:
    return json.loads(value) if isinstance(value, str) else value


def _tasks(condition: str, given: Sequence[Any]) -> list[Task]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM direction.task WHERE {condition}", given)
        return [Task(*row) for row in cursor.fetchall()]
