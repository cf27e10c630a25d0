"""The map of scores: outlines packed for the report, each a way to its unit, with a table of the same beside it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from dancu.engine.report import map as drawing
from dancu.engine.report.facts import Facts
from dancu.platform.units import figures
from dancu.platform.units.asked import STATE_WORDS, Asked
from dancu.reference import geo
from dancu.reference.errors import UnknownDayError
from dancu.reference.units import Unit


def context(found: Asked) -> dict[str, Any]:
    """`map` (None where there are no outlines), `shapes` with their units, and `rows` of the table."""
    home = figures.home_province(found.figures)
    if home is None:
        return {"map": None, "shapes": [], "rows": []}
    units = _units(found, home)
    rows = [_row(found, unit) for unit in units]
    drawn = _drawn(found, rows)
    codes = [f["properties"]["code"] for f in _features(found)] if drawn else []
    known = {row["code"]: row for row in rows}
    shown = [code for code in codes if code in known]
    shapes = list(zip(shown, drawn.shapes, strict=True)) if drawn else []
    listed = sorted(
        rows, key=lambda r: (r["index"] is None, r["index"].score if r["index"] else 0.0)
    )
    return {"map": drawn, "shapes": shapes, "rows": listed,
            "seen": any(row["index"] for row in rows)}  # fmt: skip


def _units(found: Asked, home: Unit) -> list[Unit]:
    """Units of the level that has outlines on the day, as far as the user sees them."""
    level = "district" if found.tree.districts else "commune"
    below = found.tree.children(home.code)
    return [
        u for u in below if u.level == level and (found.sight.sees(u.code) or _partly(found, u))
    ]


def _partly(found: Asked, unit: Unit) -> bool:
    """A district in which the user has a commune is drawn, without a score."""
    return any(found.sight.sees(c.code) for c in found.tree.communes_of(unit.code))


def _row(found: Asked, unit: Unit) -> dict[str, Any]:
    index = found.figures.of(unit.code).get("*") if found.sight.sees(unit.code) else None
    told = {"score": index.score, "colour": index.colour, "passed": index.passed,
            "evaluated": index.evaluated} if index else None  # fmt: skip
    state = index.state if index else "none"
    return {"code": unit.code, "name": unit.full_name, "scores": {"*": told}, "index": index,
            "state": state, "word": STATE_WORDS[state]}  # fmt: skip


def _drawn(found: Asked, rows: list[dict[str, Any]]) -> drawing.Map | None:
    facts = cast(Facts, SimpleNamespace(on=found.figures.units_on))
    try:
        return drawing.draw(facts, rows, former=_former(found))
    except UnknownDayError:
        return None


def _features(found: Asked) -> list[dict[str, Any]]:
    outlines = geo.outlines(on=found.figures.units_on, former_province=_former(found))
    return list(outlines.geojson["features"])


def _former(found: Asked) -> str | None:
    """Since July 2025: the half of the new province in which nearly all checks were made."""
    checks: dict[str, int] = {}
    for feature in geo.outlines(on=found.figures.units_on).geojson["features"]:
        half = feature["properties"].get("former_province_code")
        scored = found.figures.of(feature["properties"]["code"]).get("*")
        if half:
            checks[half] = checks.get(half, 0) + (scored.evaluated if scored else 0)
    total = sum(checks.values())
    return next((half for half, n in checks.items() if total and n >= 0.9 * total), None)
