"""The recorded time of a person: what the register knew at a moment, and what changed when, by which event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from dancu.platform.register.door import HEAD, Citizen
from dancu.platform.register.parts import Row, ask
from dancu.reference.fields import fields as dictionary


@dataclass(frozen=True)
class State:
    """The person as recorded from a moment on; `event_no` made it so, `until` None: it still is."""

    since: dt.datetime
    until: dt.datetime | None
    event_no: int | None
    values: Mapping[str, Any]
    origins: Mapping[str, int]
    unit_code: str | None
    citizen_id: str


@dataclass(frozen=True)
class Change:
    """From one state to the next: (field, before, after) of the fields that differ."""

    at: dt.datetime
    event: Row | None
    fields: tuple[tuple[str, Any, Any], ...]


def states(of: Citizen) -> list[State]:
    """All states in order, the present one last; only for who sees the history."""
    if not of.sees("history"):
        return [_now(of)]
    rows = ask(
        "SELECT lower(recorded) AS since, upper(recorded) AS until, row, citizen_id FROM register.person_history"
        " WHERE citizen_id = %s ORDER BY lower(recorded)", of.citizen_id,
    )  # fmt: skip
    return [*(_former(row, of) for row in rows), _now(of)]


def _now(of: Citizen) -> State:
    return State(
        of.recorded_from, None, of.event_no, of.values, of.origins, of.unit_code, of.citizen_id
    )


def _former(row: Row, of: Citizen) -> State:
    kept = row["row"]
    shown = {f.field for f in dictionary().values() if f.standard and f.group in of.groups} | set(
        HEAD
    )
    return State(
        since=row["since"],
        until=row["until"],
        event_no=kept.get("event_no"),
        values={
            f: _typed(f, kept[f]) for f in dictionary() if f in shown and kept.get(f) is not None
        },
        origins={f: kept[f"{f}_from"] for f in shown if kept.get(f"{f}_from") is not None},
        unit_code=kept.get("unit_code"),
        citizen_id=str(row["citizen_id"]),
    )


def _typed(field: str, value: Any) -> Any:
    """A value of the kept JSON as its column's type."""
    return dt.date.fromisoformat(value) if dictionary()[field].type == "date" else value


def changes(found: Sequence[State]) -> list[Change]:
    """What changed from state to state, the newest first, with the event that did it."""
    numbers = [s.event_no for s in found[1:] if s.event_no is not None]
    events = {row["event_no"]: row for row in _events(numbers)}
    made = [
        Change(after.since, events.get(after.event_no), _differences(before, after))
        for before, after in pairwise(found)
    ]
    return [change for change in reversed(made) if change.fields or change.event]


def _events(numbers: Sequence[int]) -> list[Row]:
    if not numbers:
        return []
    return ask(
        "SELECT event_no, kind, happened_at, recorded_at, recorded_by FROM register.event WHERE event_no = ANY(%s)",
        list(numbers),
    )


def _differences(before: State, after: State) -> tuple[tuple[str, Any, Any], ...]:
    names = [f for f in dictionary() if f in before.values or f in after.values]
    pairs = ((f, before.values.get(f), after.values.get(f)) for f in names)
    return tuple((f, old, new) for f, old, new in pairs if str(old or "") != str(new or ""))


def known_at(of: Citizen, found: Sequence[State], moment: dt.datetime) -> Citizen | None:
    """The person as the register knew it at a moment; None when it did not know it yet."""
    state = next(
        (s for s in reversed(found) if s.since <= moment and (s.until is None or moment < s.until)),
        None,
    )
    if state is None:
        return None
    return replace(
        of, values=state.values, origins=state.origins, companions={}, full=frozenset(),
        recorded_from=state.since, event_no=state.event_no, unit_code=state.unit_code,
    )  # fmt: skip


@dataclass(frozen=True)
class OnDay:
    """What was true of the person on a day, as known now."""

    day: dt.date
    born: bool
    dead: bool
    residences: tuple[Row, ...]
    events: tuple[Row, ...]


def on_day(of: Citizen, day: dt.date, residences: Sequence[Row], events: Sequence[Row]) -> OnDay:
    """Valid time: residences in force on the day, events up to it. Periods end the day before `valid_to`."""
    lived = tuple(
        r for r in residences
        if (r["valid_from"] is None or r["valid_from"] <= day) and (r["valid_to"] is None or day < r["valid_to"])
    )  # fmt: skip
    birth, death = of.values.get("birth_date"), of.values.get("death_date")
    return OnDay(
        day=day,
        born=birth is None or birth <= day,
        dead=death is not None and death <= day,
        residences=lived,
        events=tuple(e for e in events if e["valid_on"] is not None and e["valid_on"] <= day),
    )
