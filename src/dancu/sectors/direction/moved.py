"""What became of an indicator while something was done for it: as many days before, the days themselves, as many after.

Counted each time by the platform from the records as they are known now; nothing of it is written down.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from dancu.engine.report.indicators import Asked, Figure, change
from dancu.engine.report.printed import vi
from dancu.kit.reports import counting
from dancu.sectors.direction import places
from dancu.sectors.direction.places import Place


@dataclass(frozen=True)
class Moved:
    """The figure of a unit before, during and after; None of days that have not come. `runs`: it has not ended yet."""

    place: Place
    before: Figure
    during: Figure | None
    after: Figure | None
    runs: bool

    @property
    def points(self) -> Decimal | None:
        """By how much it rose up to the last that is known: a share in points, a count only over as many days."""
        last = self.after or self.during
        if last is None:
            return None
        if last.measure == "share":
            return change(last, self.before).points
        return None if self.runs else last.numerator - self.before.numerator


def spans(first: dt.date, last: dt.date, on: dt.date) -> tuple[Asked, Asked | None, Asked | None]:
    """The three stretches of days: that of the thing itself as far as it has come on the day, the last once it is over.

    >>> first, last = dt.date(2024, 5, 1), dt.date(2024, 5, 30)
    >>> [str(s.first) for s in spans(first, last, dt.date(2024, 6, 29)) if s]
    ['2024-04-01', '2024-05-01', '2024-05-31']
    >>> [s and str(s.last) for s in spans(first, last, dt.date(2024, 5, 10))]
    ['2024-04-30', '2024-05-10', None]
    """
    one = dt.timedelta(days=1)
    n = last - first + one
    during = Asked(first, min(last, on)) if first <= on else None
    after = Asked(last + one, last + n) if last + n <= on else None
    return Asked(first - n, first - one), during, after


def moved(
    code: str, units: Sequence[str], *, first: dt.date, last: dt.date | None, on: dt.date
) -> list[Moved]:
    """Of each of these units of the first day, the one that rose most first; `last` None: it goes on."""
    end = max(first, on) if last is None else last
    asked = spans(first, end, on)
    found = [counting.figures(code, a, units=units, of=first) if a else None for a in asked]
    before, during, after = found
    told = [
        Moved(
            places.unit_of(c, first), before[c], during[c] if during else None, after[c] if after else None, on < end
        )
        for c in units if before
    ]  # fmt: skip
    return sorted(told, key=lambda m: (-(m.points or Decimal(0)), m.place.unit_code))


def text(figure: Figure | None) -> str:
    """As one reads it: a share with its parts."""
    if figure is None or figure.value is None:
        return "—"
    if figure.measure == "share":
        return f"{vi(figure.value)}% ({vi(figure.numerator)}/{vi(figure.denominator)})"
    return vi(figure.value)


def rise(one: Moved) -> str:
    """With its sign."""
    if one.points is None:
        return "—"
    sign = "+" if one.points > 0 else "−" if one.points < 0 else ""
    return f"{sign}{vi(abs(one.points))}"
