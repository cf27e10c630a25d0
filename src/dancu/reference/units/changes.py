"""Who took over whose people: the edges between two neighbouring states, and their chains.

Sources: `bacgiang_lineage.csv` (1 January 2025, Bắc Giang), `mapping_2025-07-01.csv` (the whole
country), `changes_2026.csv` (types only). Outside Bắc Giang the target of a commune that
vanished on 1 January 2025 is not in our sources: it has no successor, never a guessed one.
Districts and provinces follow their communes. An area given away without people is no edge.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import pairwise

from dancu.reference.loader import Row, rows
from dancu.reference.units.model import Kind, Succession, Unit
from dancu.reference.units.states import State, spells, state_on, states

_RANK: tuple[Kind, ...] = ("unchanged", "renamed", "whole", "part", "people_moved")
_OF_LINEAGE: dict[str, Kind] = {
    "unchanged": "unchanged",
    "kept_code_moved_district": "renamed",
    "kept_code_new_type": "renamed",
    "kept_code_new_name": "whole",
    "merged_into": "whole",
    "enlarged_by_merge": "whole",
    "part_of_people_moved": "people_moved",
}
_OF_MAPPING: dict[str, Kind] = {
    "unchanged": "unchanged",
    "renamed": "renamed",
    "whole": "whole",
    "part_area_all_people": "whole",
    "part": "part",
    "part_people": "people_moved",
}
_MERGED_2025 = date(2025, 1, 1)
_TWO_LEVELS = date(2025, 7, 1)


@dataclass(frozen=True, slots=True)
class Edge:
    """People of code `old` (the state before) are in code `new` (the state after)."""

    old: str
    new: str
    kind: Kind
    share: float | None = None
    people: int | None = None


@cache
def edges(first: date) -> tuple[Edge, ...]:
    """The edges into the state that begins on `first`, of all three levels."""
    before, after = next((a, b) for a, b in pairwise(states()) if b.first == first)
    communes = tuple(_commune_edges(before, after))
    by_district = _rolled_up(communes, before, after, "district_code")
    by_province = _rolled_up(communes, before, after, "province_code")
    islands = _islands() if first == _TWO_LEVELS else ()
    return (*communes, *by_district, *islands, *by_province)


def _commune_edges(before: State, after: State) -> Iterator[Edge]:
    if after.first == _TWO_LEVELS:
        yield from _of_mapping()
        return
    told: dict[str, list[Edge]] = defaultdict(list)
    if after.first == _MERGED_2025:
        for edge in _of_lineage():
            told[edge.old].append(edge)
    for code, old in before.rows.items():
        if len(code) == 5:
            yield from told[code] or _kept(code, old, after)


def _kept(code: str, old: Row, after: State) -> Iterable[Edge]:
    new = after.rows.get(code)
    if new is None:
        return ()
    same = (new["full_name"], new["district_code"]) == (old["full_name"], old["district_code"])
    return (Edge(code, code, "unchanged" if same else "renamed"),)


def _of_mapping() -> Iterator[Edge]:
    for row in rows("admin/mapping_2025-07-01.csv"):
        kind = _OF_MAPPING.get(row["kind"])
        if row["old_code"] and kind is not None:
            yield Edge(row["old_code"], row["new_code"], kind)


def _islands() -> tuple[Edge, ...]:
    """The island districts without communes that became special zones."""
    return tuple(
        Edge(r["old_district_code"], r["new_code"], "whole")
        for r in rows("admin/mapping_2025-07-01.csv")
        if not r["old_code"] and r["note_vi"].startswith("Sắp xếp toàn bộ huyện")
    )


def _of_lineage() -> Iterator[Edge]:
    moved = {r["code_2024"]: int(r["people_moved"]) for r in _lineage() if r["people_moved"]}
    left = {r["old_name"]: int(r["old_population"]) for r in _resolution_1191()}
    for row in _lineage():
        old, kind = row["code_2024"], _OF_LINEAGE[row["how_2025_01_01"]]
        edge = Edge(old, row["code_2025h1"], kind)
        if old in moved:
            # Resolution 1191 states the people of Thanh Hải after the 520 had left.
            stayed = left[row["name_2024"].removeprefix("Xã ")]
            people = moved[old] if kind == "people_moved" else stayed
            share = people / (stayed + moved[old])
            kept: Kind = "people_moved" if kind == "people_moved" else "part"
            edge = replace(edge, kind=kept, share=share, people=people)
        yield edge


def _lineage() -> tuple[Row, ...]:
    return rows("admin/bacgiang_lineage.csv")


def _resolution_1191() -> Iterator[Row]:
    for row in rows("domain/unit_changes_1191_2025_01_01.csv"):
        if row["change"] == "converted":
            yield row


def _rolled_up(
    communes: Iterable[Edge], before: State, after: State, level: str
) -> tuple[Edge, ...]:
    """Edges of districts or provinces, read off where their communes went."""
    pairs: dict[str, dict[str, bool]] = defaultdict(dict)
    sources: dict[str, set[str]] = defaultdict(set)
    for edge in communes:
        old, new = before.rows[edge.old][level], after.rows[edge.new][level]
        if old and new:
            moved_only = edge.kind == "people_moved"
            pairs[old][new] = pairs[old].get(new, True) and moved_only
            sources[new].add(old)
    found = []
    for old, targets in pairs.items():
        for new, moved_only in targets.items():
            kind = _group_kind(old, new, targets, moved_only, sources, before, after)
            found.append(Edge(old, new, kind))
    return tuple(found)


def _group_kind(
    old: str,
    new: str,
    targets: dict[str, bool],
    moved_only: bool,
    sources: dict[str, set[str]],
    before: State,
    after: State,
) -> Kind:
    if moved_only:
        return "people_moved"
    if sum(not only for only in targets.values()) > 1:
        return "part"
    if old != new or len(sources[new]) > 1:
        return "whole"
    same = before.rows[old]["full_name"] == after.rows[new]["full_name"]
    return "unchanged" if same else "renamed"


def _worse(a: Kind, b: Kind) -> Kind:
    return max(a, b, key=_RANK.index)


def _join(path: Edge, step: Edge) -> Edge:
    share = None if path.share is None and step.share is None else _times(path, step)
    kind = _worse(path.kind, step.kind)
    people = path.people if step.kind in ("unchanged", "renamed", "whole") else step.people
    return Edge(path.old, step.new, kind, share, people)


def _times(path: Edge, step: Edge) -> float | None:
    whole = ("unchanged", "renamed", "whole")
    first = 1.0 if path.kind in whole else path.share
    second = 1.0 if step.kind in whole else step.share
    return None if first is None or second is None else first * second


def chains(*, frm: date, to: date) -> dict[str, tuple[Edge, ...]]:
    """For every code in force on `frm`: its edges to the codes in force on the later day `to`."""
    return _chains(state_on(frm).first, state_on(to).first)


@cache
def _chains(frm: date, to: date) -> dict[str, tuple[Edge, ...]]:
    found: dict[str, tuple[Edge, ...]] = {
        code: (Edge(code, code, "unchanged"),) for code in state_on(frm).rows
    }
    for state in states():
        if frm < state.first <= to:
            found = _extended(found, edges(state.first))
    return found


def _extended(
    found: dict[str, tuple[Edge, ...]], steps: Iterable[Edge]
) -> dict[str, tuple[Edge, ...]]:
    by_old: dict[str, list[Edge]] = defaultdict(list)
    for step in steps:
        by_old[step.old].append(step)
    return {
        code: _merged(_join(path, step) for path in paths for step in by_old[path.new])
        for code, paths in found.items()
    }


def _merged(paths: Iterable[Edge]) -> tuple[Edge, ...]:
    """One edge for each target, the largest claim first; shares that meet again are added."""
    best: dict[str, Edge] = {}
    for path in paths:
        seen = best.get(path.new)
        best[path.new] = path if seen is None else _met(seen, path)
    if len(best) == 1:
        (only,) = best.values()
        kind: Kind = "whole" if only.kind in ("part", "people_moved") else only.kind
        best = {only.new: replace(only, kind=kind)}
    return tuple(sorted(best.values(), key=lambda e: (_RANK.index(e.kind), e.new)))


def _met(a: Edge, b: Edge) -> Edge:
    share = None if a.share is None or b.share is None else min(1.0, a.share + b.share)
    people = None if a.people is None or b.people is None else a.people + b.people
    return replace(a, kind=min(a.kind, b.kind, key=_RANK.index), share=share, people=people)


def _spell(code: str, on: date) -> Unit:
    return next(u for u in spells()[code] if u.in_force(on=on))


def successors(unit: Unit, *, on: date) -> tuple[Succession, ...]:
    """The units of the later day `on` that hold the unit's people (itself while in force)."""
    if unit.in_force(on=on):
        return (Succession(unit, "unchanged", 1.0),)
    if on < unit.valid_from:
        return ()
    last = unit.valid_to or unit.valid_from
    return tuple(
        Succession(_spell(e.new, on), e.kind, _share(e), e.people)
        for e in chains(frm=last, to=on)[unit.code]
    )


def predecessors(unit: Unit, *, on: date) -> tuple[Succession, ...]:
    """The units of the earlier day `on` whose people the unit holds; `share` is of theirs."""
    if unit.in_force(on=on):
        return (Succession(unit, "unchanged", 1.0),)
    if on > unit.valid_from:
        return ()
    return tuple(
        Succession(_spell(e.old, on), e.kind, _share(e), e.people)
        for paths in chains(frm=on, to=unit.valid_from).values()
        for e in paths
        if e.new == unit.code
    )


def _share(edge: Edge) -> float | None:
    return 1.0 if edge.kind in ("unchanged", "renamed", "whole") else edge.share
