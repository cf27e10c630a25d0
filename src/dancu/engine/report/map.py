"""The map of scores as inline SVG: each unit a shape with a title, shaded by score, hatched by colour class.

Outlines come in degrees (WGS 84); at the size of a province a cosine for the longitude is projection enough.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from dancu.engine.report.facts import Facts, Row
from dancu.engine.report.words import COLOURS, VERDICTS, number, points
from dancu.reference import geo

WIDTH = 900.0
_MARGIN = 12.0
_LEAST_STEP = 0.8
_TONES = 3
Point = tuple[float, float]
Ring = list[Point]


@dataclass(frozen=True)
class Shape:
    """One unit to draw: SVG path, where its label stands, CSS class, title and label."""

    path: str
    x: float
    y: float
    shade: str
    title: str
    label: str
    colour: str
    room: float


@dataclass(frozen=True)
class Step:
    """A tone of the legend: CSS class, colour, and the lowest and highest score painted so."""

    shade: str
    colour: str
    least: float
    most: float


@dataclass(frozen=True)
class Map:
    """Shapes in a viewBox of WIDTH x `height`; `note` says what the outlines cannot show."""

    level: str
    width: float
    height: float
    shapes: list[Shape]
    legend: list[Step]
    note: str


def draw(facts: Facts, rows: list[Row], *, former: str | None) -> Map | None:
    """The map of the day with the scores of `rows` (by code); None when no outline belongs to them."""
    outlines = geo.outlines(on=facts.on, former_province=former)
    known = {row["code"]: row for row in rows}
    features = [f for f in outlines.geojson["features"] if f["properties"]["code"] in known]
    if not features:
        return None
    rings = {f["properties"]["code"]: list(_rings(f["geometry"])) for f in features}
    project, height = _projection([p for many in rings.values() for ring in many for p in ring])
    tones, legend = shades([known[code] for code in rings])
    shapes = [
        _shape(known[code], tones[code], [[project(p) for p in ring] for ring in many])
        for code, many in rings.items()
    ]
    return Map(outlines.level, WIDTH, round(height, 1), shapes, legend, outlines.note_vi)


def former_provinces(facts: Facts) -> str | None:
    """Since July 2025: the half of new Bắc Ninh that holds nearly all the people of the run, if one does."""
    people: dict[str, int] = {}
    for feature in geo.outlines(on=facts.on).geojson["features"]:
        half = feature["properties"].get("former_province_code")
        if half:
            people[half] = people.get(half, 0) + facts.persons_by.get(
                feature["properties"]["code"], 0
            )
    total = sum(people.values())
    return next((half for half, n in people.items() if total and n >= 0.9 * total), None)


def shades(rows: list[Row]) -> tuple[dict[str, str], list[Step]]:
    """Code -> CSS class, and the legend: each colour in up to three tones of equal numbers of units, darkest lowest.

    Fixed steps would paint a province whose communes are all alike in one tone; the legend gives the true bounds.
    """
    chosen: dict[str, str] = {r["code"]: "none" for r in rows if not r["scores"]["*"]}
    legend: list[Step] = []
    for colour in ("green", "yellow", "red"):
        mine = sorted(
            (r["scores"]["*"]["score"], r["code"])
            for r in rows
            if r["scores"]["*"] and r["scores"]["*"]["colour"] == colour
        )
        for tone, part in enumerate(_parts(mine), start=1):
            name = f"{colour[0]}{tone}"
            chosen.update({code: name for _, code in part})
            legend.append(Step(name, colour, part[0][0], part[-1][0]))
    return chosen, sorted(legend, key=lambda step: -step.most)


def _parts(scored: list[tuple[float, str]]) -> list[list[tuple[float, str]]]:
    """The units in up to three parts of equal size, lowest first."""
    count = min(_TONES, len(scored))
    cuts = [len(scored) * k // count for k in range(count + 1)] if count else [0]
    return [scored[a:b] for a, b in pairwise(cuts)]


def _rings(geometry: Row) -> Iterator[Ring]:
    polygons = (
        geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    )
    for polygon in polygons:
        for ring in polygon:
            yield [(float(x), float(y)) for x, y, *_ in ring]


def _projection(every: list[Point]) -> tuple[Callable[[Point], Point], float]:
    west, east = min(x for x, _ in every), max(x for x, _ in every)
    south, north = min(y for _, y in every), max(y for _, y in every)
    narrow = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * _MARGIN) / ((east - west) * narrow)

    def project(point: Point) -> Point:
        return _MARGIN + (point[0] - west) * narrow * scale, _MARGIN + (north - point[1]) * scale

    return project, 2 * _MARGIN + (north - south) * scale


def _shape(row: Row, shade: str, rings: list[Ring]) -> Shape:
    found = row["scores"]["*"]
    score = found["score"] if found else None
    colour = found["colour"] if found else "none"
    largest = max(rings, key=lambda ring: abs(_area(ring)))
    x, y = _centre(largest)
    title = f"{row['name']}: {COLOURS[colour]}"
    if found:
        checks = f"{number(found['passed'])}/{number(found['evaluated'])} lượt kiểm tra đạt"
        title = f"{row['name']}: {points(score)} điểm, {COLOURS[colour]} – {VERDICTS[colour]} ({checks})"
    return Shape(
        path="".join(_path(ring) for ring in rings),
        x=round(x, 1),
        y=round(y, 1),
        shade=shade,
        title=title,
        label=points(score) if found else "",
        colour=colour,
        room=math.sqrt(abs(_area(largest))),
    )


def _path(ring: Ring) -> str:
    kept = list(_thinned(ring))
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in kept) + "Z" if len(kept) > 3 else ""


def _thinned(ring: Iterable[Point]) -> Iterator[Point]:
    """The ring without points nearer than a pixel to the one before; its first point stays."""
    last: Point | None = None
    for point in ring:
        if last is None or math.dist(point, last) >= _LEAST_STEP:
            last = point
            yield point


def _area(ring: Ring) -> float:
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2


def _centre(ring: Ring) -> Point:
    area = _area(ring) or 1.0
    x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = x1 * y2 - x2 * y1
        x, y = x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return x / (6 * area), y / (6 * area)
