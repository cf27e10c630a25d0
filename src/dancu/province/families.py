"""Households: eight seats (grandparents, couple, four children) filled or empty, then unrolled.

Days are int32 days since 1970-01-01, persons and households are row numbers, -1 is "nobody".
The shares of household types, ages and births are assumptions shaped after the census of 2019
(3.6 people a household, a broad young base, few above 85); they are no statistics.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]
YEAR = 365.25
GRANDFATHER, GRANDMOTHER, HUSBAND, WIFE, CHILD = 0, 1, 2, 3, 4
SEATS = 8
MALE, FEMALE = 1, 2

# type: (share, grandfather, grandmother, husband, wife, children wanted)
_TYPES = (
    (0.035, 0, 0, 1, 0, 0),
    (0.065, 0, 0, 0, 1, 0),
    (0.160, 0, 0, 1, 1, 0),
    (0.470, 0, 0, 1, 1, 1),
    (0.045, 0, 0, 0, 1, 1),
    (0.015, 0, 0, 1, 0, 1),
    (0.080, 1, 1, 1, 1, 1),
    (0.095, 0, 1, 1, 1, 1),
    (0.035, 1, 0, 1, 1, 1),
)
_CHILDREN = (0.18, 0.47, 0.28, 0.07)
_TWINS = 0.011


@dataclass(frozen=True)
class Families:
    """Persons of all households, household after household, seat after seat."""

    household: Ints
    seat: Ints
    birth: Ints
    sex: Ints
    father: Ints
    mother: Ints
    spouse: Ints
    head: Bools
    twin: Bools
    marriage: Ints
    households: int


def make(rng: np.random.Generator, people: int, on: int) -> Families:
    """Exactly `people` persons born until the day `on`."""
    count = int(people / 2.6) + 40
    kinds = rng.choice(len(_TYPES), count, p=[t[0] for t in _TYPES]).astype(np.int32)
    births, twins = _births(rng, kinds, on)
    present = births <= on
    keep = _cut(present, people)
    births, twins, present = births[: len(keep)], twins[: len(keep)], keep
    return _unroll(rng, births, twins, present, on)


def _births(rng: np.random.Generator, kinds: Ints, on: int) -> tuple[Ints, Bools]:
    """Birth day of every seat; a day after `on` means an empty seat."""
    count = len(kinds)
    seats = np.array([t[1:] for t in _TYPES])[kinds]
    wife = (on - _wife_age(rng, kinds) * YEAR).astype(np.int32)
    older = np.clip(rng.normal(2.5, 3.0, count), -1.5, 12)
    husband = wife - (older * YEAR).astype(np.int64)
    husband = np.minimum(husband, on - int(21.5 * YEAR))
    grandmother = husband - (rng.uniform(19, 36, count) * YEAR).astype(np.int64)
    elder = np.clip(rng.normal(2.0, 3.0, count), -3, 10)
    grandfather = grandmother - (elder * YEAR).astype(np.int64)
    adults = np.stack([grandfather, grandmother, husband, wife], axis=1)
    empty = (seats[:, :4] == 0) | (adults < on - int(101 * YEAR))
    adults = np.where(empty, on + 1, adults)
    children, twins = _children(rng, wife, seats[:, 4] == 1, on)
    return np.concatenate([adults, children], axis=1).astype(np.int32), twins


def _wife_age(rng: np.random.Generator, kinds: Ints) -> npt.NDArray[np.float64]:
    count = len(kinds)
    old = rng.random(count)
    alone = np.where(old < 0.55, rng.uniform(60, 94, count), rng.uniform(22, 59, count))
    couple = np.where(old < 0.35, rng.uniform(21, 30, count), rng.uniform(50, 86, count))
    parents = rng.triangular(21, 34, 60, count)
    three = rng.triangular(22, 32, 54, count)
    return np.select([kinds <= 1, kinds == 2, kinds <= 5], [alone, couple, parents], three)


def _children(rng: np.random.Generator, mother: Ints, wanted: Bools, on: int) -> tuple[Ints, Bools]:
    count = len(mother)
    first = np.clip(rng.normal(24.0, 3.2, count), 18.5, 36)
    gaps = rng.uniform(1.4, 6.0, (count, 3))
    twins = np.zeros((count, 4), dtype=bool)
    twins[:, 1] = rng.random(count) < _TWINS
    gaps[:, 0] = np.where(twins[:, 1], 0.0, gaps[:, 0])
    age = np.concatenate([first[:, None], first[:, None] + np.cumsum(gaps, axis=1)], axis=1)
    born = mother[:, None] + (age * YEAR).astype(np.int64)
    born[:, 1] = np.where(twins[:, 1], born[:, 0], born[:, 1])
    number = 1 + rng.choice(4, count, p=_CHILDREN)
    leaves = rng.uniform(19, 34, (count, 4))
    away = (on - born) / YEAR > leaves
    none = ~wanted[:, None] | (np.arange(4) >= number[:, None]) | away | (age > 45) | (born > on)
    twins &= ~none
    twins[:, 1] &= ~none[:, 0]
    twins[:, 0] = twins[:, 1]
    return np.where(none, on + 1, born), twins


def _cut(present: Bools, people: int) -> Bools:
    """Whole households until `people` are there; the last one loses its youngest seats."""
    total = np.cumsum(present.sum(axis=1))
    last = int(np.searchsorted(total, people))
    kept = present[: last + 1].copy()
    surplus = int(total[last]) - people
    for seat in np.flatnonzero(kept[last])[::-1][:surplus]:
        kept[last, seat] = False
    return kept


def _unroll(
    rng: np.random.Generator, births: Ints, twins: Bools, present: Bools, on: int
) -> Families:
    household, seat = (a.astype(np.int32) for a in np.nonzero(present))
    row = np.where(present, np.cumsum(present).reshape(present.shape) - 1, -1).astype(np.int32)
    sex = np.where(np.isin(seat, (GRANDFATHER, HUSBAND)), MALE, FEMALE)
    child = seat >= CHILD
    sex = np.where(child, np.where(rng.random(len(seat)) < 0.528, MALE, FEMALE), sex)
    partner = np.array([GRANDMOTHER, GRANDFATHER, WIFE, HUSBAND, 0, 0, 0, 0])
    parent = np.array([-1, -1, GRANDFATHER, -1, *[HUSBAND] * 4])
    spouse = np.where(child, -1, row[household, partner[seat]])
    father = np.where(parent[seat] >= 0, row[household, parent[seat]], -1)
    mother = np.where(parent[seat] >= 0, row[household, parent[seat] + 1], -1)
    # Day -1, 31 December 1969, stands for «no day» in the lists: whoever was born then is a day older.
    born = np.where(births[household, seat] == -1, -2, births[household, seat])
    return Families(
        household=household,
        seat=seat,
        birth=born,
        sex=sex.astype(np.int32),
        father=father.astype(np.int32),
        mother=mother.astype(np.int32),
        spouse=spouse.astype(np.int32),
        head=_heads(rng, present)[household] == seat,
        twin=np.where(child, twins[household, np.maximum(seat - CHILD, 0)], False),
        marriage=_marriages(rng, births, present, on)[household, seat],
        households=len(present),
    )


def _heads(rng: np.random.Generator, present: Bools) -> Ints:
    """Seat of the head: four in ten grandparents, else the husband, one couple in ten the wife."""
    luck = rng.random(len(present))
    elder = np.where(present[:, GRANDFATHER], GRANDFATHER, GRANDMOTHER)
    use_elder = (luck < 0.4) & (present[:, GRANDFATHER] | present[:, GRANDMOTHER])
    wife_leads = present[:, WIFE] & (~present[:, HUSBAND] | (luck > 0.9))
    couple = np.where(wife_leads, WIFE, np.where(present[:, HUSBAND], HUSBAND, elder))
    return np.where(use_elder, elder, couple).astype(np.int32)


def _marriages(rng: np.random.Generator, births: Ints, present: Bools, on: int) -> Ints:
    """Wedding day by seat, -1 where there is none; never before 20 (men) and 18 (women)."""
    days = np.full(births.shape, -1, dtype=np.int32)
    for man, woman in ((GRANDFATHER, GRANDMOTHER), (HUSBAND, WIFE)):
        both = present[:, man] & present[:, woman]
        lawful = np.maximum(
            births[:, man] + int(20 * YEAR) + 3, births[:, woman] + int(18 * YEAR) + 3
        )
        day = lawful + (rng.gamma(2.0, 1.4, len(births)) * YEAR).astype(np.int64)
        first = births[:, CHILD] if man == HUSBAND else births[:, HUSBAND]
        before = np.maximum(lawful, first - rng.integers(250, 1500, len(births)))
        day = np.where(first <= on, np.minimum(day, before), day)
        day = np.minimum(day, np.maximum(lawful, on - rng.integers(8, 300, len(births))))
        days[:, man] = days[:, woman] = np.where(both, day, -1)
    return days
