"""Conferences as they stand; row-level security leaves those of the own units and those they are invited to."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.db import connection

from dancu.sectors.direction.errors import NoThing
from dancu.sectors.direction.places import Place, unit_of

BOOK = "conference"
"""Of its acts."""


@dataclass(frozen=True)
class Conference:
    """One, as it is now; `unit_code`: its host."""

    conference_no: int
    unit_code: str
    unit_on: dt.date
    title: str
    held_on: dt.date
    starts: str
    venue: str
    figures_on: dt.date
    agenda: Sequence[Mapping[str, str]]
    state: str
    briefed_at: dt.datetime | None
    version_no: int

    @property
    def host(self) -> Place:
        """Whose it is."""
        return unit_of(self.unit_code, self.unit_on)


@dataclass(frozen=True)
class Point:
    """A connection point."""

    point_no: int
    conference_no: int
    unit_code: str
    unit_on: dt.date
    level: str
    state: str
    people: int
    told_at: dt.datetime | None
    told_by: str

    @property
    def place(self) -> Place:
        """Who sits there."""
        return unit_of(self.unit_code, self.unit_on)


@dataclass(frozen=True)
class Statement:
    """What was said."""

    statement_no: int
    unit_code: str
    unit_on: dt.date
    speaker: str
    said: str
    at: dt.datetime

    @property
    def place(self) -> Place:
        """By whom."""
        return unit_of(self.unit_code, self.unit_on)


@dataclass(frozen=True)
class Conclusion:
    """What was concluded, with the state of its task and shortcoming, where the asker may see them."""

    conclusion_no: int
    conference_no: int
    unit_code: str
    unit_on: dt.date
    said: str
    due_on: dt.date
    task_no: int
    shortcoming_no: int | None
    task_state: str | None
    escalated_to: str | None
    result: str | None
    result_on: dt.date | None

    @property
    def place(self) -> Place:
        """Who must do it."""
        return unit_of(self.unit_code, self.unit_on)


_COLUMNS = ", ".join(f"c.{f.name}" for f in fields(Conference))
_POINT = ", ".join(f.name for f in fields(Point))
_CONCLUSION = (
    "SELECT n.conclusion_no, n.conference_no, n.unit_code, n.unit_on, n.said, n.due_on, n.task_no, n.shortcoming_no,"
    " t.state, t.escalated_to, s.result, s.checked_on FROM direction.conference_conclusion n"
    " LEFT JOIN direction.task t USING (task_no)"
    " LEFT JOIN direction.shortcoming s ON s.shortcoming_no = n.shortcoming_no"
)


def get(number: int, *, lock: bool = False) -> Conference:
    """The one of the number; NoThing."""
    found = _conferences("c.conference_no = %s" + (" FOR UPDATE" if lock else ""), [number])
    if not found:
        raise NoThing
    return found[0]


def conferences() -> list[Conference]:
    """Those that may be seen, the latest first."""
    return _conferences("true ORDER BY c.held_on DESC, c.conference_no DESC LIMIT 500", [])


def points(number: int) -> list[Point]:
    """Those of a conference that may be seen, from the province down."""
    return [Point(*row) for row in _rows(
        f"SELECT {_POINT} FROM direction.conference_point WHERE conference_no = %s"
        " ORDER BY array_position(ARRAY['province', 'district', 'commune'], level), unit_code",
        [number],
    )]  # fmt: skip


def point(number: int, unit: str, *, lock: bool = False) -> Point:
    """A unit's; NoThing."""
    found = _rows(
        f"SELECT {_POINT} FROM direction.conference_point WHERE conference_no = %s AND unit_code = %s"
        + (" FOR UPDATE" if lock else ""),
        [number, unit],
    )
    if not found:
        raise NoThing
    return Point(*found[0])


def brief(number: int, unit: str) -> tuple[Mapping[str, Any], dt.datetime] | None:
    """What a unit was told, and when; None when it was not."""
    found = _rows(
        "SELECT content, at FROM direction.conference_brief WHERE conference_no = %s AND unit_code = %s",
        [number, unit],
    )  # fmt: skip
    return (_json(found[0][0]), found[0][1]) if found else None


def statements(number: int) -> list[Statement]:
    """In the order in which they were made."""
    return [Statement(*row) for row in _rows(
        "SELECT statement_no, unit_code, unit_on, speaker, said, at FROM direction.conference_statement"
        " WHERE conference_no = %s ORDER BY statement_no",
        [number],
    )]  # fmt: skip


def conclusions(number: int) -> list[Conclusion]:
    """In the order in which they were drawn."""
    sql = f"{_CONCLUSION} WHERE n.conference_no = %s ORDER BY n.conclusion_no"
    return [Conclusion(*row) for row in _rows(sql, [number])]


def unfinished(of: Conference) -> list[Conclusion]:
    """What earlier conferences of the same host concluded and is not accepted yet."""
    sql = (
        f"{_CONCLUSION} JOIN direction.conference c ON c.conference_no = n.conference_no"
        " WHERE c.unit_code = %s AND c.unit_on = %s AND c.held_on < %s AND t.closed_at IS NULL"
        " AND t.task_no IS NOT NULL ORDER BY n.due_on, n.conclusion_no"
    )
    return [Conclusion(*row) for row in _rows(sql, [of.unit_code, of.unit_on, of.held_on])]


def _conferences(condition: str, given: Sequence[Any]) -> list[Conference]:
    made = []
    for row in _rows(f"SELECT {_COLUMNS} FROM direction.conference c WHERE {condition}", given):
        told = list(row)
        told[8] = _json(told[8])
        made.append(Conference(*told))
    return made


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _rows(sql: str, given: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())
