"""The ten figures for leaders: each with numerator, denominator, target, gap in records, and where the records are."""

from __future__ import annotations

import math

from dancu.engine.report.facts import NO_UNIT, Facts, Row
from dancu.engine.report.model import Score
from dancu.engine.report.places import UNKNOWN_UNIT, WORKLISTS
from dancu.engine.report.words import DIMENSIONS, MEANINGS, level, number, points

CHECKS = "lượt kiểm tra"


def ten(facts: Facts, communes: list[Row], target: float | None) -> list[Row]:
    """The figures, in the order of the page."""
    goal = facts.levels.green if target is None else target
    return [
        _index(facts, communes, goal),
        *(_dimension(facts, name, goal) for name in DIMENSIONS),
        _without_findings(facts, goal),
        _communes_on_target(communes, goal, facts),
        _with_number(facts),
        _with_unit(facts),
    ]


def records_to_fix(communes: list[Row]) -> int:
    """Records of all communes that stand between each and its target."""
    return sum(c["records_to_fix"] or 0 for c in communes)


def _index(facts: Facts, communes: list[Row], goal: float) -> Row:
    found = facts.index("province", facts.province)
    below = [c for c in communes if c["records_to_fix"]]
    gap = records_to_fix(communes)
    text = (
        f"Sửa {number(gap)} hồ sơ ở {number(len(below))} xã thì các xã này đạt mục tiêu kế tiếp."
        if gap
        else "Không xã nào còn thiếu điểm so với mục tiêu."
    )
    return {
        "id": "index",
        "label": "Chỉ số chất lượng dữ liệu toàn tỉnh",
        "meaning": "Gộp năm chiều theo trọng số, tính trên người trong sổ đăng ký.",
        **_scored(found, goal),
        "gap": gap,
        "gap_text": text,
        "records": f"{WORKLISTS}/",
    }


def _scored(found: Score | None, goal: float) -> Row:
    """What every figure that is a score shows: the points, the checks behind them, colour and target."""
    return {
        "kind": "score",
        "value": found.score if found else None,
        "numerator": found.passed if found else 0,
        "denominator": found.evaluated if found else 0,
        "unit": CHECKS,
        "colour": found.colour if found else "none",
        "target": goal,
    }


def _dimension(facts: Facts, name: str, goal: float) -> Row:
    found = facts.scores.get(("province", facts.province), {}).get(("*", name))
    failing = facts.failing_in.get(name, 0)
    missing = max(0.0, goal - found.score) if found else 0.0
    text = (
        f"Còn {number(failing)} hồ sơ có lỗi thuộc chiều này" if failing else "Không còn hồ sơ lỗi"
    )
    text += (
        f", thiếu {points(missing)} điểm so với mục tiêu."
        if missing >= 0.005
        else "; đã đạt mục tiêu."
    )
    return {
        "id": name,
        "label": DIMENSIONS[name],
        "meaning": MEANINGS[name],
        **_scored(found, goal),
        "gap": failing,
        "gap_text": text if found else "Không có dữ liệu để xét chiều này.",
        "records": f"{WORKLISTS}/",
    }


def _without_findings(facts: Facts, goal: float) -> Row:
    persons = facts.totals["persons"]
    return _share(
        facts,
        id="persons_without_findings",
        label="Người không còn lỗi nào",
        meaning="Hồ sơ vượt qua mọi quy tắc xét được.",
        passed=persons - facts.failing,
        of=persons,
        unit="người",
        goal=goal,
        records=f"{WORKLISTS}/",
    )


def _communes_on_target(communes: list[Row], goal: float, facts: Facts) -> Row:
    judged = [c for c in communes if c["scores"]["*"]]
    passed = sum(c["scores"]["*"]["score"] >= goal for c in judged)
    return _share(
        facts,
        id="communes_on_target",
        label="Xã, phường, thị trấn đạt mục tiêu",
        meaning=f"Đơn vị có chỉ số từ {level(goal)} điểm trở lên.",
        passed=passed,
        of=len(judged),
        unit="đơn vị",
        goal=100.0,
        records="#don-vi",
    )


def _with_number(facts: Facts) -> Row:
    return _share(
        facts,
        id="with_personal_number",
        label="Người có số định danh đúng định dạng",
        meaning="Trường định danh phải đạt 100%.",
        passed=facts.totals["with_number"],
        of=facts.totals["persons"],
        unit="người",
        goal=facts.levels.identifiers,
        records=f"{WORKLISTS}/",
        identifier=True,
    )


def _with_unit(facts: Facts) -> Row:
    persons = facts.totals["persons"]
    unknown = facts.persons_by.get(NO_UNIT, 0)
    return _share(
        facts,
        id="with_unit",
        label="Người đã rõ xã quản lý",
        meaning="Xác định được một đơn vị cấp xã đang có hiệu lực.",
        passed=persons - unknown,
        of=persons,
        unit="người",
        goal=100.0,
        records=UNKNOWN_UNIT if unknown else "",
    )


def _share(
    facts: Facts,
    *,
    id: str,
    label: str,
    meaning: str,
    passed: int,
    of: int,
    unit: str,
    goal: float,
    records: str,
    identifier: bool = False,
) -> Row:
    value = 100.0 * passed / of if of else None
    gap = max(0, math.ceil(goal / 100.0 * of - 1e-9) - passed)
    text = f"Thiếu {number(gap)} {unit} so với mục tiêu." if gap else "Đã đạt mục tiêu."
    return {
        "id": id,
        "label": label,
        "meaning": meaning,
        "kind": "share",
        "value": value,
        "numerator": passed,
        "denominator": of,
        "unit": unit,
        "colour": "none" if value is None else facts.levels.colour(value, identifier=identifier),
        "target": goal,
        "gap": gap,
        "gap_text": text if of else "Không có dữ liệu.",
        "records": records,
    }
