"""What goes into the living register and what comes back: plain frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from dancu.store.errors import StoreError

Moves = Mapping[int, tuple[int | None, int | None]]
Name = tuple[str, str]
"""Source and id: what an event is told by."""


class Conflict(StoreError):
    """The same event id was sent before with another content."""


class Outside(StoreError):
    """The event would change a person who belongs to none of the communes it may touch."""


@dataclass(frozen=True)
class Change:
    """What happens to one record. `row`: its standard columns, None when it is taken out.

    `record_id` None: a new record. `cells`: as given; `file_no`, `sheet`, `row_no`: where it stands (None: it
    was entered, and stands in no list). `same_as`: a
    record of the person whom whoever entered this one had before them.
    """

    record_id: int | None
    source: str
    row: Mapping[str, Any] | None
    cells: Mapping[str, Any] = field(default_factory=dict)
    file_no: int | None = None
    sheet: str = ""
    row_no: int = 0
    same_as: int | None = None


@dataclass(frozen=True)
class Answer:
    """What a person decided of two records: `verdict` same, different, unsure or withdrawn."""

    record_a: int
    record_b: int
    verdict: str
    reason: str = ""
    second_by: str | None = None


@dataclass(frozen=True)
class Incoming:
    """An event as it comes in: `source` and `id` name it for ever, `digest` tells its content, `by` who recorded it.

    `judgement`, `judgements`: one answer, or several that count together (a person taken apart).
    `only_in`: the communes whose persons it may change (None: all); a new person, or one without a commune, is open.
    """

    source: str
    id: str
    kind: str
    by: str
    digest: bytes
    data: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    judgement: Answer | None = None
    judgements: tuple[Answer, ...] = ()
    happened_at: Any = None
    only_in: frozenset[str] | None = None

    @property
    def name(self) -> Name:
        """What it is told by for ever."""
        return (self.source, self.id)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """All that was decided."""
        return (*(() if self.judgement is None else (self.judgement,)), *self.judgements)


@dataclass(frozen=True)
class Outcome:
    """What became of an event: its number, the records and citizens it touched, findings opened and closed.

    Events that came in together share the last three; `under` is the number under which all of them are kept.
    """

    event_no: int
    repeated: bool
    records: tuple[int, ...] = ()
    citizens: tuple[UUID, ...] = ()
    opened: int = 0
    closed: int = 0
    under: int = 0

    @classmethod
    def repeat(cls, event_no: int, result: Mapping[str, Any]) -> Outcome:
        """The answer of the first time."""
        return cls(
            event_no,
            True,
            tuple(result.get("records", ())),
            tuple(UUID(c) for c in result.get("citizens", ())),
            result.get("opened", 0),
            result.get("closed", 0),
            result.get("under", event_no),
        )

    def as_result(self) -> dict[str, Any]:
        """What is kept with the event, so that a repetition can be answered."""
        return {
            "records": list(self.records),
            "citizens": [str(c) for c in self.citizens],
            "opened": self.opened,
            "closed": self.closed,
            "under": self.under,
        }


@dataclass
class Done:
    """What a transaction did: the citizen of each record touched, findings opened and closed.

    `place_of`: the commune of each person touched, as it was before. `event`: the number all of it is kept under.
    """

    citizen_of: Mapping[int, UUID]
    opened: int = 0
    closed: int = 0
    place_of: Mapping[int, str | None] = field(default_factory=dict)
    event: int = 0

    def told(self, outcome: Outcome) -> Outcome:
        """The outcome of one of its events."""
        found = dict.fromkeys(self.citizen_of[r] for r in outcome.records if r in self.citizen_of)
        return replace(
            outcome, citizens=tuple(found), opened=self.opened, closed=self.closed, under=self.event
        )


@dataclass
class Touched:
    """What one transaction has touched: persons before and after by record, and the records whose content changed."""

    before: dict[int, int | None] = field(default_factory=dict)
    after: dict[int, int | None] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)

    def moved(self, moves: Moves) -> None:
        """Take note of records that went from one person to another."""
        for record, (old, new) in moves.items():
            self.before.setdefault(record, old)
            self.after[record] = new

    def moves(self) -> Moves:
        """Record -> person before the transaction and now."""
        return {r: (self.before.get(r), now) for r, now in self.after.items()}

    def joined(self, records: tuple[int, ...]) -> set[int]:
        """The persons, before and now, that these records are or came to be a part of."""
        now = {self.after[r] for r in records if r in self.after} - {None}
        before = {self.before.get(r) for r, label in self.after.items() if label in now}
        return {label for label in now | before if label is not None}

    def persons(self) -> list[int]:
        """Every person that a touched record was or is a part of."""
        labels = (*self.before.values(), *self.after.values())
        return sorted({label for label in labels if label is not None})


def check_digest(name: Name, first: bytes, now: bytes) -> None:
    """Raises Conflict when the same event comes with another content."""
    if first != now:
        raise Conflict(
            f"Sự kiện {name[1]} của {name[0]} đã được gửi trước đây với nội dung khác.\n"
            f"Event {name[1]} was sent before with another content."
        )


def once(answered: dict[Name, Outcome], name: Name) -> Outcome:
    """The outcome of an event; sent twice in one transaction, it is a repetition the second time."""
    outcome = answered[name]
    answered[name] = replace(outcome, repeated=True)
    return outcome
