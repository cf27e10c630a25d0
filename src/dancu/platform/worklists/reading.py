"""What the pages read of tasks and their persons; the database decides which rows there are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from dancu.platform.access import territory
from dancu.platform.worklists import states
from dancu.platform.worklists.models import Task
from dancu.rules import all_rules

PAGE = 50


@dataclass(frozen=True)
class Line:
    """What a list shows of a task's person."""

    full_name: str
    birth_year: int | None
    address_head: str
    number: str


@dataclass(frozen=True)
class Filters:
    """What the address of a list asks for."""

    unit: str = ""
    kind: str = "open"
    due: str = ""
    group: str = ""
    mine: bool = False

    @classmethod
    def of(cls, query: Any) -> Filters:
        """From the query of the address; what is not known is left out."""
        kind = query.get("trang-thai", "open")
        return cls(
            query.get("don-vi", "")[:10],
            kind if kind in {"open", "closed", *states.STATES} else "open",
            query.get("han", "") if query.get("han") in ("overdue", "today", "week") else "",
            query.get("nhom", "") if query.get("nhom", "").isdigit() else "",
            query.get("cua-toi") == "1",
        )


def tasks(filters: Filters, *, user: Any) -> QuerySet[Task]:
    """The tasks asked for, those that raise the score most first."""
    found = Task.objects.order_by("-effect", "id")
    if filters.unit:
        codes = sorted(territory.communes(filters.unit)) or [filters.unit]
        found = found.filter(Q(unit_code__in=codes, with_unit="") | Q(with_unit__in=codes))
    if filters.kind == "open":
        found = found.filter(state__in=states.OPEN)
    elif filters.kind == "closed":
        found = found.filter(state__in=states.CLOSED)
    else:
        found = found.filter(state=filters.kind)
    if filters.mine:
        found = found.filter(assigned_to=user.username)
    if filters.group:
        rules = [r.id for r in all_rules() if str(r.error_group) == filters.group]
        found = found.filter(rules__overlap=rules)
    return _by_due(found, filters.due)


def _by_due(found: QuerySet[Task], due: str) -> QuerySet[Task]:
    today = timezone.localdate()
    looking = Q(state__in=("new", "referred"))
    if due == "overdue":
        return found.filter((looking & Q(review_due__lt=today)) | (~looking & Q(fix_due__lt=today)))
    if due in ("today", "week"):
        from dancu.reference.holidays import working_days_after

        last = today if due == "today" else working_days_after(today, 5)
        return found.filter((looking & Q(review_due__lte=last)) | (~looking & Q(fix_due__lte=last)))
    return found


def lines(ids: Sequence[int]) -> dict[int, Line]:
    """Task → what a list shows of its person."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM worklists_lines(%s::bigint[])", [list(ids)])
        return {row[0]: Line(*row[1:]) for row in cursor.fetchall()}


def open_rules(task_id: int) -> list[str]:
    """The rules that the task's person fails now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT worklists_open_rules(%s)", [task_id])
        return list(cursor.fetchone()[0] or [])


def person_of(task: Task, *, purpose: str, shown: Iterable[str]) -> dict[str, Any] | None:
    """The person of a task with findings and sources; leaves a line in the person's access log."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT worklists_person(%s, %s, %s::text[])", [task.pk, purpose, sorted(shown)]
        )
        found = cursor.fetchone()[0]
    if found is None:
        return None
    told: dict[str, Any] = json.loads(found) if isinstance(found, str) else found
    return told


def neighbours(task: Task, filters: Filters, *, user: Any) -> tuple[int | None, int | None]:
    """(the task before, the next one) in the list that the officer came from."""
    listed = tasks(filters, user=user)
    ahead = Q(effect__lt=task.effect) | Q(effect=task.effect, pk__gt=task.pk)
    behind = Q(effect__gt=task.effect) | Q(effect=task.effect, pk__lt=task.pk)
    following = listed.filter(ahead).exclude(pk=task.pk).values_list("pk", flat=True).first()
    before = listed.filter(behind).order_by("effect", "-id").values_list("pk", flat=True).first()
    return before, following
