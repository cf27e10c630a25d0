"""Which identifier a person keeps: what happened to its records, and who it is afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from dancu.store.register.identity import assign

A, B, C, N = (UUID(int=k) for k in (1, 2, 3, 99))
Moves = Mapping[int, tuple[int | None, int | None]]

CASES: list[tuple[Any, ...]] = [
    ("a first record: a new person", {}, {5}, {5: (None, 5)}, {}, {5: N}, [], []),
    ("a second record of the same person", {1: A}, {1}, {7: (None, 1)}, {}, {}, [], []),
    ("two become one: the smaller stays", {1: A, 2: B}, {1}, {2: (2, 1)}, {}, {}, [(B, A)], []),
    ("they part again: the former identifier is back", {1: A}, {1, 2}, {2: (1, 2)}, {2: B}, {2: B}, [], [B]),
    ("one parts that never was alone", {1: A}, {1, 4}, {4: (1, 4)}, {}, {4: N}, [], []),
    ("its smallest record is taken out: it goes on", {1: A}, {3}, {1: (1, None), 3: (1, 3)}, {}, {3: A}, [], []),
    ("its only record is taken out", {1: A}, set(), {1: (1, None)}, {}, {}, [(A, None)], []),
    ("the record comes back", {}, {1}, {1: (None, 1)}, {1: A}, {1: A}, [], [A]),
    (
        "its records go to two others: it follows its own number",
        {1: A, 2: B, 3: C}, {1, 3}, {2: (2, 3), 5: (2, 1)}, {}, {}, [(B, C)], [],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("case", "known", "now", "moved", "former", "born", "merged", "split"), CASES, ids=[c[0] for c in CASES]
)  # fmt: skip
def test_a_person_keeps_its_identifier(
    case: str,
    known: dict[int, UUID],
    now: set[int],
    moved: Moves,
    former: dict[int, UUID],
    born: dict[int, UUID],
    merged: list[tuple[UUID, UUID | None]],
    split: list[UUID],
) -> None:
    fresh = (UUID(int=n) for n in count(99))
    made = assign(
        known=known, now=frozenset(now), moved=moved, former=former, fresh=lambda: next(fresh)
    )
    assert made.born == born
    assert [(m.citizen, m.into) for m in made.merged] == merged
    assert made.split == split
