"""Decision 766 for a unit: what is known of each of the twenty, and what points that gives at least and at most.

Pure. A value, a maximum or a rule that is not known stays unknown: nothing is assumed, so a group and the total are
bounds. An indicator whose maximum is known loses what it loses; one whose maximum is not known may lose nothing or
everything of what its group has left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from dancu.engine.report.printed import rounded
from dancu.reference.index766 import Group, Indicator766, groups, indicators

ZERO, HUNDRED = Decimal(0), Decimal(100)


@dataclass(frozen=True)
class Value:
    """Numerator and denominator, and between which per cents the indicator lies; equal when it is known exactly.

    `how`: a word for how it was measured, of `WAYS` in `words766`.
    """

    numerator: Decimal
    denominator: Decimal
    low: Decimal
    high: Decimal
    how: str = "exact"


@dataclass(frozen=True)
class Line:
    """An indicator, what is known of its value (None: no data), and its points (None: its maximum is not known)."""

    indicator: Indicator766
    value: Value | None
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True)
class Scored:
    """A group with its lines, and the points that it has at least and at most."""

    group: Group
    lines: tuple[Line, ...]
    low: Decimal
    high: Decimal


def exact(numerator: int | Decimal, denominator: int | Decimal, how: str = "exact") -> Value | None:
    """A share that is known; None without a denominator."""
    top, bottom = Decimal(numerator), Decimal(denominator)
    if not bottom:
        return None
    share = HUNDRED * top / bottom
    return Value(top, bottom, share, share, how)


def at_most(value: Value | None, how: str) -> Value | None:
    """The same where something unknown can only lower it."""
    return value and Value(value.numerator, value.denominator, ZERO, value.high, how)


def at_least(value: Value | None, how: str) -> Value | None:
    """The same where something unknown can only raise it."""
    return value and Value(value.numerator, value.denominator, value.low, HUNDRED, how)


def times(value: Value | None, share: Value | None) -> Value | None:
    """A share of a share, as 3.3 has it with the share synchronised; of an unknown one no more than the value is known.

    >>> times(exact(50, 100), exact(8, 10)).high, times(exact(50, 100), None).low
    (Decimal('40'), Decimal('0'))
    """
    if value is None:
        return None
    if share is None:
        return at_most(value, "sync_unknown")
    low, high = value.low * share.low / HUNDRED, value.high * share.high / HUNDRED
    return Value(value.numerator, value.denominator, low, high, "sync")


def points(indicator: Indicator766, value: Value | None) -> tuple[Decimal, Decimal] | None:
    """At least and at most so many; None when the maximum is not known. All from `full_from` on, below in proportion.

    >>> satisfaction = indicators()[-1]
    >>> points(satisfaction, exact(45, 100)), points(satisfaction, exact(95, 100)), points(satisfaction, None)
    ((Decimal('3.00'), Decimal('3.00')), (Decimal('6.00'), Decimal('6.00')), (Decimal('0'), Decimal('6')))
    """
    most = indicator.max_points
    if most is None:
        return None
    if value is None or indicator.full_from is None:
        return ZERO, most
    low, high = (
        rounded(most * min(Decimal(1), share / indicator.full_from), 2)
        for share in (value.low, value.high)
    )
    return low, high


def score(values: Mapping[str, Value | None]) -> tuple[Scored, ...]:
    """All groups with their lines. `values`: by the indicator's number; what is not there has no data."""
    found = []
    for group in groups():
        lines = tuple(
            _line(i, values.get(i.indicator_id))
            for i in indicators()
            if i.group_id == group.group_id
        )
        low = sum((line.low for line in lines if line.low is not None), ZERO)
        lost = sum(
            (i.max_points - line.high for line in lines
             if (i := line.indicator).max_points is not None and line.high is not None), ZERO,
        )  # fmt: skip
        found.append(Scored(group, lines, low, group.max_points - lost))
    return tuple(found)


def _line(indicator: Indicator766, value: Value | None) -> Line:
    told = points(indicator, value)
    return Line(indicator, value, *(told if told is not None else (None, None)))


def total(scored: tuple[Scored, ...]) -> tuple[Decimal, Decimal]:
    """Of the hundred points at least and at most."""
    return sum((s.low for s in scored), ZERO), sum((s.high for s in scored), ZERO)
