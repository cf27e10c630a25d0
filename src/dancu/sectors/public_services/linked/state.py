"""How a dossier stands that is more than itself: the parts of a linked service, and what the register was told.

For pages of citizens and officers alike: row-level security decides what there is to be read.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dancu.reference import services
from dancu.sectors.public_services import dossiers, workflow
from dancu.sectors.public_services.dossiers import Dossier
from dancu.sectors.public_services.linked import bundling
from dancu.sectors.public_services.linked.reach import database


@dataclass(frozen=True)
class Told:
    """What the register was told by a dossier, and what became of it."""

    number: int
    dossier_no: int
    turn: int
    kind: str
    data: Mapping[str, str]
    state: str
    problems: tuple[tuple[str, str], ...]
    event_no: int | None
    citizen: UUID | None
    by: str
    at: dt.datetime
    answered_at: dt.datetime | None


@dataclass(frozen=True)
class Part:
    """A part of a linked service. `waits`: what it waits for, in words; `reason`: why it ended without a result."""

    dossier: Dossier
    waits: str
    reason: str
    told: Told | None

    @property
    def name(self) -> str:
        """Of the procedure."""
        return self.dossier.procedure_then.name_vi

    @property
    def status(self) -> str:
        """The official status in words."""
        return services.statuses()[self.dossier.status].name_vi

    @property
    def done(self) -> bool:
        """Whether it ended with a result."""
        return self.dossier.status in (workflow.PROCESSED, workflow.RETURNED)

    @property
    def ended(self) -> bool:
        """Whether nothing more happens to it."""
        return self.dossier.status in workflow.ENDED


@dataclass(frozen=True)
class State:
    """The whole: its head, its parts in order. Of a dossier by itself there is no head, and one part."""

    head: Dossier | None
    name: str
    parts: tuple[Part, ...]

    @property
    def done(self) -> bool:
        """Whether every part has its result."""
        return all(part.done for part in self.parts)

    @property
    def stopped(self) -> bool:
        """Whether some part ended without one."""
        return any(part.ended and not part.done for part in self.parts)


def state_of(dossier_no: int) -> State | None:
    """The linked service that a dossier is the head or a part of; None for one by itself. Raises NoDossier."""
    asked = dossiers.get(dossier_no)
    head = bundling.head_of(asked)
    if head is None:
        return None
    parts = bundling.parts_of(head.dossier_no)
    bundle = bundling.bundle_of(head)
    return State(head, bundle.name_vi if bundle else head.procedure_then.name_vi, _parts(parts))


def alone(dossier: Dossier) -> State:
    """The same of a dossier that is no part of anything."""
    return State(None, dossier.procedure_then.name_vi, _parts([dossier]))


def told(which: str, given: Sequence[Any], *, most: int = 200) -> list[Told]:
    """What was told, the latest first, as far as the asker sees it."""
    with database().cursor() as cursor:
        cursor.execute(
            "SELECT told_no, dossier_no, turn, kind, data, state, problems, event_no, citizen, by, at, answered_at"
            f" FROM services.told WHERE {which} ORDER BY told_no DESC LIMIT {int(most)}",
            [*given],
        )
        return [_told(row) for row in cursor.fetchall()]


def _told(row: Sequence[Any]) -> Told:
    made = list(row)
    made[4], problems = _plain(row[4]), _plain(row[6])
    made[6] = tuple((str(role), str(reason)) for role, reason in problems)
    return Told(*made)


def _plain(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _parts(found: list[Dossier]) -> tuple[Part, ...]:
    last: dict[int, Told] = {}
    for one in told("dossier_no = ANY(%s)", [[d.dossier_no for d in found]]):
        if one.turn >= last.get(one.dossier_no, one).turn:
            last[one.dossier_no] = one
    why = bundling.why_waiting(found[0], found) if len(found) > 1 else ""
    return tuple(
        Part(
            one,
            why if one.status == workflow.FILED and place else "",
            bundling.last(one.dossier_no).reason if _badly(one) else "",
            last.get(one.dossier_no),
        )
        for place, one in enumerate(found)
    )


def _badly(dossier: Dossier) -> bool:
    return dossier.status in (workflow.REFUSED, workflow.STOPPED, workflow.WITHDRAWN)
