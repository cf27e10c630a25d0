"""The figures that a report needs, counted once: its unit's now and a year before, and those of the units below."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from dancu.engine.report.content import Target
from dancu.engine.report.indicators import Asked, Figure, Indicator
from dancu.engine.report.sentences import Known, codes
from dancu.platform.reports import counting, registry, targets
from dancu.platform.reports.indicators import MATCHED
from dancu.platform.reports_writing.lines import lines, tables
from dancu.reference.units import Unit, UnitTree


@dataclass(frozen=True)
class Order:
    """What is to be written: of which unit, over which days; `day`: of the paper."""

    unit: str
    asked: Asked
    day: dt.date

    @property
    def tree(self) -> UnitTree:
        """The units of the last day asked for."""
        return counting.units_on(self.asked.last)

    @property
    def key(self) -> str:
        """Names the report: unit and days."""
        return f"{self.unit}-{self.asked.first:%Y%m%d}-{self.asked.last:%Y%m%d}"


@dataclass(frozen=True)
class Gathered:
    """Figures by code and unit; of the year before, of the report's unit alone."""

    order: Order
    now: dict[str, dict[str, Figure]]
    before: dict[str, Figure]

    def has(self, code: str) -> bool:
        """Whether there is such an indicator at all."""
        return code in self.now

    def indicator(self, code: str) -> Indicator:
        """Its definition."""
        return registry.get(code)

    def figure(self, code: str, unit: str) -> Figure:
        """Of a unit; of nothing when it has no record."""
        one = registry.get(code)
        nothing = Figure(unit, Decimal(0), Decimal(0), one.measure, one.decimals)
        return self.now[code].get(unit, nothing)

    def known(self, code: str, unit: str, noun: str = "") -> Known:
        """All that may be said of it."""
        before = self.before.get(code) if unit == self.order.unit else None
        return Known(
            code, registry.get(code).version, unit, self.order.asked, self.figure(code, unit), noun, before,
            self.targets(code, unit),
        )  # fmt: skip

    def targets(self, code: str, unit: str) -> tuple[Target, ...]:
        """Those that bind the unit on the last day."""
        found = targets.of(code, unit, on=self.order.asked.last)
        return tuple(Target(t.value, t.comparison, t.set_by_vi) for t in found)


def gather(order: Order, *, using: str = "default") -> Gathered:
    """Counts everything that the report is made of; of the lists' match rates nothing is said of the year before."""
    wanted = [code for code in _codes() if code in registry.indicators()]
    now = counting.many([*wanted, *MATCHED], order.asked, using=using)
    before = counting.many(
        wanted, order.asked.year_before(), units=[order.unit], of=order.asked.last, using=using
    )
    return Gathered(order, now, {code: found[order.unit] for code, found in before.items()})


def _codes() -> Sequence[str]:
    told = [code for line in lines() for code in codes(line.template)]
    return list(dict.fromkeys([*told, *(t.indicator for t in tables() if t.indicator)]))


def below(order: Order, level: str) -> tuple[Unit, ...]:
    """The units of a level under the report's unit; communes where there is no level between."""
    tree = order.tree
    children = tree.children(order.unit)
    if level == "district" and any(c.level == "district" for c in children):
        return tuple(c for c in children if c.level == "district")
    return tuple(tree.communes_of(order.unit))
