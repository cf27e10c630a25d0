"""The cost of compliance: a figure for every day, and what one dossier takes from who files it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from dancu.reference import compliance
from dancu.reference.errors import ReferenceDataError


def test_an_hour_has_one_price_on_every_day_and_it_changes_with_the_year() -> None:
    day, seen = dt.date(2021, 1, 1), {}
    while day <= dt.date(2026, 12, 31):
        seen.setdefault(compliance.income(on=day).year, compliance.hourly_income(on=day))
        day += dt.timedelta(days=1)
    assert list(seen) == [2021, 2022, 2023, 2024, 2025]
    assert list(seen.values()) == sorted(seen.values())
    with pytest.raises(ReferenceDataError):
        compliance.income(on=dt.date(2020, 12, 31))


@pytest.mark.parametrize(
    ("proofs", "channel", "hours", "cost"),
    [
        ((), 2, "0.25", 0),  # nothing to bring, filed online
        (("form",), 2, "0.75", 0),
        (("form", ""), 1, "4.5", 50_000),  # a form, a paper, two visits
        (("register:personal_number", "result:BG.ES12"), 2, "0.25", 0),  # data prove both
        (("",), 3, "1.5", 40_000),  # by post
    ],
)
def test_what_one_dossier_takes(
    proofs: tuple[str, ...], channel: int, hours: str, cost: int
) -> None:
    found = compliance.of_dossier(proofs, channel=channel, fee=0, on=dt.date(2025, 7, 7))
    assert (found.hours, found.cost) == (Decimal(hours), cost)
    assert found.worth(50_000) == round(Decimal(hours) * 50_000) + cost
