"""For `dancu clean`: each input file again with its standard values beside the original cells, findings, duplicates."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from dancu.engine.ports import Context, Store
from dancu.engine.report import against_register
from dancu.engine.report.facts import Row
from dancu.engine.report.model import OutFile
from dancu.engine.report.pairs_words import conclusion, evidence
from dancu.engine.report.tabular import Sheet, tables
from dancu.engine.report.values import shown
from dancu.engine.report.words import comparison_name, fix_name, law, percent
from dancu.reference.fields import fields, fix_columns, standard_fields
from dancu.rules import loader as rule_loader

_SOURCE_FILES = "(SELECT DISTINCT file_no, name FROM files)"


def cleaned_files(store: Store, context: Context) -> Iterator[OutFile]:
    """One file for each input that was read, then `phat_hien` and `trung_lap`; names are never used twice."""
    taken: set[str] = set()
    files = store.fetch("SELECT * FROM files ORDER BY file_no, sheet").to_pylist()
    by_number: dict[int, list[Row]] = defaultdict(list)
    for row in files:
        by_number[row["file_no"]].append(row)
    for number, sheets in by_number.items():
        if any(sheet["rows_in"] for sheet in sheets):
            path = _free(f"{_stem(sheets[0]['name'])}_da_lam_sach", taken)
            content = _file(store, context, number, sheets)
            yield from tables(
                path, content, on=context.on, title=f"Đã làm sạch: {sheets[0]['name']}"
            )
    yield from tables(
        "phat_hien", [_findings(store, context)], on=context.on, title="Lỗi phát hiện"
    )
    yield from tables(
        "trung_lap", _duplicates(store, context), on=context.on, title="Dòng trùng lặp"
    )


def _stem(name: str) -> str:
    path = PurePosixPath(name)
    return "__".join([*path.parent.parts, path.stem]).replace("..", "_").lstrip("/_") or "tep"


def _free(name: str, taken: set[str]) -> str:
    found, n = name, 2
    while found.lower() in taken:
        found, n = f"{name}_{n}", n + 1
    taken.add(found.lower())
    return found


def _file(store: Store, context: Context, number: int, sheets: list[Row]) -> list[Sheet]:
    notes = _notes(store, context, number)
    made = [_sheet(store, context, sheet, notes) for sheet in sheets if sheet["rows_kept"]]
    rejected = store.fetch(
        f"SELECT * FROM rejects WHERE file_no = {number} ORDER BY sheet, row"
    ).to_pylist()
    if rejected:
        heads = [("Trang", 14.0), ("Dòng", 7.0), ("Vì sao không đọc được", 40.0), ("Các ô", 80.0)]
        rows = [[r["sheet"], r["row"], r["message_vi"], _cells(r["cells"])] for r in rejected]
        made.append(Sheet("Dòng bị loại", heads, rows))
    return made


def _cells(text: str | None) -> str:
    return " | ".join("" if cell is None else str(cell) for cell in json.loads(text or "[]"))


def _notes(store: Store, context: Context, number: int) -> dict[int, Row]:
    """record_id -> what is wrong and where the same person stands, for the records of a file."""
    rules = {rule.id: rule for rule in rule_loader.on(context.on)}
    notes: dict[int, Row] = defaultdict(lambda: {"problems": [], "same": []})
    for row in store.fetch(_FOUND.format(number=number)).to_pylist():
        if row["rule_id"] in rules:
            notes[row["id"]]["problems"].append(
                f"{rules[row['rule_id']].message.vi} [{row['rule_id']}]"
            )
    for row in store.fetch(_SAME.format(number=number)).to_pylist():
        notes[row["record_id"]]["same"].append(_place(row["name"], row["sheet"], row["row"]))
    return notes


_FOUND = """
SELECT f.id, f.rule_id FROM findings f JOIN records r ON r.record_id = f.id
WHERE f.level = 'record' AND r.file_no = {number} ORDER BY ALL"""
_SAME = f"""
SELECT a.record_id, o.row, o.sheet, n.name
FROM links a JOIN records m ON m.record_id = a.record_id
JOIN links b ON b.person_id = a.person_id AND b.record_id <> a.record_id
JOIN records o ON o.record_id = b.record_id JOIN {_SOURCE_FILES} n ON n.file_no = o.file_no
WHERE m.file_no = {{number}} ORDER BY a.record_id, b.record_id"""


def _place(name: str, sheet: str | None, row: int) -> str:
    return f"{name}, {sheet}, dòng {row}" if sheet else f"{name}, dòng {row}"


def _sheet(store: Store, context: Context, sheet: Row, notes: dict[int, Row]) -> Sheet:
    """Original columns, then the standard ones that hold anything, then problems, repairs and duplicates."""
    where = f"r.file_no = {sheet['file_no']} AND coalesce(r.sheet, '') = {_quoted(sheet['sheet'] or '')}"
    mapping: dict[str, str] = json.loads(sheet["mapping"] or "{}")
    unread: list[str] = json.loads(sheet["unread"] or "[]")
    raw = store.fetch(
        f"SELECT r.* FROM records r WHERE {where} ORDER BY r.row, r.record_id"
    ).to_pylist()
    # The standard table repeats the names of the raw roles, so it is read on its own, in the same order.
    query = f"SELECT s.* FROM standard s JOIN records r ON r.record_id = s.record_id WHERE {where}"
    standard = store.fetch(f"{query} ORDER BY r.row, r.record_id")
    names = [
        n
        for n in standard_fields()
        if standard[_holds(n)].null_count < standard.num_rows or n in mapping.values()
    ]
    heads = [("Dòng gốc", 8.0), *((h, 16.0) for h in mapping), *((h, 14.0) for h in unread)]
    heads += [(f"Chuẩn: {fields()[n].label_vi}", 18.0) for n in names]
    heads += [("Lỗi cần xử lý", 40.0), ("Đã tự sửa", 28.0), ("Trùng với dòng", 28.0)]
    rows = [
        _row(given, made, mapping, unread, names, notes.get(given["record_id"]), context)
        for given, made in zip(raw, standard.to_pylist(), strict=True)
    ]
    if against_register.is_asked(context):
        heads += against_register.HEADS
        found = against_register.compared(store, context, standard["record_id"].to_pylist())
        rows = [[*row, *found[made]] for row, made in zip(rows, found, strict=True)]
    return Sheet(sheet["sheet"] or "Đã làm sạch", heads, rows)


def _holds(name: str) -> str:
    """The column that shows whether a field holds anything: a birth of which only the year is known has no date."""
    return "birth_year" if name == "birth_date" else name


def _row(
    given: Row,
    made: Row,
    mapping: dict[str, str],
    unread: list[str],
    names: list[str],
    note: Row | None,
    context: Context,
) -> list[Any]:
    extra = json.loads(given["extra"] or "{}")
    return [
        given["row"],
        *(given.get(role) for role in mapping.values()),
        *(extra.get(heading) for heading in unread),
        *(shown(n, _text(n, made), on=context.on, show_numbers=True) for n in names),
        "\n".join(note["problems"]) if note else "",
        "\n".join(_repairs(made)),
        "\n".join(note["same"]) if note else "",
    ]


def _text(name: str, made: Row) -> str | None:
    if name == "birth_date" and made["birth_date"] is None and made["birth_year"]:
        month = made["birth_month"]
        return f"{month:02d}/{made['birth_year']}" if month else str(made["birth_year"])
    return None if made[name] is None else str(made[name])


def _repairs(made: Row) -> list[str]:
    found = [(name.removesuffix("_fix"), made[name]) for name in fix_columns() if made[name]]
    return [
        f"{fields()[f].label_vi}: {fix_name(fix)}" for f, fixes in found for fix in fixes.split(",")
    ]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


_ALL_FOUND = f"""
SELECT n.name, r.sheet, r.row, s.full_name, f.rule_id, f.group_key
FROM findings f JOIN records r ON r.record_id = f.id JOIN standard s ON s.record_id = f.id
JOIN {_SOURCE_FILES} n ON n.file_no = r.file_no
WHERE f.level = 'record' ORDER BY r.file_no, r.sheet, r.row, f.rule_id"""


def _findings(store: Store, context: Context) -> Sheet:
    rules = {rule.id: rule for rule in rule_loader.on(context.on)}
    heads = [("Tệp", 24.0), ("Trang", 12.0), ("Dòng", 7.0), ("Họ và tên", 22.0), ("Trường", 18.0)]
    heads += [
        ("Lỗi", 40.0),
        ("Cách sửa", 44.0),
        ("Căn cứ", 30.0),
        ("Mức", 10.0),
        ("Quy tắc", 10.0),
        ("Nhóm", 16.0),
    ]
    rows = []
    for found in store.fetch(_ALL_FOUND).to_pylist():
        rule = rules[found["rule_id"]]
        label = fields()[rule.field].label_vi if rule.field in fields() else rule.field
        severity = "Lỗi" if rule.severity == "error" else "Cảnh báo"
        place = [found["name"], found["sheet"], found["row"], found["full_name"], label]
        told = [rule.message.vi, rule.fix.vi, law(rule.law), severity, rule.id, found["group_key"]]
        rows.append([*place, *told])
    return Sheet("Lỗi phát hiện", heads, rows)


_SIDES = ("full_name", "personal_number", "birth_date", "sex", "permanent_unit", "phone")
_PAIRS = f"""
SELECT p.joined, p.probability, p.why, p.key, p.blocked_by,
       na.name AS a_file, ra.sheet AS a_sheet, ra.row AS a_row, nb.name AS b_file, rb.sheet AS b_sheet, rb.row AS b_row,
       {", ".join(f"CAST({x}.{n} AS VARCHAR) AS {x}_{n}" for x in ("a", "b") for n in (*_SIDES, "birth_year"))}
