"""The map of a province by one figure, with the table of the same figures behind it.

Outlines and their drawing are those of the map of scores. What is painted is whether the unit reaches its targets; of a
figure without a target the tones of one colour tell the order alone.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, cast

from dancu.engine.report import map as drawing
from dancu.engine.report.facts import Facts
from dancu.engine.report.indicators import Indicator
from dancu.platform.dashboards import shown, standing, told
from dancu.platform.dashboards.asked import Question
from dancu.platform.dashboards.shown import Shown
from dancu.platform.dashboards.told import Figures
from dancu.reference import geo, units
from dancu.reference.errors import UnknownDayError
from dancu.reference.units import Level, belonging

COLOURS = {"good": "green", "fair": "yellow", "bad": "red", "none": "green"}


@dataclass(frozen=True)
class Drawn:
    """Outlines of an era, drawn once: shapes by code of unit, and to which former province a unit belonged."""

    map: drawing.Map
    shapes: dict[str, drawing.Shape]


def context(q: Question, indicator: Indicator, now: Figures, before: Figures) -> dict[str, Any]:
    """`map` (None where there are no outlines), `shapes` with their addresses, and `map_rows` of the table."""
    level: Level = "district" if q.tree.districts else "commune"
    rows: list[dict[str, Any]] = []
    for unit in standing.peers(q, level):
        line = shown.of(
            indicator, told.of_unit(now, indicator.code, unit.code),
            told.of_unit(before, indicator.code, unit.code), on=q.shown, level=level,
        )  # fmt: skip
        rows.append({"address": q.board(unit.code), "code": unit.code, "name": unit.full_name, "line": line,
                     "scores": {"*": _score(line)}})  # fmt: skip
    drawn = _drawn(belonging.era(q.of), _former(q, now, indicator))
    tones, legend = _tones(rows)
    binding = any(row["line"].distances for row in rows)
    return {
        "map": drawn.map if drawn else None, "binding": binding,
        "shapes": [(row["address"], _painted(drawn.shapes[row["code"]], row, tones[row["code"]]))
                   for row in rows if drawn and row["code"] in drawn.shapes],
        "map_rows": sorted(rows, key=lambda r: _order(indicator, r["line"])),
        "legend": [] if binding else [replace(s, shade=_shade(s.shade)) for s in legend],
    }  # fmt: skip


def _tones(rows: list[dict[str, Any]]) -> tuple[dict[str, str], list[drawing.Step]]:
    """As on the map of scores, but units of the same figure have the same tone."""
    alike: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        alike.setdefault(_alike(row), row)
    tones, legend = drawing.shades(list(alike.values()))
    return {row["code"]: tones[alike[_alike(row)]["code"]] for row in rows}, legend


def _alike(row: dict[str, Any]) -> tuple[Any, ...]:
    score = row["scores"]["*"]
    return (score["score"], score["colour"]) if score else ()


def _score(line: Shown) -> dict[str, Any] | None:
    value = line.figure.value
    if value is None:
        return None
    return {"score": float(value), "colour": COLOURS[line.state]}


@lru_cache(maxsize=16)
def _drawn(day: dt.date, former: str | None) -> Drawn | None:
    """The outlines of the day, without a figure."""
    try:
        features = geo.outlines(on=day, former_province=former).geojson["features"]
    except UnknownDayError:
        return None
    tree = units.on(day)
    codes = [f["properties"]["code"] for f in features if tree.find(f["properties"]["code"])]
    rows = [{"code": code, "name": "", "scores": {"*": None}} for code in codes]
    drawn = drawing.draw(cast(Facts, SimpleNamespace(on=day)), rows, former=former)
    return Drawn(drawn, dict(zip(codes, drawn.shapes, strict=True))) if drawn else None


@lru_cache(maxsize=16)
def _halves(day: dt.date) -> dict[str, str]:
    """The former province of each unit that has an outline."""
    try:
        features = geo.outlines(on=day).geojson["features"]
    except UnknownDayError:
        return {}
    told_of = [
        (f["properties"]["code"], f["properties"].get("former_province_code")) for f in features
    ]
    return {code: half for code, half in told_of if half}


def _former(q: Question, now: Figures, indicator: Indicator) -> str | None:
    """Since July 2025: the half of the new province in which nearly all records lie."""
    records: dict[str, int] = {}
    for code, half in _halves(belonging.era(q.of)).items():
        figure = told.of_unit(now, indicator.code, code)
        records[half] = records.get(half, 0) + int(figure.denominator)
    total = sum(records.values())
    return next((half for half, n in records.items() if total and n >= 0.9 * total), None)


def _painted(shape: drawing.Shape, row: dict[str, Any], tone: str) -> drawing.Shape:
    """The outline with its figure."""
    line: Shown = row["line"]
    goals = "; ".join(f"{a.words}: {a.gap}" for a in line.aims)
    title = f"{row['name']}: {line.text}" + (f" ({line.parts})" if line.parts else "")
    score = row["scores"]["*"]
    return replace(
        shape, title=f"{title}. {goals}" if goals else title, label=line.text if score else "",
        shade=tone if line.distances else _shade(tone),
        colour=score["colour"] if score and line.distances else "none",
    )  # fmt: skip


def _shade(shade: str) -> str:
    """Without a target the tones are blue: neither good nor bad."""
    return shade.replace("g", "b") if shade != "none" else shade


def _order(indicator: Indicator, line: Shown) -> tuple[int, float]:
    """Who is farthest behind first; those without a figure last."""
    value = line.figure.value
    if value is None:
        return (1, 0.0)
    return (0, -float(value) if indicator.better == "low" else float(value))
