"""Numbers of invented people are lawful where test people are on, and never repeat."""

import numpy as np
import pytest

from dancu.formats import old_number, personal_number, tax_code
from dancu.province import numbers, registers

COUNT = 4000


def rng() -> np.random.Generator:
    return np.random.default_rng(11)


def test_personal_numbers_are_unique_even_when_a_group_is_crowded() -> None:
    everyone = np.full(200_000, 24)
    made = numbers.personal(rng(), everyone, np.full(200_000, 1), np.full(200_000, 1990))
    assert len(np.unique(made)) == 200_000
    assert {str(n)[:6] for n in made[:1000]} == {"924090"}


@pytest.mark.parametrize(
    ("sex", "year", "begins"),
    [(1, 1962, "924062"), (2, 1962, "924162"), (1, 2013, "924213"), (2, 2013, "924313")],
)
def test_personal_number_says_province_century_sex_and_year(
    sex: int, year: int, begins: str
) -> None:
    (made,) = numbers.personal(rng(), np.array([24]), np.array([sex]), np.array([year]))
    assert str(made).startswith(begins)
    assert personal_number.is_valid(str(made), test_people=True)
    assert not personal_number.is_valid(str(made))


def test_old_numbers_are_nine_digits_for_those_who_held_one() -> None:
    holds = np.arange(COUNT) % 3 > 0
    made = numbers.old(rng(), np.ones(COUNT, dtype=bool), holds)
    assert not made[~holds].any()
    assert len(np.unique(made[holds])) == holds.sum()
    assert all(old_number.is_valid(str(n)) for n in made[holds])


def test_tax_codes_have_the_right_check_digit_and_never_repeat() -> None:
    made = registers.tax_codes(COUNT)
    assert len(np.unique(made)) == COUNT
    assert all(tax_code.is_valid(str(code)) for code in made)
