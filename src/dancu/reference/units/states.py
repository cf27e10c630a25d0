"""The states of the tree since 1 May 2024 and the spells of each unit in them.

Known days: 2024-05-01 (list), 2025-01-01 (list of 30 June 2025), 2025-07-01 (list), and the
three days of 2026 (the July 2025 list changed by `changes_2026.csv`).
Assumption: the list of 30 June 2025 is taken as in force since 1 January 2025 for the whole
country. For Bắc Giang that is the law (Resolution 1191/NQ-UBTVQH15, checked against
`bacgiang_lineage.csv`); elsewhere most acts of late 2024 name that day, some 1 September,
1 November or 1 December 2024 or 1 March 2025, and our sources do not say which.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

from dancu.reference.errors import UnknownDayError
from dancu.reference.loader import Row, rows
from dancu.reference.units.model import LEVEL_OF_LENGTH, Unit, UnitTree

LISTS = {
    date(2024, 5, 1): "admin/units_2024-05-01.csv",
    date(2025, 1, 1): "admin/units_2025-06-30.csv",
    date(2025, 7, 1): "admin/units_2025-07-01.csv",
}
FIRST_DAY = min(LISTS)
_FIELDS = ("type", "name", "full_name", "parent_code", "district_code", "province_code")


@dataclass(frozen=True, slots=True)
class State:
    """The rows in force from `first` to `last` (None = until now), by code."""

    first: date
    last: date | None
    rows: dict[str, Row]


@cache
def states() -> tuple[State, ...]:
    """All states, oldest first."""
    found = {first: {r["code"]: r for r in rows(path)} for first, path in LISTS.items()}
    newest = found[max(found)]
    for first in sorted({r["effective_from"] for r in rows("admin/changes_2026.csv")}):
        newest = {**newest, **_changed(newest, first)}
        found[date.fromisoformat(first)] = newest
    firsts = sorted(found)
    lasts = [b - timedelta(days=1) for b in firsts[1:]]
    return tuple(State(f, x, found[f]) for f, x in zip(firsts, [*lasts, None], strict=True))


def _changed(before: dict[str, Row], first: str) -> dict[str, Row]:
    """Rows that the acts in force from `first` give a new type (province to city, xã to phường)."""
    changed = {}
    for act in rows("admin/changes_2026.csv"):
        if act["effective_from"] == first:
            old = before[act["code"]]
            full = act["full_name_after"]
            kind = full.removesuffix(old["name"]).strip()
            changed[act["code"]] = {**old, "full_name": full, "type": kind}
    return changed


def state_on(on: date) -> State:
    """The state in force on the day; raises UnknownDayError before 1 May 2024."""
    for state in reversed(states()):
        if state.first <= on:
            return state
    raise UnknownDayError(
        f"Danh mục đơn vị chỉ có từ ngày {FIRST_DAY:%d/%m/%Y}, không trả lời được cho ngày "
        f"{on:%d/%m/%Y}. Hãy chọn ngày muộn hơn. (Unit lists start on {FIRST_DAY}.)"
    )


@cache
def spells() -> dict[str, tuple[Unit, ...]]:
    """Every unit of every code, oldest first; a spell ends when its row or its make-up changes."""
    by_code: dict[str, list[Unit]] = defaultdict(list)
    breaks = _breaks()
    runs: dict[str, tuple[Row, date]] = {}
    for state in states():
        runs = {
            code: (row, _first_of(code, row, state.first, runs, breaks))
            for code, row in state.rows.items()
        }
        for code, (row, first) in runs.items():
            unit = _unit(row, first, state.last)
            if by_code[code] and by_code[code][-1].valid_from == first:
                by_code[code][-1] = unit
            else:
                by_code[code].append(unit)
    return {code: tuple(units) for code, units in by_code.items()}


def _first_of(
    code: str, row: Row, now: date, runs: dict[str, tuple[Row, date]], breaks: set[tuple[str, date]]
) -> date:
    before = runs.get(code)
    same = before is not None and all(before[0][f] == row[f] for f in _FIELDS)
    return before[1] if before is not None and same and (code, now) not in breaks else now


def _breaks() -> set[tuple[str, date]]:
    """(code, day) where a unit kept its row but not its people: it grew, or it lost some."""
    from dancu.reference.units.changes import edges

    found: set[tuple[str, date]] = set()
    for _, after in pairwise(states()):
        for edge in edges(after.first):
            if edge.kind != "unchanged":
                found |= {(edge.old, after.first), (edge.new, after.first)}
    return found


def _unit(row: Row, first: date, last: date | None) -> Unit:
    values = {name: row[name] for name in _FIELDS}
    level = LEVEL_OF_LENGTH[len(row["code"])]
    return Unit(code=row["code"], level=level, valid_from=first, valid_to=last, **values)


@cache
def tree_from(first: date) -> UnitTree:
    """The tree of the state that begins on `first`."""
    units = tuple(u for us in spells().values() for u in us if u.in_force(on=first))
    below: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        below[unit.parent_code].append(unit)
    level = {k: tuple(u for u in units if u.level == k) for k in LEVEL_OF_LENGTH.values()}
    return UnitTree(
        first,
        level["province"],
        level["district"],
        level["commune"],
        {u.code: u for u in units},
        {code: tuple(us) for code, us in below.items()},
    )
