"""Administrative units, valid in time. Every question carries a day; never join on names.

>>> from datetime import date
>>> tree = on(date(2024, 6, 21))
>>> len(tree.communes_of("24")), len(on(date(2025, 7, 1)).communes_of("24"))
(209, 99)
>>> [u.full_name for u in tree.get("07204").as_of(date(2026, 11, 1))]
['Phường Bắc Giang']
>>> thanh_hai = tree.get("07549").successors(on=date(2025, 1, 1))
>>> [(s.unit.full_name, s.kind, s.people) for s in thanh_hai]
[('Phường Thanh Hải', 'part', 17413), ('Xã Biên Sơn', 'people_moved', 520)]
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from dancu.reference.loader import rows
from dancu.reference.units.changes import predecessors as _predecessors
from dancu.reference.units.changes import successors as _successors
from dancu.reference.units.model import Kind, Level, Succession, Unit, UnitTree
from dancu.reference.units.states import FIRST_DAY, spells, state_on, states, tree_from
from dancu.reference.units.tables import successor_table, table

__all__ = [
    "FIRST_DAY",
    "FormerName",
    "Kind",
    "Level",
    "Succession",
    "Unit",
    "UnitTree",
    "days_of_change",
    "former_names",
    "history",
    "on",
    "predecessors",
    "successor_table",
    "successors",
    "table",
]


def on(day: date) -> UnitTree:
    """The tree in force on the day; raises UnknownDayError before 1 May 2024."""
    return replace(tree_from(state_on(day).first), day=day)


def history(code: str) -> tuple[Unit, ...]:
    """Every unit that carried the code, oldest first; empty for an unknown code."""
    return spells().get(code, ())


def days_of_change() -> tuple[date, ...]:
    """The first days of the known states, oldest first."""
    return tuple(state.first for state in states())


def successors(code: str, *, since: date, on: date) -> tuple[Succession, ...]:
    """Successors on the day `on` of the unit that carried the code on the day `since`."""
    return _successors(tree_from(state_on(since).first).get(code), on=on)


def predecessors(code: str, *, since: date, on: date) -> tuple[Succession, ...]:
    """Predecessors on the earlier day `on` of the unit that carries the code on `since`."""
    return _predecessors(tree_from(state_on(since).first).get(code), on=on)


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name that no longer existed in 2025: `key` without marks and spaces, its heir's code."""

    key: str
    code_2025h1: str
    district_code_2025h1: str
    reform_year: int


@cache
def former_names() -> tuple[FormerName, ...]:
    """Former commune names of Bắc Giang (reforms of 2019 and of 1 January 2025)."""
    return tuple(
        FormerName(
            r["former_key"], r["code_2025h1"], r["district_code_2025h1"], int(r["reform_year"])
        )
        for r in rows("admin/bacgiang_former_names.csv")
    )
