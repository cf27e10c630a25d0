"""Which value survives, said once: `survivorship.csv`, groups of fields that are chosen together.

A group's members all come from one record. `order`: what decides, first to last (trust, agreement, date); the
smallest record_id decides what is left. `trusted` first: sources trusted from 70 on compete, the others fill gaps
(a clinic's typed address is newer hearsay, not a move). `fits` first: a value that its own record's personal number
contradicts yields to one that none does. `class`: first the class (a name without marks, a birth
year) is chosen by that order, then within it the record of the best `quality` (a name with its marks, a full date).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from dancu.reference.fields import citizen_columns, fields, fix_columns, issue_columns

BITS = {"fits": 1, "trusted": 1, "trust": 7, "agreement": 6, "date": 17}
"""Room of each criterion in a packed BIGINT; below them 12 bits for the record's place."""

PLACE_BITS = 12
LAST_PLACE = (1 << PLACE_BITS) - 1
HAS_VALUE = 1 << (sum(BITS.values()) + PLACE_BITS)
"""The bit above all criteria: a record with a value beats every record without."""

TRUSTED = 70
"""Declared trust from which a source is no hearsay: see `trusted` in the order of a group."""

QUALITY: Mapping[str, str] = {
    "": "0",
    "marks": "CASE WHEN lower({r}.full_name) <> {r}.name_key THEN 1 ELSE 0 END",
    "precision": "CASE WHEN {r}.birth_day IS NOT NULL AND {r}.birth_month IS NOT NULL THEN 2"
    " WHEN {r}.birth_month IS NOT NULL THEN 1 ELSE 0 END",
}


FITS: Mapping[str, str] = {
    "birth_year": "CASE WHEN r.personal_number_birth_year <> r.birth_year THEN 0 ELSE 1 END",
    "sex": "CASE WHEN r.personal_number_sex <> r.sex THEN 0 ELSE 1 END",
}
"""By the leader of the group: 0 where the digits of the record's own number say otherwise (Circular 59/2021 art. 4)."""


@dataclass(frozen=True)
class Group:
    """Fields chosen together. `leader`: the field whose value makes a record eligible."""

    name: str
    members: tuple[str, ...]
    leader: str
    same: str
    quality: str
    order: tuple[str, ...]

    def columns(self) -> tuple[str, ...]:
        """Members with their companions."""
        companions = [f"{m}{end}" for m in self.members for end in ("_issue", "_fix")]
        known = {*issue_columns(), *fix_columns()}
        return (*self.members, *(c for c in companions if c in known))

    def survivors(self) -> tuple[str, ...]:
        """Members that carry `<field>_from` and whose losing values are kept."""
        known = fields()
        return tuple(m for m in self.members if m in known and known[m].survivorship)

    def issue(self) -> str:
        """The leader's companion that says why it has no value; empty when it has none."""
        field = "birth_date" if self.leader == "birth_year" else self.leader
        return f"{field}_issue" if f"{field}_issue" in issue_columns() else ""

    def quality_of(self, alias: str) -> str:
        """How complete the value of the row `alias` is, a small number."""
        return f"({QUALITY[self.quality].format(r=alias)})"

    def shift(self, criterion: str) -> int:
        """Where a criterion begins in the packed key."""
        after = self.order[self.order.index(criterion) + 1 :]
        return PLACE_BITS + sum(BITS[c] for c in after)


@cache
def groups() -> tuple[Group, ...]:
    """All groups, in the order of the table."""
    text = resources.files("dancu.engine.golden").joinpath("survivorship.csv").read_text("utf-8")
    return tuple(
        Group(
            row["group"],
            tuple(row["members"].split()),
            row["leader"],
            row["class"],
            row["quality"],
            tuple(row["order"].split()),
        )
        for row in csv.DictReader(text.splitlines())
    )


def person_columns() -> tuple[str, ...]:
    """Columns of `golden` that are chosen, in the order of the dictionary."""
    chosen = {c for group in groups() for c in group.columns()}
    return tuple(c for c in citizen_columns() if c in chosen)


def record_only_columns() -> tuple[str, ...]:
    """Shared columns that speak of a record, not of a person (an event's day, a list's update)."""
    chosen = set(person_columns())
    return tuple(c for c in citizen_columns() if c not in chosen)
