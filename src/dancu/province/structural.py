"""Flaws that are rows, not cells: the dead and the departed still listed, one person twice."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from dancu.province.families import CHILD, Ints
from dancu.province.flaws import Log, kinds, replaced
from dancu.province.lists import Draft, day_of
from dancu.province.world import World, birthday


def rate(kind: str, source: str) -> float:
    """The rate of a kind in a source; 0 where it is not planted."""
    return next((k.rate for k in kinds() if k.kind == kind and source in k.sources), 0.0)


def stale(world: World, source: str, rng: np.random.Generator) -> Ints:
    """Persons who should no longer stand on the list of the day but do."""
    on = day_of(world, source) - 20
    luck = rng.random(world.size)
    dead = (world.died >= 0) & (world.died <= on) & (world.left < 0)
    dead &= luck < rate("dead_listed", source)
    if source == "social_benefits":
        # They received the pension of the very old, for half a year at least.
        dead &= birthday(world.family.birth, 80) + 180 < world.died
    gone = (world.left >= 0) & (world.left <= on) & (world.died < 0)
    # A whole household, so that what is left of it still has its head.
    gone &= rng.random(world.family.households)[world.family.household] < rate(
        "moved_listed", source
    )
    return np.flatnonzero(dead | gone).astype(np.int32)


def twice(world: World, source: str, people: Ints, rng: np.random.Generator) -> Ints:
    """The persons with some of them repeated in the next row (in households: children only)."""
    may = np.ones(len(people), dtype=bool)
    if source == "population":
        may = world.family.seat[people] >= CHILD
    chosen = may & (rng.random(len(people)) < rate("person_twice", source))
    found: Ints = np.repeat(people, 1 + chosen)
    return found


def note(world: World, draft: Draft, log: Log) -> None:
    """Write the rows that `stale` and `twice` made into the log."""
    people = draft.people
    again = np.flatnonzero(people[1:] == people[:-1]).astype(np.int32) + 1
    rows = np.unique(np.concatenate([again, again - 1])).astype(np.int32)
    log.note(rows, "person_twice", "personal_number", 3, "planted")
    if rate("dead_listed", draft.source):
        died, left = world.died[people], world.left[people]
        dead = np.flatnonzero((died >= 0) & (died <= draft.day)).astype(np.int32)
        log.note(dead, "dead_listed", "life_status", 7, "planted")
        gone = np.flatnonzero((left >= 0) & (left <= draft.day)).astype(np.int32)
        log.note(gone, "moved_listed", "permanent_unit", 7, "planted")


def differ(draft: Draft, rng: np.random.Generator) -> Draft:
    """Make the repeated rows differ in what people give differently: hamlet or telephone."""
    again = np.flatnonzero(draft.people[1:] == draft.people[:-1]).astype(np.int32) + 1
    role = next((r for r in ("hamlet", "phone") if r in draft.cells), None)
    if role is None or not len(again):
        return draft
    other = rng.permutation(again) if role == "phone" else np.maximum(again - 2, 0)
    texts = draft.cells[role].take(pa.array(other)).to_pylist()
    return draft.with_cells({role: replaced(draft.cells[role], again, texts)})
