"""Shortcomings as they stand; row-level security leaves those of the asker's units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from django.db import connection

from dancu.sectors.direction.errors import NoThing
from dancu.sectors.direction.places import Place, unit_of
from dancu.sectors.direction.shortcomings.finding import Key

BOOK = "shortcoming"
"""Of its acts."""


@dataclass(frozen=True)
class Shortcoming:
    """As of the last check, with the state of its task."""

    shortcoming_no: int
    unit_code: str
    unit_on: dt.date
    level: str
    kind: str
    subject: str
    period: str
    title: str
    indicator: str
    indicator_version: int | None
    numerator: Decimal | None
    denominator: Decimal | None
    target_id: str
    target: Decimal | None
    comparison: str
    gap: int
    gap_new: int | None
    distance: Decimal
    found_on: dt.date
    found_at: dt.datetime
    checked_on: dt.date
    result: str
    closed_on: dt.date | None
    task_no: int | None
    cause: str
    remedy: str
    promised_on: dt.date | None
    version_no: int
    task_state: str | None = None
    task_due: dt.date | None = None
    escalated_to: str | None = None

    @property
    def place(self) -> Place:
        """Whose it is."""
        return unit_of(self.unit_code, self.unit_on)

    @property
    def key(self) -> Key:
        """What makes it the same one in the next check."""
        return self.unit_code, self.unit_on, self.kind, self.subject


@dataclass(frozen=True)
class Filters:
    """What the list shows. `state`: `open`, `fixed`, `late`, `silent` (no cause told) or `all`."""

    state: str = "open"
    kind: str = ""
    period: str = ""
    level: str = ""
    units: Sequence[str] | None = None


OWN = tuple(f.name for f in fields(Shortcoming))[:-3]
_SELECT = (
    f"SELECT {', '.join(f's.{name}' for name in OWN)}, t.state, t.due_on, t.escalated_to"
    " FROM direction.shortcoming s LEFT JOIN direction.task t USING (task_no)"
)
_LATE = "s.closed_on IS NULL AND t.state = 'open' AND t.due_on < %s"
_STATES: Mapping[str, str] = {
    "open": "s.closed_on IS NULL",
    "fixed": "s.result = 'fixed'",
    "late": _LATE,
    "silent": "s.closed_on IS NULL AND s.cause = '' AND s.kind <> 'late_task'",
    "all": "true",
}


def get(number: int, *, lock: bool = False) -> Shortcoming:
    """The one of this number; NoThing."""
    found = _read("s.shortcoming_no = %s" + (" FOR UPDATE OF s" if lock else ""), [number])
    if not found:
        raise NoThing
    return found[0]


def listed(filters: Filters, *, on: dt.date, limit: int, offset: int) -> list[Shortcoming]:
    """A page of them: late tasks first, then the widest gap."""
    condition, given = _condition(filters, on)
    return _read(
        f"{condition} ORDER BY ({_LATE}) IS TRUE DESC, s.closed_on DESC NULLS FIRST, s.gap DESC, s.shortcoming_no"
        " LIMIT %s OFFSET %s",
        [*given, on, limit, offset],
    )


def count(filters: Filters, *, on: dt.date) -> int:
    """How many there are."""
    condition, given = _condition(filters, on)
    return int(_rows(f"SELECT count(*) FROM direction.shortcoming s LEFT JOIN direction.task t USING (task_no)"
                     f" WHERE {condition}", given)[0][0])  # fmt: skip


def by_unit(filters: Filters, *, on: dt.date) -> list[tuple[str, dt.date, int, int, int]]:
    """(unit, its first day, open, late, fixed) of each unit that has one; the most open first."""
    condition, given = _condition(replace(filters, state="all"), on)
    return _rows(
        "SELECT s.unit_code, s.unit_on, count(*) FILTER (WHERE s.closed_on IS NULL) AS n,"
        f" count(*) FILTER (WHERE {_LATE}), count(*) FILTER (WHERE s.result = 'fixed')"
        " FROM direction.shortcoming s LEFT JOIN direction.task t USING (task_no)"
        f" WHERE {condition} GROUP BY 1, 2 ORDER BY n DESC, 1",
        [on, *given],
    )


def of_unit(place: Place) -> list[Shortcoming]:
    """All of a unit: open ones first."""
    return _read(
        "s.unit_code = %s AND s.unit_on = %s ORDER BY s.closed_on NULLS FIRST, s.gap DESC", [*place.key]
    )  # fmt: skip


def waiting(*, kinds: Sequence[str]) -> list[Shortcoming]:
    """The open ones, locked for the check."""
    return _read(
        "s.closed_on IS NULL AND s.kind = ANY (%s) ORDER BY s.shortcoming_no FOR UPDATE OF s", [list(kinds)]
    )  # fmt: skip


def periods() -> list[str]:
    """Of which there are some, the latest first."""
    return [r[0] for r in _rows("SELECT DISTINCT period FROM direction.shortcoming ORDER BY 1 DESC", [])]  # fmt: skip


def _condition(filters: Filters, on: dt.date) -> tuple[str, list[Any]]:
    state = _STATES.get(filters.state, _STATES["open"])
    parts, given = [f"({state})"], list[Any]([on] * state.count("%s"))
    for column, value in (("kind", filters.kind), ("period", filters.period), ("level", filters.level)):  # fmt: skip
        if value:
            parts, given = [*parts, f"s.{column} = %s"], [*given, value]
    if filters.units is not None:
        parts, given = [*parts, "s.unit_code = ANY (%s)"], [*given, list(filters.units)]
    return " AND ".join(parts), given


def _read(condition: str, given: Sequence[Any]) -> list[Shortcoming]:
    return [Shortcoming(*row) for row in _rows(f"{_SELECT} WHERE {condition}", given)]


def _rows(sql: str, given: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())
