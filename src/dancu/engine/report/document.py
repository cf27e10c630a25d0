"""The whole report as plain data: `report.json` is this, and the page shows nothing that is not in it."""

from __future__ import annotations

from typing import Any

from dancu.engine.ports import Context, Store
from dancu.engine.report import detail, figures, places
from dancu.engine.report.facts import NO_UNIT, Facts, Row, run_code
from dancu.engine.report.model import Place, Score, Summary
from dancu.engine.report.words import DIMENSIONS, MEANINGS, law, number
from dancu.reference.domain import error_groups
from dancu.reference.fields import fields
from dancu.reference.weights import CRITERIA, criterion_weights

FORMAT = 1
WORST = 10


def document(
    store: Store,
    context: Context,
    manifest: dict[str, Any],
    facts: Facts,
    *,
    target: float | None = None,
) -> Row:
    """Everything the report says; see docs/reference/report_json.md."""
    gaps = places.reach(store, facts, target)
    communes = places.communes(facts, gaps)
    rules = detail.rules_found(facts)
    files = detail.files_read(facts)
    return {
        "format": FORMAT,
        "run": _run(store, context, manifest, facts),
        "target": facts.levels.green if target is None else target,
        "target_given": target is not None,
        "totals": _totals(facts, files),
        "figures": figures.ten(facts, communes, target),
        "province": _scope(facts, "province", facts.province, _province_name(facts)),
        "register": _scope(facts, "register", "*", "Toàn sổ đăng ký (kể cả người chưa rõ đơn vị)"),
        "districts": places.districts(facts),
        "communes": communes,
        "sources": detail.sources(facts, context, files),
        "fields": detail.fields_found(facts),
        "error_groups": detail.groups_found(facts, rules),
        "rules": rules,
        "repairs": detail.repairs(store),
        "duplicates": detail.duplicates(store, facts, context),
        "files": files,
        "method": _method(facts),
    }


def summary(store: Store, facts: Facts) -> Summary:
    """The numbers that the command line prints."""
    communes = places.communes(facts, facts.gaps)
    judged = [c for c in communes if c["scores"]["*"]]
    totals = _totals(facts, detail.files_read(facts))
    return Summary(
        on=facts.on.isoformat(),
        province_name=_province_name(facts),
        province=_plain(facts, "province", facts.province),
        register=_plain(facts, "register", "*"),
        worst=tuple(_place(c) for c in judged[:WORST]),
        findings_by_group=_by_group(facts),
        communes=len(communes),
        communes_on_target=sum(c["scores"]["*"]["score"] >= facts.levels.green for c in judged),
        records_to_fix=figures.records_to_fix(communes),
        colours={
            c: sum(x["scores"]["*"]["colour"] == c for x in judged)
            for c in ("green", "yellow", "red")
        },
        **{name: totals[name] for name in _SUMMED},
    )


_SUMMED = (
    *("files", "files_refused", "rows_in", "rows_kept", "rows_rejected", "records", "persons"),
    *("duplicates_joined", "findings", "persons_with_findings", "persons_without_unit"),
    "record_findings",
)


def _totals(facts: Facts, files: list[Row]) -> Row:
    totals = facts.totals
    return {
        "files": len({f["file_no"] for f in files}),
        "sheets": len(files),
        "files_refused": sum(bool(f["refused"]) for f in files),
        **{k: sum(f[k] for f in files) for k in ("rows_in", "rows_kept", "rows_rejected")},
        "records": totals["records"],
        "persons": totals["persons"],
        "duplicates_joined": totals["records"] - totals["persons"],
        "findings": totals["person_findings"],
        "record_findings": totals["record_findings"],
        "records_with_findings": totals["failing_records"],
        "persons_with_findings": facts.failing,
        "persons_without_unit": facts.persons_by.get(NO_UNIT, 0),
        "persons_elsewhere": _elsewhere(facts),
    }


def _elsewhere(facts: Facts) -> int:
    home = {u.code for u in facts.communes()} | {NO_UNIT}
    return sum(n for code, n in facts.persons_by.items() if code not in home)


def _run(store: Store, context: Context, manifest: dict[str, Any], facts: Facts) -> Row:
    return {
        "id": run_code(store, context.on),
        "code": manifest.get("code", ""),
        "on": context.on.isoformat(),
        "started": manifest.get("started"),
        "test_people": context.test_people,
        "province_code": facts.province,
        "province": _province_name(facts),
        "era": _era(facts),
    }


def _province_name(facts: Facts) -> str:
    found = facts.tree.find(facts.province)
    return found.full_name if found else "Chưa xác định tỉnh"


def _era(facts: Facts) -> str:
    """Which tree of units the figures follow, in words."""
    communes = len(facts.communes())
    districts = sum(u.province_code == facts.province for u in facts.tree.districts)
    if not districts:
        return f"Chính quyền hai cấp (từ 01/7/2025): {number(communes)} xã, phường"
    return f"Ba cấp (trước 01/7/2025): {number(districts)} huyện, thành phố; {number(communes)} xã, phường, thị trấn"


def _scope(facts: Facts, scope: str, code: str, name: str) -> Row:
    return {
        "code": code,
        "name": name,
        "scores": places.score_cells(facts.scores.get((scope, code), {})),
    }


def _plain(facts: Facts, scope: str, code: str) -> dict[str, Score]:
    found = facts.scores.get((scope, code), {})
    return {c: found["*", c] for c in ("*", *CRITERIA) if ("*", c) in found}


def _place(row: Row) -> Place:
    score = row["scores"]["*"]
    return Place(
        code=row["code"],
        name=row["name"],
        score=score["score"],
        colour=score["colour"],
        target=row["target"],
        records_to_fix=row["records_to_fix"],
        identifier_records=row["identifier_records"],
        worklist=row["worklist"],
    )


def _by_group(facts: Facts) -> dict[str, int]:
    rows = detail.groups_found(facts, detail.rules_found(facts))
    return {row["name"]: row["person_findings"] for row in rows}


def _method(facts: Facts) -> Row:
    levels = facts.levels
    weights = criterion_weights(on=facts.on)
    return {
        "thresholds": {
            "green": levels.green,
            "yellow": levels.yellow,
            "identifiers": levels.identifiers,
            "official": levels.official,
            "source": levels.source,
        },
        "dimensions": [
            {"id": c, "name": DIMENSIONS[c], "meaning": MEANINGS[c], "weight": weights.get(c)}
            for c in CRITERIA
        ],
        "identifiers": [f.label_vi for f in fields().values() if f.identifier],
        "groups": [{"group": g.group, "name": g.name_vi} for g in error_groups()],
        "rules": len(facts.rules),
        "laws": sorted(
            {part.strip() for r in facts.rules.values() for part in law(r.law).split(";")}
        ),
    }
