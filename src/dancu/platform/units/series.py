"""A unit's score through time, in the three views, as points of a line and as the table behind it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from dancu.platform.units import figures, lines
from dancu.platform.units.asked import Asked
from dancu.platform.units.figures import Figures
from dancu.platform.units.territory import sight
from dancu.reference import thresholds, units
from dancu.reference.units import Unit

LATEST = 36
"""Closed days that a line shows."""


@dataclass(frozen=True)
class Series:
    """The points, the drawing (None with fewer than two), the days on which borders changed."""

    points: list[lines.Point]
    chart: lines.Chart | None
    breaks: list[dt.date]
    unknown: dict[dt.date, tuple[str, ...]]


def of(found: Asked, unit: Unit, user: Any) -> Series:
    """The line of a unit; days on which the user may not see it are left out."""
    points, unknown = [], {}
    for day in found.days[-LATEST:]:
        told = _told(found, unit, day)
        if told is None or not sight(user, told.units_on).sees(unit.code):
            continue
        if unit.code in told.unknown:
            unknown[day] = told.unknown[unit.code]
        if point := _point(told, unit, day):
            points.append(point)
    if (
        found.today not in found.days
        and _same_now(found, unit)
        and (now := _point(figures.now(), unit, found.today))
    ):
        points.append(now)
    breaks = [] if found.view == "quy-doi" else _breaks(unit.code)
    goals = thresholds.on(found.today)
    chart = lines.chart(points, breaks=breaks, targets=(goals.green, goals.yellow))
    return Series(points, chart, breaks, unknown)


def _told(found: Asked, unit: Unit, day: dt.date) -> Figures | None:
    if found.view == "quy-doi":
        return figures.restated(day, found.today)
    then = units.on(day).find(unit.code)
    if then is None or (found.view == "hien-nay" and then.identity != unit.identity):
        return None
    return figures.on(day)


def _same_now(found: Asked, unit: Unit) -> bool:
    return units.on(found.today).find(unit.code) is not None and found.sight.sees(unit.code)


def _point(told: Figures, unit: Unit, day: dt.date) -> lines.Point | None:
    scored = told.of(unit.code).get("*")
    if scored is None:
        return None
    return lines.Point(day, scored.score, scored.passed, scored.evaluated)


def _breaks(code: str) -> list[dt.date]:
    return [spell.valid_from for spell in units.history(code)][1:]
