"""Numbers of invented people, each unique: personal, old, social insurance, telephone.

Personal numbers are 900 + the province code, so that nobody living has one; social-insurance
numbers begin with 99. Old 9-digit numbers begin with 12 (the series of Bắc Giang) or, for people
born elsewhere, with another office's two digits.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from dancu.province.families import FEMALE, Ints

Longs = npt.NDArray[np.int64]


def personal(rng: np.random.Generator, province: Ints, sex: Ints, year: Ints) -> Longs:
    """12 digits: 900 + province, century and sex, two digits of the year, six random ones."""
    century = (year // 100 - 19) * 2 + (sex == FEMALE)
    stem = ((900 + province.astype(np.int64)) * 10 + century) * 100 + year % 100
    return unique(
        lambda rows: stem[rows] * 1_000_000 + rng.integers(0, 1_000_000, len(rows)), len(stem)
    )


def old(
    rng: np.random.Generator, local: npt.NDArray[np.bool_], holds: npt.NDArray[np.bool_]
) -> Longs:
    """9 digits for those who held one, 0 for the others."""
    rows_with = np.flatnonzero(holds)
    office = np.where(local, 12, rng.integers(13, 19, len(local)))[rows_with]
    found = np.zeros(len(local), dtype=np.int64)
    found[rows_with] = unique(
        lambda rows: office[rows] * 10_000_000 + rng.integers(0, 9_000_000, len(rows)),
        len(rows_with),
    )
    return found


def insurance(count: int) -> Longs:
    """10 digits beginning with 99, spread over the whole range and different for each row."""
    return 9_900_000_000 + (np.arange(count, dtype=np.int64) * 48_271 + 10_007) % 100_000_000


def phone(rng: np.random.Generator, count: int) -> Longs:
    """Mobile numbers without their leading 0."""
    prefix = rng.choice(
        np.array([32, 33, 34, 35, 36, 37, 38, 39, 70, 77, 81, 85, 96, 97, 98]), count
    )
    return prefix.astype(np.int64) * 10_000_000 + rng.integers(0, 10_000_000, count)


def unique(draw: Callable[[Ints], Longs], count: int) -> Longs:
    """Draw for all rows, then again for those that repeat an earlier row, until none does."""
    found = draw(np.arange(count, dtype=np.int32))
    while True:
        order = np.argsort(found, kind="stable")
        again = order[1:][found[order][1:] == found[order][:-1]]
        if not len(again):
            return found
        found[again] = draw(again.astype(np.int32))
