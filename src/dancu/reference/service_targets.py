"""Which targets hold for which figure of public services, on a day; several owners may ask for several.

Sources: `services/indicator_targets.csv` says which row of `domain/targets_and_thresholds.csv` is meant; the value, the
comparison (strict or not) and the period are said there alone. The 60 and 70 per cent of 2024 hold for the 25 services
together and, as the review of June 2024 has it, for each of them.

>>> [(str(t.value), t.comparison, t.set_by_vi) for t in of("online_rate_driving_licence", on=date(2024, 6, 21))]
[('60', 'gt', 'Chính phủ'), ('70', 'gt', 'UBND tỉnh')]
>>> [str(t.value) for t in of("paper_dossiers_essential_25", on=date(2025, 11, 1))]
['0']
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Literal, cast

from dancu.reference.errors import ReferenceDataError
from dancu.reference.loader import Row, day, in_force, rows

Comparison = Literal["gt", "ge", "eq", "le", "lt"]


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure must come to, from the first to the last day."""

    target_id: str
    indicator: str
    value: Decimal
    comparison: Comparison
    valid_from: date | None
    valid_to: date | None
    set_by_vi: str
    set_by_en: str
    source: str
    confidence: str


@cache
def targets() -> tuple[Target, ...]:
    """All of this sector, whenever valid."""
    return read(rows("services/indicator_targets.csv"), file="indicator_targets.csv")


def read(lines: Iterable[Row], *, file: str) -> tuple[Target, ...]:
    """The targets that lines of (indicator, target_id, set_by_vi, set_by_en) mean."""
    said = {r["target_id"]: r for r in rows("domain/targets_and_thresholds.csv")}
    found = []
    for line in lines:
        r = said.get(line["target_id"])
        if r is None or r["comparison"] not in ("gt", "ge", "eq", "le", "lt"):
            raise ReferenceDataError(f"{file}: {line['target_id']}")
        found.append(
            Target(
                r["target_id"], line["indicator"], Decimal(r["value"]), cast(Comparison, r["comparison"]),
                day(r["valid_from"]), day(r["valid_to"]), line["set_by_vi"], line["set_by_en"],
                r["source"], r["confidence"],
            )
        )  # fmt: skip
    return tuple(found)


def of(indicator: str, *, on: date) -> tuple[Target, ...]:
    """The targets of a figure that hold on the day, in the order of the table."""
    valid = in_force(targets(), on=on, period=lambda t: (t.valid_from, t.valid_to))
    return tuple(target for target in valid if target.indicator == indicator)
