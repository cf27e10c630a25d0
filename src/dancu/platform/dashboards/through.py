"""A figure of a unit in each of 24 months, as a line and as the table behind it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from dancu.engine.report.indicators import Figure, Indicator
from dancu.platform.dashboards import charts, shown, told
from dancu.platform.dashboards.asked import Question
from dancu.platform.reports import shown as words
from dancu.reference import report_targets, units

MONTHS = 24


@dataclass(frozen=True)
class Series:
    """The drawing (None with fewer than two months of figures), the months with their parts, the changes of units."""

    chart: charts.Chart | None
    months: list[tuple[dt.date, Figure, str, str, list[dt.date]]]
    changes: list[dt.date]


def months(q: Question, one: Indicator) -> Series:
    """All months in the units of the question's day, so that the line is of one place; changes of units are marked."""
    found = told.months(q, one.code, MONTHS)
    points = [_point(one, month, figure) for month, figure in found.items()]
    first = min(found)
    changes = [day for day in units.days_of_change()[1:] if first < day <= q.last]
    aims = report_targets.of(one.code, level=q.unit.level, on=q.shown)
    goals = [(t.value, words.target_words(t, one)) for t in aims]
    drawn = charts.chart(points, goals=goals, changes=changes, percent=one.measure == "share")
    rows = [
        (month, figure, shown.text(figure, one), words.parts(figure),
         [d for d in changes if (d.year, d.month) == (month.year, month.month)])
        for month, figure in found.items()
    ]  # fmt: skip
    return Series(drawn, rows[::-1], changes)


def _point(one: Indicator, month: dt.date, figure: Figure) -> charts.Point:
    value = figure.value
    empty = value is None or (one.measure in ("count", "sum") and not figure.denominator)
    text = shown.text(figure, one)
    said = f"{month:%m/%Y}: {text}" + (f" ({parts})" if (parts := words.parts(figure)) else "")
    return charts.Point(month, None if empty else Decimal(value or 0), text, said)
