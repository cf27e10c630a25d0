"""How far a figure is from each target, in dossiers, in both readings.

`convert`: so many of the dossiers there are would have had to come another way; the denominator stays. That is the one
shown first: a period's dossiers are what they are, and it is the smallest number that the office could have moved.
`fresh`: so many more would have to come in, all of them the right way; the denominator grows with them. It is the
larger of the two, and the honest one for a period that still runs.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from dancu.engine.report.indicators import Figure, missing, missing_new, reaches
from dancu.reference import service_targets
from dancu.reference.service_targets import Target


@dataclass(frozen=True)
class Distance:
    """A target, whether it is reached (None: there is no figure), and what is missing in dossiers."""

    target: Target
    reached: bool | None
    convert: int
    fresh: int | None


def distances(figure: Figure, indicator: str, *, on: dt.date) -> list[Distance]:
    """For each target that holds on the day, in the order of the table."""
    return [_distance(figure, target) for target in service_targets.of(indicator, on=on)]


def _distance(figure: Figure, target: Target) -> Distance:
    reached = reaches(figure, target.value, target.comparison)
    if reached is None:
        return Distance(target, None, 0, None)
    if reached:
        return Distance(target, True, 0, 0)
    if figure.measure == "share":
        return Distance(
            target,
            False,
            missing(figure, target.value, target.comparison),
            missing_new(figure, target.value, target.comparison),
        )
    # A count that should be no more than so many: those over it.
    return Distance(target, False, int(abs(figure.numerator - target.value)), None)
