"""Which targets hold for which indicator, in which units, on a day; several owners may ask for several.

Sources: values, comparisons (strict or not), periods: `domain/targets_and_thresholds.csv` alone; which row is
meant for what is said for public services by `services/indicator_targets.csv` (any unit) and for all else by
`report/targets.csv`, with the levels of units that are bound by it.

>>> [str(t.value) for t in of("online_rate_essential_25", level="commune", on=date(2024, 6, 21))]
['60', '70']
>>> [t.comparison for t in of("payment_account_coverage", level="district", on=date(2024, 6, 21))]
['ge']
>>> of("payment_account_coverage", level="commune", on=date(2024, 6, 21))
()
"""

from __future__ import annotations

from datetime import date
from functools import cache

from dancu.reference import service_targets
from dancu.reference.errors import ReferenceDataError
from dancu.reference.loader import in_force, rows
from dancu.reference.service_targets import Comparison, Target
from dancu.reference.units import Level

__all__ = ["Comparison", "Target", "of", "targets"]
LEVELS: tuple[Level, ...] = ("province", "district", "commune")


@cache
def targets() -> tuple[tuple[Target, frozenset[str]], ...]:
    """All, whenever valid, each with the levels it binds."""
    own = service_targets.read(rows("report/targets.csv"), file="report/targets.csv")
    levels = [frozenset(r["levels"].split()) for r in rows("report/targets.csv")]
    for bound in levels:
        if not bound or not bound <= set(LEVELS):
            raise ReferenceDataError(f"report/targets.csv: levels {' '.join(bound)!r}")
    everywhere = frozenset(LEVELS)
    return (*((t, everywhere) for t in service_targets.targets()), *zip(own, levels, strict=True))


def of(indicator: str, *, level: Level, on: date) -> tuple[Target, ...]:
    """The targets of a figure of a unit of the level that hold on the day, in the order of the tables."""
    mine = [t for t, bound in targets() if t.indicator == indicator and level in bound]
    return in_force(mine, on=on, period=lambda t: (t.valid_from, t.valid_to))
