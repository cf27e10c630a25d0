"""How entries stand: a finding by its tasks, an inspection by its findings, what has a time by the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from django.db import connection
from django.utils.translation import gettext as _

from dancu.sectors.direction import reading, workflow
from dancu.sectors.direction.books import Book
from dancu.sectors.direction.entries import Entry
from dancu.sectors.direction.reading import Task

Badge = tuple[str, str]
"""Look and words."""


def of(book: Book, entries: Sequence[Entry], *, on: dt.date) -> dict[int, Badge]:
    """The badge of each entry; empty of a book whose entries only stand there."""
    told = _WAYS.get(book.table)
    return told(entries, on) if told and entries else {}


def of_finding(tasks: Sequence[Task]) -> Badge:
    """Put right when a task is accepted, whatever became of others."""
    states = {task.state for task in tasks} - {workflow.CANCELLED}
    if workflow.ACCEPTED in states:
        return "good", _("Đã khắc phục")
    return ("info", _("Đang khắc phục")) if states else ("bad", _("Chưa giao nhiệm vụ"))


def _findings(entries: Sequence[Entry], on: dt.date) -> dict[int, Badge]:
    del on
    found = reading.of_origins("finding", [e.thing_no for e in entries])
    return {number: of_finding(tasks) for number, tasks in found.items()}


def _inspections(entries: Sequence[Entry], on: dt.date) -> dict[int, Badge]:
    counts = _counts(
        "SELECT f.inspection_no, count(*), count(*) FILTER (WHERE EXISTS (SELECT 1 FROM direction.task t"
        " WHERE t.origin_kind = 'finding' AND t.origin_id = f.thing_no AND t.state = 'accepted'))"
        " FROM direction.finding f WHERE f.known_to IS NULL AND f.inspection_no = ANY (%s) GROUP BY 1", entries,
    )  # fmt: skip
    return {e.thing_no: _inspection(e, counts.get(e.thing_no, (0, 0)), on) for e in entries}


def _inspection(entry: Entry, counts: tuple[int, ...], on: dt.date) -> Badge:
    found, fixed = counts
    if not found:
        ahead = entry.values["held_on"] > on
        return ("info", _("Sắp kiểm tra")) if ahead else ("good", _("Không có tồn tại"))
    if fixed == found:
        return "good", _("Đã đóng: khắc phục %(n)s/%(of)s") % {"n": fixed, "of": found}
    return "fair", _("Khắc phục %(n)s/%(of)s tồn tại") % {"n": fixed, "of": found}


def _campaigns(entries: Sequence[Entry], on: dt.date) -> dict[int, Badge]:
    return {e.thing_no: _spell(e.values["first_day"], e.values["last_day"], on) for e in entries}


def _pairings(entries: Sequence[Entry], on: dt.date) -> dict[int, Badge]:
    return {e.thing_no: _spell(e.values["valid_from"], e.values["valid_to"], on) for e in entries}


def _spell(first: dt.date, last: dt.date | None, on: dt.date) -> Badge:
    if on < first:
        return "none", _("Sắp tới")
    return ("info", _("Đang làm")) if last is None or on <= last else ("good", _("Đã kết thúc"))


def _models(entries: Sequence[Entry], on: dt.date) -> dict[int, Badge]:
    del on
    counts = _counts(
        "SELECT model_no, count(*) FROM direction.copy WHERE known_to IS NULL AND model_no = ANY (%s) GROUP BY 1",
        entries,
    )
    return {e.thing_no: _copied(*counts.get(e.thing_no, (0,))) for e in entries}


def _copied(n: int) -> Badge:
    return ("good", _("%(n)s đơn vị làm theo") % {"n": n}) if n else ("none", _("Chưa nhân rộng"))


def _counts(sql: str, entries: Sequence[Entry]) -> dict[int, tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [[e.thing_no for e in entries]])
        return {row[0]: row[1:] for row in cursor.fetchall()}


_WAYS: dict[str, Callable[[Sequence[Entry], dt.date], dict[int, Badge]]] = {
    "finding": _findings,
    "inspection": _inspections,
    "campaign": _campaigns,
    "pairing": _pairings,
    "model": _models,
}
