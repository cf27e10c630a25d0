"""Which units fall short of a target: named in the report, the lowest first, each with its figure and the target."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from dancu.engine.report.content import Part, Sentence, Target
from dancu.engine.report.indicators import reaches
from dancu.engine.report.sentences import Known, joined, share, told_target
from dancu.platform.reports_writing.gathering import Gathered, below
from dancu.platform.reports_writing.layout import lower
from dancu.platform.reports_writing.lines import Table, tables
from dancu.reference.units import Unit

NAMED = 5


@dataclass(frozen=True)
class Short:
    """A unit, its figure, and the targets it does not reach."""

    unit: Unit
    known: Known
    unmet: tuple[Target, ...]

    @property
    def share(self) -> Decimal:
        """For the order: the lowest first."""
        return self.known.figure.numerator / self.known.figure.denominator


def behind(found: Gathered) -> Iterator[Sentence]:
    """A sentence for each annex by districts in which somebody falls short; small units are not named."""
    for table in tables():
        if table.level == "district" and found.has(table.indicator):
            units = below(found.order, table.level)
            short = _short(found, table, units)
            if short:
                yield _sentence(found, table, len(units), short)


def _short(found: Gathered, table: Table, units: tuple[Unit, ...]) -> list[Short]:
    few = found.indicator(table.indicator).few
    told = []
    for unit in units:
        known = found.known(table.indicator, unit.code)
        unmet = tuple(
            t for t in known.targets if reaches(known.figure, t.value, t.comparison) is False
        )
        if unmet and known.figure.denominator >= few:
            told.append(Short(unit, known, unmet))
    return sorted(told, key=lambda s: (s.share, s.unit.code))


def _sentence(found: Gathered, table: Table, many: int, short: list[Short]) -> Sentence:
    name = found.indicator(table.indicator).name_vi
    parts: list[Part] = [f"{name}: {len(short)} trong {many} đơn vị chưa đạt chỉ tiêu, gồm "]
    for n, one in enumerate(short[:NAMED]):
        bounds = "; ".join(told_target(t) for t in one.unmet)
        printed = share(one.known.figure, one.known.targets)
        parts += ["; " if n else "", f"{lower(one.unit.full_name)} đạt ", one.known.ref(printed)]
        parts.append(f"% (chỉ tiêu {bounds})")
    more = len(short) - NAMED
    parts.append(f"; và {more} đơn vị khác" if more > 0 else "")
    parts.append(f" (Phụ lục {table.code}).")
    return Sentence(f"3.behind.{table.code}", joined(parts))
