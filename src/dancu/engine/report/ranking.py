"""Units in order of a figure, those with too few records apart with the reason, and how sure a share is.

A unit of few records is not ranked: by chance alone it would stand first or last. The interval is Wilson's, which holds
also near 0 and 100 per cent. Nothing is averaged; equal figures share a rank (1, 2, 2, 4).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from dancu.engine.report.indicators import Figure, Indicator
from dancu.engine.report.printed import rounded

Reason = Literal["few", "none"]
_Z = 1.959964
"""Of the normal distribution, for 95 per cent."""


@dataclass(frozen=True)
class Ranked:
    """`rank` from 1 (best) among `of`; of a share the bounds between which it lies with 95 per cent, in per cent."""

    rank: int
    of: int
    figure: Figure
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True)
class Apart:
    """A unit that is not ranked: it has too `few` records, or `none`."""

    figure: Figure
    reason: Reason


@dataclass(frozen=True)
class Ranking:
    """The ranked, best first, and those apart, by unit."""

    ranked: tuple[Ranked, ...]
    apart: tuple[Apart, ...]

    def of(self, unit: str) -> Ranked | Apart | None:
        """Where a unit stands."""
        every: tuple[Ranked | Apart, ...] = (*self.ranked, *self.apart)
        return next((one for one in every if one.figure.unit_code == unit), None)


def ranking(indicator: Indicator, figures: Iterable[Figure]) -> Ranking:
    """Of figures of units of one level; shares and means by the guard of the indicator, counts and sums all."""
    fit, apart = [], []
    for figure in figures:
        reason = _reason(indicator, figure)
        if reason:
            apart.append(Apart(figure, reason))
        else:
            fit.append(figure)
    fit.sort(key=lambda f: (_order(indicator, f), f.unit_code or ""))
    ranked: list[Ranked] = []
    for place, figure in enumerate(fit, 1):
        before = ranked[-1] if ranked else None
        same = before is not None and _order(indicator, before.figure) == _order(indicator, figure)
        low, high = wilson(figure) if figure.measure == "share" else (None, None)
        rank = before.rank if before is not None and same else place
        ranked.append(Ranked(rank, len(fit), figure, low, high))
    return Ranking(tuple(ranked), tuple(sorted(apart, key=lambda a: a.figure.unit_code or "")))


def wilson(figure: Figure) -> tuple[Decimal | None, Decimal | None]:
    """The 95 per cent interval of a share, in per cent; None of nothing.

    >>> wilson(Figure(None, Decimal(9), Decimal(10), "share", 2))
    (Decimal('59.58'), Decimal('98.21'))
    >>> wilson(Figure(None, Decimal(0), Decimal(10), "share", 2))
    (Decimal('0.00'), Decimal('27.75'))
    """
    n, hits = float(figure.denominator), float(figure.numerator)
    if n <= 0:
        return None, None
    share = hits / n
    middle = share + _Z**2 / (2 * n)
    width = _Z * math.sqrt(max(0.0, share * (1 - share) / n + _Z**2 / (4 * n * n)))
    scale = 1 + _Z**2 / n
    bounds = (max(0.0, (middle - width) / scale), min(1.0, (middle + width) / scale))
    low, high = (rounded(Decimal(str(100 * bound)), 2) for bound in bounds)
    return low, high


def _reason(indicator: Indicator, figure: Figure) -> Reason | None:
    if indicator.measure in ("count", "sum"):
        return None
    if not figure.denominator:
        return "none"
    return "few" if figure.denominator < indicator.few else None


def _order(indicator: Indicator, figure: Figure) -> Decimal:
    """The smaller the better; from the parts, not from a rounded figure."""
    exact = figure.numerator
    if figure.measure in ("share", "mean"):
        exact = figure.numerator / figure.denominator
    return exact if indicator.better == "low" else -exact
