"""The work of `dancu explain`: why a person is one person, why two records are or are not, why a finding, a score."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dancu.cli import explaining_match as match
from dancu.cli.common import console, fail, print_json
from dancu.cli.execute import context_of, open_run
from dancu.cli.explaining_others import pairs_of
from dancu.cli.shown import CRITERIA, number, points
from dancu.engine.link import explain_pair, wording
from dancu.engine.ports import Context, Store
from dancu.engine.report.values import shown
from dancu.engine.report.words import law
from dancu.reference.fields import fields, standard_fields
from dancu.rules import loader as rules

_SHOWN = 40
_CRITERIA = dict(CRITERIA)


@dataclass(frozen=True)
class Asked:
    """`what`: a code of any kind, or a record if there is an `other` one. `page`: where an HTML page goes."""

    what: str
    other: str | None = None
    show: bool = False
    as_json: bool = False
    page: Path | None = None
    lang: str = "vi"


def tell(run: Path, asked: Asked) -> None:
    """Prints the answer, personal numbers masked unless shown; leaves with a message when there is none."""
    context, _ = context_of(run)
    with open_run(run) as store:
        answer = _answer(store, asked, context.on)
    if answer is None:
        fail(
            f"Không thấy «{asked.what}» trong {run}: "
            "không phải mã người, mã việc, mã đơn vị hay mã nguồn."
        )
    if not asked.show:
        answer = _masked(answer)
    _in_full(answer, context, asked.lang)
    if asked.page:
        facts = {
            wording.say("page", "run", asked.lang): run.name,
            wording.say("page", "day", asked.lang): f"{context.on:%d/%m/%Y}",
        }
        match.write_page(asked.page, answer, facts, asked.lang)
    if asked.as_json:
        print_json(answer)
    elif asked.page:
        console.print(f"Đã ghi {asked.page}", markup=False, soft_wrap=True)
    else:
        console.print(
            "\n".join(_lines(answer, context.on, asked.lang)), markup=False, soft_wrap=True
        )


def _in_full(answer: dict[str, Any], context: Context, lang: str) -> None:
    """Each list by its own name."""
    inside = (answer.get("weakest_pair") or {}).get("records", ())
    for record in (*answer.get("records", ()), *inside):
        spec = context.sources.get(record["source"])
        named = (spec.name_vi if lang == "vi" else spec.name_en) if spec else ""
        record["list"] = named or record["source"]


def _answer(store: Store, asked: Asked, on: dt.date) -> dict[str, Any] | None:
    if asked.other is None:
        return _person(store, asked, on) or _finding(store, asked.what) or _score(store, asked.what)
    if not (asked.what.isdecimal() and asked.other.isdecimal()):
        fail("Hai mã bản ghi phải là số, ví dụ: dancu explain var/runs/demo 17 35", code=2)
    return match.pair(
        store, int(asked.what), int(asked.other), on=on, show=asked.show, lang=asked.lang
    )


def _rows(store: Store, query: str) -> list[dict[str, Any]]:
    return list(store.fetch(query).to_pylist())


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _person(store: Store, asked: Asked, on: dt.date) -> dict[str, Any] | None:
    what, lang = asked.what, asked.lang
    if not what.isdecimal() or len(what) == 5:
        return None
    found = _rows(store, f"SELECT * FROM persons WHERE person_id = {int(what)}")
    if not found:
        return None
    person = found[0]
    records = match.records_of(store, f"l.person_id = {int(what)}")
    members = [r["record_id"] for r in records]
    pairs = pairs_of(store, members)
    held = match.held_together(members, pairs, lang)
    losing = _rows(
        store, f"SELECT * FROM contested WHERE person_id = {int(what)} ORDER BY field, record_id"
    )
    findings = _rows(store, f"SELECT * FROM findings WHERE level = 'person' AND id = {int(what)}")
    return {
        "kind": "person",
        "person_id": person["person_id"],
        "fields": {
            name: {"value": person[name], "from_record": person.get(f"{name}_from")}
            for name in standard_fields()
            if person.get(name) is not None
        },
        "title": wording.say("page", "person", lang, person=what),
        "records": [{**r, "place": match.place(r)} for r in records],
        "graph": held,
        "weakest_pair": match.weakest_pair(store, held, on=on, show=asked.show, lang=lang)
        if asked.page
        else None,
        "pairs": [
            {"record_a": p["record_a"], "record_b": p["record_b"], "why": explain_pair(p, lang)}
            for p in pairs[:_SHOWN]
        ],
        "contested": losing,
        "findings": [_told(f) for f in findings],
    }


def _finding(store: Store, what: str) -> dict[str, Any] | None:
    found = _rows(store, f"SELECT * FROM findings WHERE finding_id = {_text(what)}")
    if not found:
        return None
    finding = found[0]
    rule = rules.get(finding["rule_id"])
    table, key = (
        ("persons", "person_id") if finding["level"] == "person" else ("standard", "record_id")
    )
    seen = _rows(store, f"SELECT * FROM {table} WHERE {key} = {finding['id']}")
    return {
        "kind": "finding",
        **_told(finding),
        "law": law(rule.law),
        "sql": rule.sql or rule.failing,
        "seen": {c: seen[0][c] for c in rule.columns if seen and c in seen[0]},
    }


def _told(finding: dict[str, Any]) -> dict[str, Any]:
    rule = rules.get(finding["rule_id"])
    return {
        "finding_id": finding["finding_id"],
        "rule": rule.id,
        "message": rule.message.vi,
        "fix": rule.fix.vi,
        "error_group": rule.error_group,
    }


def _score(store: Store, what: str) -> dict[str, Any] | None:
    code = _text(what)
    total = _rows(
        store,
        f"SELECT * FROM scores WHERE scope_code = {code} AND field = '*' ORDER BY scope, criterion",
    )
    if not total:
        return None
    lost = _rows(
        store,
        f"""SELECT field, criterion, rule_id, passed, evaluated, score FROM scores
            WHERE scope_code = {code} AND rule_id <> '*' AND passed < evaluated
            ORDER BY evaluated - passed DESC, rule_id LIMIT {_SHOWN}""",
    )
    gap = _rows(store, f"SELECT * FROM gaps WHERE scope_code = {code}")
    return {
        "kind": "score",
        "of": what,
        "scores": [
            {k: t[k] for k in ("scope", "criterion", "passed", "evaluated", "score", "colour")}
            for t in total
        ],
        "gap": gap[0] if gap else None,
        "lost": [{**row, "message": rules.get(row["rule_id"]).message.vi} for row in lost],
    }


def _masked(value: Any) -> Any:
    """Personal numbers as 924•••••0017 wherever they stand."""
    if isinstance(value, dict):
        return {k: _masked(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_masked(v) for v in value]
    if isinstance(value, str) and len(value) == 12 and value.isdecimal():
        return f"{value[:3]}•••••{value[-4:]}"
    return value


def _lines(answer: dict[str, Any], on: dt.date, lang: str) -> list[str]:
    match answer["kind"]:
        case "person":
            return _person_lines(answer, on, lang)
        case "pair":
            return match.pair_lines(answer, lang)
        case "finding":
            return _finding_lines(answer, on)
        case _:
            return _score_lines(answer)


def _in_words(name: str, value: Any, on: dt.date) -> str:
    """A value as an official reads it: codes by their names, days as dd/mm/yyyy, numbers already masked or not."""
    if value is None:
        return "(trống)"
    return shown(name, str(value), on=on, show_numbers=True) if name in fields() else str(value)


def _person_lines(answer: dict[str, Any], on: dt.date, lang: str) -> list[str]:
    lines = [f"Người {answer['person_id']}: gộp từ {len(answer['records'])} bản ghi."]
    for r in answer["records"]:
        lines.append(f"  bản ghi {r['record_id']} ({r['list']}): {r['place']}")
    lines.append("Giá trị được chọn, và bản ghi đã cho giá trị đó:")
    for name, chosen in answer["fields"].items():
        origin = f"  ← bản ghi {chosen['from_record']}" if chosen["from_record"] else ""
        lines.append(f"  {fields()[name].label_vi}: {_in_words(name, chosen['value'], on)}{origin}")
    if answer["contested"]:
        lines.append("Giá trị không được chọn:")
    for c in answer["contested"]:
        label = fields()[c["field"]].label_vi if c["field"] in fields() else c["field"]
        why = _REASONS.get(c["reason"], c["reason"])
        value = _in_words(c["field"], c["value"], on)
        lines.append(f"  {label}: {value} (bản ghi {c['record_id']}; {why})")
    lines += match.graph_lines(answer["graph"], lang)
    if answer["pairs"]:
        lines.append("Vì sao là một người, hay không phải:")
    for p in answer["pairs"]:
        lines.append(f" {p['record_a']} – {p['record_b']}: {p['why']}")
    lines.append(f"Lỗi cần xử lý: {len(answer['findings'])}")
    lines += [f"  [{f['rule']}] {f['message']} {f['fix']}" for f in answer["findings"]]
    return lines


_REASONS = {
    "trust": "nguồn ít tin cậy hơn",
    "date": "cũ hơn",
    "agreement": "ít nguồn đồng ý hơn",
    "invalid": "không hợp lệ",
    "complete": "kém đầy đủ hơn (thiếu dấu, thiếu ngày hoặc tháng)",
    "tie": "ngang nhau, lấy bản ghi đứng trước",
}


def _finding_lines(answer: dict[str, Any], on: dt.date) -> list[str]:
    lines = [
        f"[{answer['rule']}] {answer['message']}",
        f"Cần làm: {answer['fix']}",
        f"Căn cứ: {answer['law']}",
    ]
    lines.append("Giá trị mà quy tắc đã xem:")
    lines += [
        f"  {fields()[k].label_vi if k in fields() else k}: {_in_words(k, v, on)}"
        for k, v in answer["seen"].items()
    ]
    return [*lines, f"Quy tắc (SQL): {answer['sql']}"]


def _score_lines(answer: dict[str, Any]) -> list[str]:
    lines = [f"Điểm của {answer['of']}:"]
    for s in answer["scores"]:
        lines.append(
            f"  {_CRITERIA.get(s['criterion'], s['criterion'])}: {points(s['score'])} "
            f"({number(s['passed'])}/{number(s['evaluated'])} lượt kiểm tra đạt)"
        )
    gap = answer["gap"]
    if gap and gap["records_to_fix"]:
        lines.append(
            f"Sửa {number(gap['records_to_fix'])} hồ sơ thì đạt {points(gap['target'])} điểm."
        )
    lines.append("Mất điểm nhiều nhất ở:")
    lines += [
        f"  [{row['rule_id']}] {row['message']} {number(row['evaluated'] - row['passed'])}/{number(row['evaluated'])}"
        for row in answer["lost"]
    ]
    return lines
