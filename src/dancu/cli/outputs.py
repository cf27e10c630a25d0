"""The work of `dancu score`, `dancu worklist` and `dancu report`: what a finished run has to say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich import box
from rich.table import Table

from dancu.cli import shown
from dancu.cli.common import console, fail, print_json
from dancu.cli.execute import context_of, open_run
from dancu.cli.running import write_all
from dancu.engine import report as reporting
from dancu.engine.ports import Store
from dancu.reference import units
from dancu.reference.fields import fields

_SCOPES = {
    "province": "Tỉnh",
    "district": "Huyện",
    "commune": "Xã",
    "list": "Danh sách",
    "register": "Toàn bộ sổ",
}
_ORDER = f"list_position([{', '.join(repr(s) for s in ('register', *_SCOPES))}], scope)"
_CRITERIA = dict(shown.CRITERIA)


def print_scores(run: Path, unit: str | None, as_json: bool) -> None:
    """The scores of a run, or of one unit or list by field and criterion."""
    chosen = "field = '*' AND rule_id = '*'"
    if unit:
        chosen = "scope_code = '" + unit.replace("'", "''") + "' AND rule_id = '*'"
    context, _ = context_of(run)
    with open_run(run) as store:
        rows = store.fetch(
            f"SELECT * FROM scores WHERE {chosen} ORDER BY {_ORDER}, scope_code, field, criterion"
        ).to_pylist()
        known = _codes(store) if not rows else []
    if not rows:
        fail(
            f"Không có điểm của «{unit}» trong {run}. Mã có điểm: "
            f"{', '.join(known[:20])}{'…' if len(known) > 20 else ''}"
        )
    if as_json:
        print_json(rows)
        return
    names = {
        u.code: u.full_name
        for row in rows
        if row["scope_code"].isdecimal()
        and (u := units.on(context.on).find(row["scope_code"])) is not None
    }
    names |= {name: spec.name_vi for name, spec in context.sources.items()}
    console.print(_table(rows, names))


def _codes(store: Store) -> list[str]:
    found = store.fetch("SELECT DISTINCT scope_code FROM scores ORDER BY scope_code")
    return [str(code) for code in found["scope_code"].to_pylist()]


def _table(rows: list[dict[str, Any]], names: dict[str, str]) -> Table:
    """One line a unit or list (and field), one column a criterion; the checks behind the index at the end."""
    table = Table(box=box.SIMPLE, pad_edge=False)
    for heading in ("Mã", "Tên hoặc trường"):
        table.add_column(heading)
    for heading in [*_CRITERIA.values(), "Đạt/xét"]:
        table.add_column(heading, justify="right", no_wrap=True)
    lines: dict[tuple[str, str, str], dict[str, dict[str, Any]]] = {}
    for row in rows:
        key = (row["scope"], row["scope_code"], row["field"])
        lines.setdefault(key, {})[row["criterion"]] = row
    for (scope, code, field), found in lines.items():
        whole = names.get(code, "")
        name = fields()[field].label_vi if field in fields() else whole
        index = found.get("*", {"passed": 0, "evaluated": 0})
        cells = [shown.points(found[c]["score"]) if c in found else "–" for c in _CRITERIA]
        counts = f"{shown.number(index['passed'])}/{shown.number(index['evaluated'])}"
        table.add_row(_SCOPES[scope] if code == "*" else code, name, *cells, counts)
    return table


def write_worklists(run: Path, unit: tuple[str, ...], out: Path, show: bool, as_json: bool) -> None:
    """One .xlsx a commune; leaves with a message when the communes have no work or are none."""
    context, _ = context_of(run)
    wrong = [code for code in unit if units.on(context.on).find(code) is None]
    if wrong:
        day = f"{context.on:%d/%m/%Y}"
        fail(
            f"Không có đơn vị mã {', '.join(wrong)} vào ngày {day}. Hãy dùng mã xã 5 chữ số, ví dụ 07366.",
            code=2,
        )
    with open_run(run) as store:
        files = reporting.worklist_files(store, context, units=unit or None, show_numbers=show)
        written = write_all(out, files)
    if not written:
        fail("Không có việc nào cho các đơn vị đã nêu: không còn lỗi cần xử lý.")
    _told(written, out, as_json)


def write_report(run: Path, out: Path, as_json: bool) -> None:
    """The report and all worklists, made anew."""
    context, manifest = context_of(run)
    with open_run(run) as store:
        written = write_all(out, reporting.files(store, context, manifest))
    _told(written, out, as_json)


def _told(written: list[str], out: Path, as_json: bool) -> None:
    if as_json:
        print_json({"out": str(out), "files": written})
        return
    console.print(
        f"Đã ghi {shown.number(len(written))} tệp vào {out}:", markup=False, soft_wrap=True
    )
    for path in written[:_LISTED]:
        console.print(f"  {out / path}", markup=False, soft_wrap=True)
    if len(written) > _LISTED:
        console.print(f"  … và {shown.number(len(written) - _LISTED)} tệp nữa")


_LISTED = 12
