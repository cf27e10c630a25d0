"""What a mean payment can be: an amount over a count, held against a standard in force on the day.

Sources: the standards in `domain/benefit_standards.csv`; the factors from Decree 20/2021 article 6 (coefficients up to
2.5 for ordinary monthly allowances) and article 56 of the Law on Social Insurance 58/2014 (lowest pension).

>>> [(one.amount_indicator, one.bound, int(one.limit)) for one in on(date(2024, 6, 21))]
[('social_cashless_amount', 'high', 900000), ('pension_amount', 'low', 1800000)]
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from dancu.reference.loader import day, rows, valid_on

Bound = Literal["high", "low"]


@dataclass(frozen=True, slots=True)
class Plausible:
    """The mean of `amount_indicator` over `count_indicator` in đồng: not above a high `limit`, not below a low one."""

    amount_indicator: str
    count_indicator: str
    bound: Bound
    limit: Decimal
    law: str
    why_vi: str
    why_en: str


def on(when: date) -> tuple[Plausible, ...]:
    """The limits that hold on the day; one whose standard is not known for the day is left out."""
    standards = {
        r["standard_code"]: r
        for r in rows("domain/benefit_standards.csv")
        if valid_on(day(r["effective_from"]), day(r["effective_to"]), on=when)
    }
    return tuple(
        Plausible(
            r["amount_indicator"], r["count_indicator"], _bound(r["bound"]),
            (Decimal(standard["value"]) * Decimal(r["factor"])).quantize(Decimal(1)),
            standard["legal_ref"], r["why_vi"], r["why_en"],
        )
        for r in rows("plausible_means.csv")
        if (standard := standards.get(r["standard_code"]))
    )  # fmt: skip


def _bound(text: str) -> Bound:
    return "high" if text == "high" else "low"
