"""Targets of a figure of a unit, and how far it is from each; what others published stands apart, in `benchmarks`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from dancu.engine.report.indicators import Figure, missing, missing_new, reaches
from dancu.reference import report_targets, units
from dancu.reference.report_targets import Target
from dancu.reference.units import belonging

__all__ = ["Distance", "Target", "distances", "of"]


@dataclass(frozen=True)
class Distance:
    """A target, whether it is reached (None: there is no figure), and what is missing in records.

    `convert`: so many of the records there are would have had to be in the numerator (of a count that is to be low: so
    many are too many). `fresh`: so many further ones, all in the numerator, would do; None when no number does.
    """

    target: Target
    reached: bool | None
    convert: int
    fresh: int | None


def of(code: str, unit: str | None, *, on: dt.date) -> tuple[Target, ...]:
    """The targets of an indicator that bind a unit and hold on the day; `unit` None: those of the province.

    A line of a former unit (`CODE@DAY`) is bound as its level was.
    """
    level = _level(unit, on)
    return report_targets.of(code, level=level, on=on) if level else ()


def distances(
    code: str, figure: Figure, *, on: dt.date, level: units.Level | None = None
) -> list[Distance]:
    """For each target that binds the figure's unit on the day; `level`: where the unit is one of another day."""
    found = (
        report_targets.of(code, level=level, on=on) if level else of(code, figure.unit_code, on=on)
    )
    return [_distance(figure, target) for target in found]


def _distance(figure: Figure, target: Target) -> Distance:
    reached = reaches(figure, target.value, target.comparison)
    if reached is None:
        return Distance(target, None, 0, None)
    if reached:
        return Distance(target, True, 0, 0)
    if figure.measure == "share" and target.comparison in ("gt", "ge", "eq"):
        more = missing(figure, target.value, target.comparison)
        return Distance(target, False, more, missing_new(figure, target.value, target.comparison))
    if figure.measure in ("count", "sum"):
        return Distance(target, False, int(abs(figure.numerator - target.value)), None)
    return Distance(target, False, 0, None)


def _level(unit: str | None, on: dt.date) -> units.Level | None:
    if unit is None:
        return "province"
    found = units.on(belonging.known(on)).find(unit) or belonging.divided(unit)
    return found.level if found else None