FROM pairs p
JOIN standard a ON a.record_id = p.record_a JOIN standard b ON b.record_id = p.record_b
JOIN records ra ON ra.record_id = p.record_a JOIN records rb ON rb.record_id = p.record_b
JOIN {_SOURCE_FILES} na ON na.file_no = ra.file_no JOIN {_SOURCE_FILES} nb ON nb.file_no = rb.file_no
WHERE p.joined OR coalesce(p.blocked_by, '') <> ''
ORDER BY p.record_a, p.record_b"""
_GROUPS = f"""
SELECT l.person_id, n.name AS file, r.sheet, r.row, s.full_name, s.personal_number,
       coalesce(CAST(s.birth_date AS VARCHAR), CAST(s.birth_year AS VARCHAR)) AS birth_date
FROM links l JOIN records r ON r.record_id = l.record_id JOIN standard s ON s.record_id = l.record_id
JOIN {_SOURCE_FILES} n ON n.file_no = r.file_no
JOIN (SELECT k.person_id FROM links k JOIN records m ON m.record_id = k.record_id
      GROUP BY k.person_id HAVING count(*) > 1) g ON g.person_id = l.person_id
ORDER BY l.person_id, l.record_id"""


def _duplicates(store: Store, context: Context) -> list[Sheet]:
    pairs = store.fetch(_PAIRS).to_pylist()
    heads = [
        ("Kết luận", 30.0),
        ("Dòng A", 24.0),
        ("Dòng B", 24.0),
        ("Giống nhau", 34.0),
        ("Khác nhau", 34.0),
    ]
    for name in _SIDES:
        heads += [
            (f"{fields()[name].label_vi} (A)", 18.0),
            (f"{fields()[name].label_vi} (B)", 18.0),
        ]
    heads += [("Tìm thấy nhờ", 18.0), ("Khả năng", 10.0)]
    joined = [_pair(p, context) for p in pairs if p["joined"]]
    apart = [_pair(p, context) for p in pairs if not p["joined"]]
    return [
        _groups(store, context),
        Sheet("Cặp đã ghép", heads, joined),
        Sheet("Cặp giống nhưng không ghép", heads, apart),
    ]


def _pair(pair: Row, context: Context) -> list[Any]:
    agree, differ = evidence(pair["why"])
    cells: list[Any] = [
        conclusion(pair["joined"], pair["probability"], pair["blocked_by"]),
        _place(pair["a_file"], pair["a_sheet"], pair["a_row"]),
        _place(pair["b_file"], pair["b_sheet"], pair["b_row"]),
        agree,
        differ,
    ]
    for name in _SIDES:
        for side in ("a", "b"):
            value = pair[f"{side}_{name}"]
            if name == "birth_date" and value is None:
                value = pair[f"{side}_birth_year"]
            cells.append(shown(name, value, on=context.on, show_numbers=True))
    likely = pair["probability"]
    return [
        *cells,
        comparison_name(pair["key"] or ""),
        "" if likely is None else percent(100 * likely),
    ]


def _groups(store: Store, context: Context) -> Sheet:
    heads = [
        ("Nhóm", 7.0),
        ("Dòng", 30.0),
        ("Họ và tên", 24.0),
        ("Số định danh", 16.0),
        ("Ngày sinh", 12.0),
    ]
    rows: list[list[Any]] = []
    number, before = 0, None
    for row in store.fetch(_GROUPS).to_pylist():
        number += row["person_id"] != before
        before = row["person_id"]
        born = shown("birth_date", row["birth_date"], on=context.on)
        place = _place(row["file"], row["sheet"], row["row"])
        rows.append([number, place, row["full_name"], row["personal_number"], born])
    return Sheet("Nhóm trùng", heads, rows)
