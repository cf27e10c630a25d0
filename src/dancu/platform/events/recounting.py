"""What an event does or did, in words for the officer: on whom it lands, what changes, findings, the commune's score.

A person is named only through the register's one door, which writes the look into the log; whoever that door does not
open is told of as somebody of another unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import get_language

from dancu.engine.events import entered
from dancu.platform.access import territory
from dancu.platform.access.rights import Refused
from dancu.platform.events import recording
from dancu.platform.events.undoing import Event
from dancu.platform.register.door import Citizen, NoCitizen, access_citizen
from dancu.platform.register.words_of import label, worded
from dancu.reference.fields import fields
from dancu.rules import get as rule
from dancu.store.register.effects import Effects, PersonEffect, effects
from dancu.store.register.told import Outcome

_COLUMN = {
    "address": "permanent_unit",
    "commune_code": "permanent_unit",
    "current_address": "temporary_unit",
}


@dataclass(frozen=True)
class Answer:
    """One line of «check your answers»: what was typed, and what the register makes of it."""

    role: str
    label: str
    typed: str
    standard: str
    asked: bool


@dataclass(frozen=True)
class Landing:
    """One person: `state` new, known, gone or other (of another unit, and not shown)."""

    state: str
    citizen: UUID
    name: str = ""
    unit: str = ""
    changes: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Told:
    """Everything that a page says of an event."""

    persons: list[Landing]
    opened: list[str]
    closed: list[str]
    scores: list[tuple[str, float | None, float | None]]
    repeated: bool


def answers(kind: str, data: Mapping[str, str], asked: Mapping[str, str]) -> list[Answer]:
    """Typed and standard, side by side; what the register answered by itself is masked as everywhere."""
    row, day = recording.standard_of(kind, data), territory.register_day()
    found = []
    for role in entered.forms()[kind].roles:
        if role in data:
            own = role in asked
            value = _standard(role, row, day, own)
            found.append(Answer(role, label(role), asked.get(role, ""), value, own))
    return found


def told(tried: Effects, *, by: Any, purpose: str, units: frozenset[str] | None) -> Told:
    """In words."""
    day = territory.register_day()
    persons = [_landing(p, by, purpose, day) for p in tried.persons]
    scores = [
        (territory.full_name(unit, day), *pair)
        for unit, pair in tried.scores().items()
        if units is None or unit in units
    ]
    return Told(persons, _findings(tried.opened), _findings(tried.closed), scores, tried.outcome.repeated)  # fmt: skip


def of_event(event: Event, *, by: Any, purpose: str, units: frozenset[str] | None) -> Told:
    """Of an event that was recorded, as far as this log-in sees it."""
    outcome = Outcome.repeat(event.no, event.result)
    with connection.cursor() as cursor:
        found = effects(cursor, outcome, on=territory.register_day())
    return told(found, by=by, purpose=purpose, units=units)


def _landing(person: PersonEffect, by: Any, purpose: str, day: Any) -> Landing:
    unit = territory.full_name(person.units[-1], day) if person.units else ""
    if person.after is None:
        return Landing("gone", person.citizen, unit=unit)
    if person.before is None:
        return Landing("new", person.citizen, str(person.after.get("full_name") or ""), unit)
    try:
        seen = access_citizen(citizen_id=person.citizen, by=by, purpose=purpose)
    except (NoCitizen, Refused):
        return Landing("other", person.citizen, unit=unit)
    changes = [
        (label(name), worded(name, old, on=day), worded(name, now, on=day))
        for name, old, now in person.changed
        if _open(name, seen)
    ]
    return Landing("known", person.citizen, str(seen.values.get("full_name") or ""), unit, changes)


def _open(name: str, seen: Citizen) -> bool:
    known = fields().get(name)
    return known is not None and seen.sees(known.group)


def _standard(role: str, row: Mapping[str, Any], day: Any, own: bool) -> str:
    """The standard value in words; a number that the officer has just typed is shown in full."""
    column = _COLUMN.get(role, role)
    if role == "birth_date" and row.get("birth_date") is None:
        parts = [row.get(f"birth_{p}") for p in ("day", "month", "year")]
        return "/".join(f"{p:02d}" for p in parts if p)
    if column == "permanent_unit":
        head = row.get("address_head") if role == "address" else None
        return ", ".join(filter(None, (head, worded(column, row.get(column), on=day))))
    if column not in row:
        return ""
    return worded(column, row.get(column), on=day, full=own)


def _findings(found: tuple[tuple[str, str, str], ...]) -> list[str]:
    """The rules' own messages, each once."""
    english = get_language() == "en"
    names = dict.fromkeys(rule_id for rule_id, level, _ in found if level == "person")
    return [rule(n).message.en if english else rule(n).message.vi for n in names]
