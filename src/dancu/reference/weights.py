"""Weights of the five criteria in the quality index, valid in time."""

from __future__ import annotations

from datetime import date

from dancu.reference.loader import Row, day, in_force, rows

CRITERIA = ("correct", "complete", "clean", "living", "consistent")


def criterion_weights(*, on: date) -> dict[str, float]:
    """Criterion -> weight (a pure number; only ratios matter) in force on the day."""
    table = in_force(rows("criterion_weights.csv"), on=on, period=_period)
    return {row["criterion"]: float(row["weight"]) for row in table}


def _period(row: Row) -> tuple[date | None, date | None]:
    return day(row["valid_from"]), day(row["valid_to"])
