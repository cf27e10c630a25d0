"""Two sides of a pair: what is marked as different is what an officer can see to be different."""

from __future__ import annotations

from typing import Any

import pytest

from dancu.platform.duplicates.sides import Side, compared

TODAY, OTHER = "Phường Bắc Giang (07210)", "Phường Đa Mai (07207)"
STEP = {
    "kind": "evidence",
    "name": "permanent_unit",
    "level": "different",
    "weight_shown": "-2,1",
    "items": [],
}


def side(unit: str) -> Side:
    values = {"permanent_unit": unit}
    return Side(
        1, "", None, "", None, "", 1, True, values, {}, frozenset({"residence", "identity"})
    )


@pytest.mark.parametrize(
    ("left", "right", "steps", "state", "weight"),
    [
        (TODAY, TODAY, [STEP], "same", ""),
        (TODAY, TODAY, [], "same", ""),
        (TODAY, OTHER, [STEP], "differs", "-2,1"),
        (TODAY, "", [], "one", ""),
    ],
)
def test_a_commune_named_by_codes_of_two_eras_is_the_same_commune(
    left: str, right: str, steps: list[Any], state: str, weight: str
) -> None:
    (line,) = compared(side(left), side(right), steps, "vi")
    assert (line["state"], line["weight"]) == (state, weight)
