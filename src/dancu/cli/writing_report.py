"""The work of `dancu report write`: count, lay out, put into a folder, say what the checks found."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from dancu.cli.common import REFUSED, WRONG_USE, console, fail, print_json
from dancu.engine.report.content_json import to_json
from dancu.engine.report.indicators import Asked
from dancu.reference import units
from dancu.site import boot
from dancu.store.files import write_atomically

if TYPE_CHECKING:
    from dancu.engine.report.content import Report


def write(on: dt.date, first: dt.date | None, unit: str, out: Path, as_json: bool) -> None:
    """All forms of the report of the unit from `first` (1 January) to `on`."""
    start = first or on.replace(month=1, day=1)
    if start > on:
        fail(
            "Ngày đầu kỳ phải trước ngày cuối kỳ.\nThe first day comes before the last.",
            code=WRONG_USE,
        )
    found = units.on(max(on, units.FIRST_DAY)).find(unit)
    if found is None or found.level == "commune":
        fail(
            f"Ngày {on:%d/%m/%Y} không có tỉnh hay huyện mang mã «{unit}».\n"
            f"No province or district has the code {unit} on that day.",
            code=WRONG_USE,
        )  # fmt: skip
    boot.ready()
    from dancu.kit import report_writing as kit

    now = dt.datetime.now().astimezone()
    report = kit.writing.content(kit.Order(unit, Asked(start, on), now.date()), using="owner")
    files = _files(report, now)
    for name, body in files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, body)
    _tell(report, out, list(files), as_json)
    if any(mark.weight == "error" for mark in report.marks):
        sys.exit(REFUSED)


def _files(report: Report, at: dt.datetime) -> dict[str, bytes]:
    from dancu.kit import report_writing as kit

    plain = "\n\n".join(f"{p.text}\nSố chính xác: {p.exact}." for p in kit.summary.plain(report))
    return {
        "bao-cao.pdf": kit.as_pdf.pdf(report, at=at),
        "bao-cao.docx": kit.as_docx.docx(report, at=at),
        "phu-luc.xlsx": kit.as_tables.xlsx(report),
        "bao-cao.json": json.dumps(to_json(report), ensure_ascii=False, indent=1).encode(),
        "cong-khai/tom-tat.txt": f"{plain}\n".encode(),
        "cong-khai/so-lieu.csv": kit.open_data.as_csv(report),
        "cong-khai/so-lieu.json": kit.open_data.as_json(report),
        "cong-khai/dcat.jsonld": kit.open_data.dcat(report),
    }  # fmt: skip


def _tell(report: Report, out: Path, names: list[str], as_json: bool) -> None:
    states = Counter(s.state for s in report.sentences)
    if as_json:
        marks = [mark.__dict__ for mark in report.marks]
        print_json({"key": report.key, "files": names, "sentences": dict(states), "marks": marks})
        return
    for mark in report.marks:
        console.print(f"{mark.weight} {mark.where}: {mark.text_vi}", markup=False)
    console.print(
        f"Báo cáo {report.key} ({report.unit_name}): {states['counted']} câu có số liệu hoặc nội dung,"
        f" {states['no_data']} câu chưa có dữ liệu, {len(report.figures)} số liệu, {len(report.marks)} điều cần xem.",
        markup=False, soft_wrap=True,
    )  # fmt: skip
    console.print(
        f"Đã ghi (written): {', '.join(str(out / name) for name in names)}",
        markup=False,
        soft_wrap=True,
    )
