"""What others have published of the same indicator: read beside our figures, never counted with them.

Source: `report/benchmarks.csv`; each with where it was published and when. A source that names a year or a month alone
is dated by the last day it can mean, so that a benchmark is never shown before it can have been known.

>>> [(str(b.value), b.scope_vi) for b in of("online_rate_all", on=date(2024, 6, 21))]
[('49.5', 'Toàn quốc')]
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from dancu.reference.loader import rows


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A published figure of somebody else; `numerator` and `denominator` where they were published too."""

    benchmark_id: str
    indicator: str
    scope_vi: str
    scope_en: str
    period_vi: str
    period_en: str
    value: Decimal
    numerator: Decimal | None
    denominator: Decimal | None
    unit: str
    source: str
    source_date: date


@cache
def benchmarks() -> tuple[Benchmark, ...]:
    """All of them."""
    return tuple(
        Benchmark(
            r["benchmark_id"], r["indicator"], r["scope_vi"], r["scope_en"], r["period_vi"], r["period_en"],
            Decimal(r["value"]), _number(r["numerator"]), _number(r["denominator"]), r["unit"], r["source"],
            date.fromisoformat(r["source_date"]),
        )
        for r in rows("report/benchmarks.csv")
    )  # fmt: skip


def of(indicator: str, *, on: date) -> tuple[Benchmark, ...]:
    """Those of the indicator that were published by the day."""
    return tuple(b for b in benchmarks() if b.indicator == indicator and b.source_date <= on)


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None
