"""What a rule is: one sentence about a person's data that can pass, fail or not be told.

Shapes only; `loader` reads them from the YAML files of this room, `README.md` says how to write one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Expect = Literal["pass", "fail", "unknown"]
Level = Literal["record", "person"]
Cells = Mapping[str, object]

DIMENSIONS = {
    "correct": "COR",
    "complete": "COM",
    "clean": "CLE",
    "living": "LIV",
    "consistent": "CON",
}
FURTHER_TABLES = ("contested", "events", "links", "persons", "standard")
"""What a group rule may read beside `people`."""
LEVELS: tuple[Level, ...] = ("record", "person")


class RuleError(ValueError):
    """A rule file that cannot be used; the message says which file, which key and what to write."""


@dataclass(frozen=True)
class Text:
    """One text in both languages."""

    vi: str
    en: str


@dataclass(frozen=True)
class Example:
    """A small table and what the rule says of each of its rows; columns not named are NULL.

    `others`: rows of the further tables that a group rule reads (`FURTHER_TABLES`).
    """

    why: str
    rows: tuple[Cells, ...]
    expect: tuple[Expect, ...]
    others: Mapping[str, tuple[Cells, ...]]


@dataclass(frozen=True)
class Rule:
    """One numbered rule. A row rule has `sql`; a group rule has `examined` and `failing`.

    `field`: the field whose score it counts for. `since`, `until`: first and last asked day on which
    it is in force (None: open). `error_group`: 1 to 8 of the official groups.
    """

    id: str
    slug: str
    dimension: str
    error_group: int
    field: str
    columns: tuple[str, ...]
    level: str
    severity: str
    weight: float
    message: Text
    fix: Text
    law: str
    since: dt.date | None
    until: dt.date | None
    sql: str
    examined: str
    failing: str
    examples: tuple[Example, ...]

    @property
    def is_group(self) -> bool:
        """Whether it judges a row by its fellows (duplicates, households, relatives)."""
        return not self.sql

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels it judges: source records, persons of the register, or both."""
        return LEVELS if self.level == "both" else tuple(x for x in LEVELS if x == self.level)

    def in_force(self, *, on: dt.date) -> bool:
        """Whether the rule holds when the asked day is `on`; both ends belong to the period."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)
