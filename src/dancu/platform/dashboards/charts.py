"""A figure through time as inline SVG: one line of months, targets as lines, changes of units as marked days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

WIDTH, HEIGHT = 760.0, 260.0
LEFT, RIGHT, TOP, BOTTOM = 56.0, 84.0, 34.0, 34.0
_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True)
class Point:
    """A month and its value; `label` as it is written, `text` as it is told."""

    month: dt.date
    value: Decimal | None
    label: str
    text: str


@dataclass(frozen=True)
class Dot:
    """A point's place; `named`: its label is written beside it."""

    x: float
    y: float
    point: Point
    named: bool


@dataclass(frozen=True)
class Chart:
    """All that a template draws; a path is broken where a month has no value."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    paths: list[str]
    dots: list[Dot]
    levels: list[tuple[float, str]]
    goals: list[tuple[float, str]]
    marks: list[tuple[float, str, str]]
    months: list[tuple[float, str]]


def chart(
    points: Sequence[Point],
    *,
    goals: Sequence[tuple[Decimal, str]],
    changes: Sequence[dt.date],
    percent: bool,
) -> Chart | None:
    """The line; None with fewer than two values. `goals`: value and words of targets; `changes`: of the units."""
    known = [p.value for p in points if p.value is not None]
    if len(known) < 2:
        return None
    low, high, step = scale([*known, *(value for value, _words in goals)], percent=percent)
    wide, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    last = max(len(points) - 1, 1)

    def x(place: float) -> float:
        return round(LEFT + place / last * wide, 1)

    def y(value: Decimal) -> float:
        return round(TOP + float((high - value) / (high - low)) * tall, 1)

    placed = [(n, p, p.value) for n, p in enumerate(points) if p.value is not None]
    ends = {placed[0][0], placed[-1][0]}
    dots = [Dot(x(n), y(v), p, n in ends) for n, p, v in placed]
    levels, at = [], low
    while at <= high:
        levels.append((y(at), written(at, percent=percent)))
        at += step
    return Chart(
        WIDTH, HEIGHT, LEFT, WIDTH - RIGHT, TOP, HEIGHT - BOTTOM, _paths(placed, dots), dots, levels,
        [(y(value), words) for value, words in goals],
        [_mark(x(place), day) for day in changes if (place := _place(points, day)) is not None],
        [(x(n), f"{p.month:%m/%Y}") for n, p in enumerate(points) if (last - n) % 6 == 0],
    )  # fmt: skip


def scale(values: Sequence[Decimal], *, percent: bool) -> tuple[Decimal, Decimal, Decimal]:
    """The lowest and highest line of the scale and the step between: round numbers with all values inside.

    >>> [str(n) for n in scale([Decimal(53), Decimal(70)], percent=True)]
    ['50', '70', '5']
    >>> [str(n) for n in scale([Decimal(0), Decimal(1234)], percent=False)]
    ['0', '1500', '500']
    """
    low, high = min(values), max(values)
    if low == high:
        low, high = low - 1, high + 1
    low = max(low, Decimal(0)) if percent else Decimal(0)
    rough = (high - low) / 4
    size = Decimal(1).scaleb(rough.adjusted())
    whole = (s * size for s in _STEPS if percent or s * size == int(s * size) or size < 1)
    step = next(s for s in whole if s >= rough)
    step = step if percent else max(step, Decimal(1))
    first = (low / step).to_integral_value(ROUND_FLOOR) * step
    last = (high / step).to_integral_value(ROUND_CEILING) * step
    if last == first:
        last += step
    if percent:
        last = min(last, Decimal(100)) if high <= 100 else last
    return _plain(first), _plain(last), _plain(step)


def written(value: Decimal, *, percent: bool) -> str:
    """«60%», «1.500»."""
    told = f"{value.normalize():,f}".translate(str.maketrans(",.", ".,"))
    return f"{told}%" if percent else told


def _plain(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _paths(placed: Sequence[tuple[int, Point, Decimal]], dots: Sequence[Dot]) -> list[str]:
    """A path for each stretch of months that follow one another."""
    stretches: list[list[Dot]] = []
    before = None
    for (n, _point, _value), dot in zip(placed, dots, strict=True):
        if before is None or n != before + 1:
            stretches.append([])
        stretches[-1].append(dot)
        before = n
    return ["M" + "L".join(f"{d.x:g},{d.y:g}" for d in s) for s in stretches if len(s) > 1]


def _place(points: Sequence[Point], day: dt.date) -> float | None:
    """Where a day lies among the months, each of which stands for its end; None outside of them."""
    for n, point in enumerate(points[1:], start=1):
        if point.month.year == day.year and point.month.month == day.month:
            return n - 1 + (day.day - 1) / 31
    return None


def _mark(x: float, day: dt.date) -> tuple[float, str, str]:
    """The words of a mark stand on the side where there is room."""
    return x, "end" if x > WIDTH / 2 else "start", f"{day:%d/%m/%Y}"
