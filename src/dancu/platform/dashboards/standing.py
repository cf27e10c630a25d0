"""Where a unit stands among its like, and which units are behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from dancu.engine.report.indicators import Figure, Indicator
from dancu.engine.report.ranking import Ranked, Ranking, ranking
from dancu.platform.dashboards import shown as line
from dancu.platform.dashboards import told
from dancu.platform.dashboards.asked import Question
from dancu.platform.dashboards.told import Figures
from dancu.platform.reports import registry, shown, targets
from dancu.platform.reports.targets import Distance
from dancu.reference import report_targets
from dancu.reference.units import Level, Unit


@dataclass(frozen=True)
class Behind:
    """A unit that misses targets: in which figures, by how many records in all."""

    unit: Unit
    above: str
    missed: list[tuple[Indicator, Figure, Distance]]
    query: str

    @property
    def records(self) -> int:
        """Of all that it misses."""
        return sum(distance.convert for _indicator, _figure, distance in self.missed)

    @property
    def told(self) -> list[str]:
        """Each with its value, its parts and the gap in words."""
        return [
            f"{shown.name(i)}: {line.text(f, i, [d.target])} ({parts}); {line.gap(i, f, d)}"
            if (parts := shown.parts(f)) else f"{shown.name(i)}: {line.text(f, i)}; {line.gap(i, f, d)}"
            for i, f, d in self.missed
        ]  # fmt: skip


def peers(q: Question, level: Level) -> list[Unit]:
    """The units of a level in the province, on the question's day."""
    if level == "commune":
        return list(q.tree.communes_of(q.root))
    if level == "district":
        return [d for d in q.tree.districts if d.province_code == q.root]
    return [q.tree.get(q.root)]


def under(q: Question, level: Level) -> list[Unit]:
    """Those of a level inside the question's unit; beside it, where it has none below."""
    inside = [
        u for u in peers(q, level) if q.unit.code in {above.code for above in q.tree.path(u.code)}
    ]
    if inside != [q.unit]:
        return inside
    beside = q.tree.path(q.unit.code)[-2:-1]
    return list(q.tree.children(beside[0].code)) if beside else inside


def below(q: Question) -> Level:
    """The level right below the question's unit; of a commune its own."""
    children = q.tree.children(q.unit.code)
    return children[0].level if children else q.unit.level


def ranked(q: Question, found: Figures, code: str, units: Sequence[Unit]) -> Ranking:
    """The units in order of a figure, those with too few records apart."""
    figures = [told.of_unit(found, code, u.code) for u in units]
    return ranking(registry.get(code), figures)


def place(q: Question, found: Figures, code: str) -> Ranked | None:
    """The unit's own place among its like; None where it stands alone, and of counts, which tell its size."""
    one = registry.get(code)
    if one.better == "neither" or one.measure in ("count", "sum"):
        return None
    order = ranked(q, found, code, peers(q, q.unit.level))
    if len(order.ranked) < 2:
        return None
    return next((r for r in order.ranked if r.figure.unit_code == q.unit.code), None)


def behind(q: Question, found: Figures, codes: Sequence[str]) -> list[Behind]:
    """Communes in the unit that miss a target: most targets first, then most records."""
    bound = [code for code in codes if _binds(q, code)]
    rows = []
    for unit in q.tree.communes_of(q.unit.code) if bound else ():
        missed = [m for code in bound if (m := _missed(q, found, code, unit.code))]
        if missed:
            district = q.tree.find(unit.district_code) if unit.district_code else None
            rows.append(
                Behind(unit, district.full_name if district else "", missed, q.link(unit.code))
            )
    return sorted(rows, key=lambda b: (-len(b.missed), -b.records, b.unit.code))


def far(q: Question, figure: Figure, code: str, level: Level) -> list[Distance]:
    """Distances to the targets that bind units of the level; quick where there are none."""
    if not _bound(code, level, q.shown):
        return []
    return targets.distances(code, figure, on=q.shown, level=level)


@lru_cache(maxsize=1024)
def _bound(code: str, level: Level, day: dt.date) -> bool:
    return bool(report_targets.of(code, level=level, on=day))


def _binds(q: Question, code: str) -> bool:
    """Whether communes have a target for it."""
    communes = q.tree.communes_of(q.unit.code)
    return bool(communes) and _bound(code, "commune", q.shown)


def _missed(
    q: Question, found: Figures, code: str, unit: str
) -> tuple[Indicator, Figure, Distance] | None:
    """The farthest target that a unit misses in a figure."""
    figure = found[code].get(unit)
    if figure is None:
        return None
    far = [
        d
        for d in targets.distances(code, figure, on=q.shown, level="commune")
        if d.reached is False
    ]
    if not far:
        return None
    return registry.get(code), figure, max(far, key=lambda d: d.convert)
