"""Which identifier a person keeps when records come together, part, or vanish: a pure function.

The engine names a person by its smallest record. Others (letters, other systems) keep the identifier given here:
two persons that become one keep that of the smaller; one that parts again gets its own back; one whose smallest
record was taken out goes on under the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class Merged:
    """A person that is no more: its number in the engine, its identifier, and who it is now part of (None: nobody)."""

    person: int
    citizen: UUID
    into: UUID | None


@dataclass
class Identities:
    """`born`: the identifier of every new person. The rest is what others must be told."""

    born: dict[int, UUID] = field(default_factory=dict)
    merged: list[Merged] = field(default_factory=list)
    split: list[UUID] = field(default_factory=list)


def assign(
    *,
    known: Mapping[int, UUID],
    now: frozenset[int],
    moved: Mapping[int, tuple[int | None, int | None]],
    former: Mapping[int, UUID],
    fresh: Callable[[], UUID],
) -> Identities:
    """`known`: persons before; `now`: persons after; `moved`: record -> person before and after (None: not there).

    `former`: identifiers of persons among `now` that had been merged into others, or taken out.
    """
    out = Identities()
    gone, born = known.keys() - now, now - known.keys()
    went = _heirs(moved, gone)
    taken: set[int] = set()
    for person in sorted(born):
        before = sorted(g for g, heirs in went.items() if heirs == {person} and g not in taken)
        if person in former:
            out.born[person] = former[person]
            out.split.append(former[person])
        elif before:
            out.born[person] = known[before[0]]
            taken.add(before[0])
        else:
            out.born[person] = fresh()
    after = {**known, **out.born}
    for person in sorted(gone - taken):
        if person not in went:
            out.merged.append(Merged(person, known[person], None))
            continue
        # The record that gave the person its number says where the person went, if it is still there.
        anchor = moved.get(person, (None, None))[1]
        into = anchor if anchor is not None else min(went[person])
        out.merged.append(Merged(person, known[person], after[into]))
    return out


def _heirs(
    moved: Mapping[int, tuple[int | None, int | None]], gone: set[int]
) -> dict[int, set[int]]:
    heirs: dict[int, set[int]] = {}
    for before, after in moved.values():
        if before in gone and after is not None and before is not None:
            heirs.setdefault(before, set()).add(after)
    return heirs
