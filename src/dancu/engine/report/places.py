"""Units in the report: their scores, the worklist of each, and how far each is from its target."""

from __future__ import annotations

from decimal import Decimal

from dancu.engine.ports import Store
from dancu.engine.report.facts import Facts, Row
from dancu.engine.report.model import Score
from dancu.engine.report.words import slug
from dancu.reference.units import Unit
from dancu.reference.weights import CRITERIA

WORKLISTS = "worklists"
UNKNOWN_UNIT = f"{WORKLISTS}/khong_ro_don_vi.xlsx"
ELSEWHERE = f"{WORKLISTS}/ngoai_tinh.xlsx"


def worklist_path(unit: Unit) -> str:
    """Where a commune's worklist stands, relative to the run."""
    return f"{WORKLISTS}/{unit.code}_{slug(unit.full_name)}.xlsx"


def reach(store: Store, facts: Facts, target: float | None) -> dict[str, Row]:
    """Commune -> target, points missing, records to fix. None: the next target above each commune."""
    if target is None:
        return facts.gaps
    query = f"""
SELECT s.scope_code, {float(target)} AS target, greatest(0.0, {float(target)} - s.score) AS points_missing,
       CASE WHEN s.score < {float(target)}
            THEN min(o.rank) FILTER (WHERE s.score + o.gained >= {float(target)} - 1e-9) END AS records_to_fix
FROM scores s LEFT JOIN fix_order o ON o.scope = s.scope AND o.scope_code = s.scope_code
WHERE s.scope = 'commune' AND s.field = '*' AND s.criterion = '*' AND s.rule_id = '*'
GROUP BY s.scope_code, s.score"""
    found = {row["scope_code"]: row for row in store.fetch(query).to_pylist()}
    return {code: {**facts.gaps.get(code, {}), **row} for code, row in found.items()}


def score_cells(scores: dict[tuple[str, str], Score], field: str = "*") -> Row:
    """The index (`*`) and the five criteria of a scope or of one of its fields; None where nothing was judged."""
    found = {c: scores.get((field, c)) for c in ("*", *CRITERIA)}
    return {c: None if s is None else _cell(s) for c, s in found.items()}


def _cell(score: Score) -> Row:
    return {
        "score": round(score.score, 4),
        "passed": score.passed,
        "evaluated": score.evaluated,
        "colour": score.colour,
    }


def communes(facts: Facts, gaps: dict[str, Row]) -> list[Row]:
    """Every commune of the province, lowest index first; those without people last."""
    rows = [_commune(facts, unit, gaps.get(unit.code, {})) for unit in facts.communes()]
    return sorted(
        rows,
        key=lambda r: (
            r["scores"]["*"] is None,
            (r["scores"]["*"] or {}).get("score", 0),
            r["code"],
        ),
    )


def _commune(facts: Facts, unit: Unit, gap: Row) -> Row:
    district = facts.tree.find(unit.district_code) if unit.district_code else None
    failing = facts.failing_by.get(unit.code, 0)
    return {
        "code": unit.code,
        "name": unit.full_name,
        "district": district.full_name if district else None,
        "persons": facts.persons_by.get(unit.code, 0),
        "persons_with_findings": failing,
        "scores": score_cells(facts.scores.get(("commune", unit.code), {})),
        "target": _float(gap.get("target")),
        "points_missing": _float(gap.get("points_missing")),
        "records_to_fix": gap.get("records_to_fix"),
        "identifier_records": gap.get("identifier_records") or 0,
        "first_rules": list(gap.get("first_rules") or ()),
        "worklist": worklist_path(unit) if failing else None,
    }


def _float(value: float | Decimal | None) -> float | None:
    return None if value is None else round(float(value), 4)


def districts(facts: Facts) -> list[Row]:
    """The districts of the province (none since July 2025), lowest index first."""
    found = [u for u in facts.tree.districts if u.province_code == facts.province]
    rows = [
        {
            "code": unit.code,
            "name": unit.full_name,
            "persons": sum(facts.persons_by.get(c.code, 0) for c in facts.tree.children(unit.code)),
            "communes": len(facts.tree.children(unit.code)),
            "scores": score_cells(facts.scores.get(("district", unit.code), {})),
        }
        for unit in found
    ]
    return sorted(
        rows,
        key=lambda r: (
            r["scores"]["*"] is None,
            (r["scores"]["*"] or {}).get("score", 0),
            r["code"],
        ),
    )
