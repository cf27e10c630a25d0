"""A procedure through time: its states one after the other, and what differs between two of them. Pure.

>>> [state.first.isoformat() for state in states("3.000347")]
['2021-11-25', '2025-01-01', '2025-03-01']
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from dancu.reference import service_parts, services
from dancu.reference.services import Field, Part, Procedure, Step

Item = TypeVar("Item", Part, Step, Field)
HEAD = (
    "name_vi", "name_en", "group", "lead_agency", "level", "limit", "online_level", "result_kind", "fee", "law",
)  # fmt: skip
"""What is compared of a version itself; `limit` with its unit."""


@dataclass(frozen=True)
class State:
    """The procedure as it is from `first` until `last` (None: still)."""

    first: dt.date
    last: dt.date | None
    procedure: Procedure
    parts: tuple[Part, ...]
    steps: tuple[Step, ...]
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Difference:
    """One thing that differs. `area`: procedure, parts, steps or fields; None: it is not there."""

    area: str
    what: str
    before: object | None
    after: object | None


def state_on(code: str, *, on: dt.date) -> State | None:
    """The procedure on the day; None when none is in force under this code."""
    procedure = services.find(code, on=on)
    if procedure is None:
        return None
    return next(s for s in states(procedure.code) if s.first <= on and (not s.last or on <= s.last))


def states(code: str) -> tuple[State, ...]:
    """All states of the procedure, the oldest first."""
    days = {v.valid_from for v in services.versions(code) if v.valid_from}
    begins = sorted(
        day for day in days | set(service_parts.days_of_change(code)) if services.find(code, on=day)
    )
    found = [_state(code, day, _before(after)) for day, after in _pairs(begins)]
    return tuple(s for s in found if s is not None)


def _pairs(days: list[dt.date]) -> list[tuple[dt.date, dt.date | None]]:
    return [(day, days[i + 1] if i + 1 < len(days) else None) for i, day in enumerate(days)]


def _before(day: dt.date | None) -> dt.date | None:
    return day - dt.timedelta(days=1) if day else None


def _state(code: str, first: dt.date, last: dt.date | None) -> State | None:
    procedure = services.find(code, on=first)
    if procedure is None:
        return None
    own = procedure.code
    return State(
        first, last or procedure.valid_to, procedure, services.parts(own, on=first), services.steps(own, on=first),
        services.fields(own, on=first),
    )  # fmt: skip


def differences(before: State, after: State) -> list[Difference]:
    """What differs, in the order of the page: the version, parts, steps, fields of the form."""
    a, b = before.procedure, after.procedure
    heads = [
        Difference("procedure", name, _head(a, name), _head(b, name))
        for name in HEAD
        if _head(a, name) != _head(b, name)
    ]
    return [
        *heads,
        *_of("parts", {p.code: p for p in before.parts}, {p.code: p for p in after.parts}),
        *_of("steps", {str(s.number): s for s in before.steps}, {str(s.number): s for s in after.steps}),
        *_of("fields", {f.name: f for f in before.fields}, {f.name: f for f in after.fields}),
    ]  # fmt: skip


def _head(procedure: Procedure, name: str) -> object:
    if name == "limit":
        return (procedure.limit, procedure.limit_unit)
    return getattr(procedure, name)


def _of(area: str, before: Mapping[str, Item], after: Mapping[str, Item]) -> list[Difference]:
    keys = [*before, *(key for key in after if key not in before)]
    return [
        Difference(area, key, before.get(key), after.get(key))
        for key in keys
        if _plain(before.get(key)) != _plain(after.get(key))
    ]


def _plain(item: Part | Step | Field | None) -> object:
    """Without its place in the list and its days: what a reader would call a change."""
    return replace(item, number=0, valid_from=None, valid_to=None) if item else None
