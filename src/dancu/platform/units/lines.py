"""A score through time as inline SVG: one line, broken where the unit's borders changed, the targets as lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720.0, 240.0
LEFT, RIGHT, TOP, BOTTOM = 48.0, 64.0, 16.0, 32.0


@dataclass(frozen=True)
class Point:
    """A day and the score of that day, with what it was made of."""

    on: dt.date
    score: float
    passed: int
    evaluated: int
    note: str = ""


@dataclass(frozen=True)
class Dot:
    """A point's place."""

    x: float
    y: float
    point: Point


@dataclass(frozen=True)
class Chart:
    """Everything a template draws; figures are rounded to a tenth of a pixel."""

    width: float
    height: float
    paths: list[str]
    dots: list[Dot]
    marks: list[tuple[float, str]]
    levels: list[tuple[float, str]]
    days: list[tuple[float, str]]


def chart(
    points: Sequence[Point], *, breaks: Sequence[dt.date], targets: Sequence[float]
) -> Chart | None:
    """The line of two points or more; None when there is nothing to see in a line.

    `breaks`: days on which the borders changed, marked; `targets`: marks of the scale.
    """
    if len(points) < 2:
        return None
    first, last = points[0].on, points[-1].on
    # The highest target stays in sight; a lower one only when the score comes near it.
    low = max(0.0, min(85.0, min(p.score for p in points) // 5 * 5))
    days = max((last - first).days, 1)

    def x(day: dt.date) -> float:
        return round(LEFT + (day - first).days / days * (WIDTH - LEFT - RIGHT), 1)

    def y(score: float) -> float:
        return round(TOP + (100.0 - score) / (100.0 - low) * (HEIGHT - TOP - BOTTOM), 1)

    dots = [Dot(x(p.on), y(p.score), p) for p in points]
    inside = [b for b in breaks if first < b <= last]
    ends = [first, last] if days > 40 else [first]
    return Chart(
        WIDTH, HEIGHT, _paths(dots, inside), dots,
        [(x(b), f"{b:%d/%m/%Y}") for b in inside],
        [(y(t), f"{t:g}".replace(".", ",")) for t in sorted({*targets, low, 100.0}) if t >= low],
        [(x(day), f"{day:%d/%m/%Y}") for day in ends],
    )  # fmt: skip


def _paths(dots: Sequence[Dot], breaks: Sequence[dt.date]) -> list[str]:
    """One path a stretch between two changes of borders."""
    stretches: list[list[Dot]] = [[]]
    for dot in dots:
        before = stretches[-1]
        if before and any(before[-1].point.on < b <= dot.point.on for b in breaks):
            stretches.append([])
        stretches[-1].append(dot)
    return ["M" + "L".join(f"{d.x:g},{d.y:g}" for d in s) for s in stretches if len(s) > 1]
