"""Worklists: one workbook a commune, for an officer to fill in and send back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from dancu.engine.ports import Context, Store
from dancu.engine.report import work
from dancu.engine.report.facts import NO_UNIT, Row, run_code
from dancu.engine.report.guide import write_guide
from dancu.engine.report.model import OutFile
from dancu.engine.report.places import ELSEWHERE, UNKNOWN_UNIT, worklist_path
from dancu.engine.report.rows import append
from dancu.engine.report.sheet_layout import COLUMNS, DUPLICATE, SHEET, VERDICTS, checksum
from dancu.engine.report.values import masked, shown
from dancu.engine.report.words import day_of, number, paper
from dancu.engine.report.workbook import CELL, HEAD, Book, put, sheet_of
from dancu.reference import units
from dancu.reference.fields import fields
from dancu.rules import loader as rule_loader
from dancu.rules.model import Rule

_WORK = "_report_work"
_TOP = 3
_ENTRY = {"bg_color": "#FFF8E1", "locked": False, "num_format": "@"}


def worklist_files(
    store: Store,
    context: Context,
    *,
    province: str,
    only: Collection[str] | None = None,
    show_numbers: bool = False,
) -> Iterator[OutFile]:
    """The workbooks of the communes of `province` with findings (`only`: of these), of nowhere and of elsewhere.

    `show_numbers`: personal numbers in full instead of masked.
    """
    rules = {rule.id: rule for rule in rule_loader.on(context.on)}
    tree = units.on(context.on)
    home = [u.code for u in tree.communes_of(province)] if tree.find(province) else []
    writer = _Writer(context, rules, run_code(store, context.on), show_numbers)
    store.create(_WORK, work.findings(rules.values(), home))
    evidence = _evidence(store, context, show_numbers)
    table = store.fetch(work.details(_WORK))
    store.drop(_WORK)
    for place, start, count in _slices(table["place"].to_pylist()):
        if only is None or place in only:
            path, name = _destination(place, tree)
            yield OutFile(
                path, writer.workbook(name, table.slice(start, count).to_pylist(), evidence)
            )


def _slices(places: list[str]) -> Iterator[tuple[str, int, int]]:
    """(value, start, length) of each run of equal values."""
    start = 0
    for end in range(1, len(places) + 1):
        if end == len(places) or places[end] != places[start]:
            yield places[start], start, end - start
            start = end


def _destination(place: str, tree: units.UnitTree) -> tuple[str, str]:
    if place == NO_UNIT:
        return UNKNOWN_UNIT, "Người không rõ đơn vị"
    if place == work.ELSEWHERE:
        return ELSEWHERE, "Người thuộc đơn vị ngoài tỉnh"
    unit = tree.get(place)
    above = tree.find(unit.district_code) if unit.district_code else tree.find(unit.province_code)
    return worklist_path(unit), f"{unit.full_name}, {above.full_name}" if above else unit.full_name


def _evidence(
    store: Store, context: Context, show_numbers: bool
) -> dict[tuple[int, str], list[str]]:
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    for row in store.fetch(work.evidence(_WORK)).to_pylist():
        value = shown(row["field"], row["value"], on=context.on, show_numbers=show_numbers)
        told = found[row["person_id"], row["field"]]
        told.append(f"Khác: {value} ({_origin(row, context)})")
        if row["place"] == row["total"] or row["place"] < 3:
            continue
        told.append(f"và {row['total'] - row['place']} giá trị khác")
    return found


def _origin(row: Row, context: Context) -> str:
    spec = context.sources.get(row["source"] or "")
    parts = [str(getattr(spec, "name_vi", row["source"] or "không rõ nguồn"))]
    if row["file"]:
        parts.append(f"{row['file']}, dòng {row['row']}")
    return ", ".join(parts)


class _Writer:
    """Lays the rows of one place out in a workbook."""

    def __init__(
        self, context: Context, rules: dict[str, Rule], run: str, show_numbers: bool
    ) -> None:
        self.context, self.rules, self.run, self.show_numbers = context, rules, run, show_numbers

    def workbook(
        self, name: str, rows: list[Row], evidence: dict[tuple[int, str], list[str]]
    ) -> bytes:
        cells = [
            self._cells(row, evidence.get((row["person_id"], row["field"]), [])) for row in rows
        ]
        book = Book(on=self.context.on, title=f"Danh sách việc: {name}")
        with sheet_of(book, SHEET) as sheet:
            self._heading(book, sheet, name, rows)
            cell, entry = book.format(CELL), book.format(CELL, **_ENTRY)
            small = book.format(CELL, font_size=6)
            for column, (spec, value) in enumerate(zip(COLUMNS, cells[0], strict=True)):
                form = entry if spec.officer else small if spec.name == "finding_id" else cell
                put(sheet, _TOP + 1, column, value, form)
            self._behave(sheet, len(rows))
        write_guide(book, name=name, run=self.run, on=self.context.on, masked=not self.show_numbers)
        return append(book.close(), _TOP + 2, cells[1:])

    def _cells(self, row: Row, told: list[str]) -> list[Any]:
        values = self._values(row, told)
        return [values.get(spec.name) for spec in COLUMNS]

    def _heading(self, book: Book, sheet: Any, name: str, rows: list[Row]) -> None:
        sheet.write_string(
            0,
            0,
            f"DANH SÁCH VIỆC CẦN XỬ LÝ: {name.upper()}",
            book.format({"bold": True}, font_size=14),
        )
        sheet.write_string(1, 0, self._counted(rows), book.format({}))
        note = "Số liệu cá nhân: chỉ dùng trong phạm vi nhiệm vụ được giao. Cán bộ chỉ điền các cột nền vàng."
        sheet.write_string(2, 0, note, book.format({"italic": True}))
        head = book.format(HEAD)
        for column, spec in enumerate(COLUMNS):
            hidden = {"hidden": 1} if spec.hidden else {}
            sheet.set_column(column, column, spec.width, None, hidden)
            sheet.write_string(
                _TOP,
                column,
                spec.heading,
                book.format(HEAD, bg_color="#FFE9A8") if spec.officer else head,
            )

    def _counted(self, rows: list[Row]) -> str:
        total, persons = rows[0]["total"], len({r["person_id"] for r in rows})
        text = f"Số liệu ngày {day_of(self.context.on)}, lượt chạy {self.run}:"
        text += f" {number(len(rows))} việc của {number(persons)} người."
        if total > len(rows):
            text += (
                f" Đây là {number(len(rows))} việc tăng điểm nhiều nhất;"
                f" còn {number(total - len(rows))} việc nữa sẽ có ở lượt chạy sau."
            )
        return text

    def _values(self, row: Row, told: list[str]) -> Row:
        rule = self.rules[row["rule_id"]]
        old = shown(
            row["field"], row["value"], on=self.context.on, show_numbers=self.show_numbers
        ) or (row["raw"] or "")
        source = "Đang lấy từ" if old else "Hồ sơ"
        keys = (row["finding_id"], str(row["person_id"]), row["field"], str(row["record_id"]))
        return {
            "number": row["number"],
            "finding_id": row["finding_id"],
            "full_name": row["full_name"],
            "personal_number": row["personal_number"]
            if self.show_numbers
            else masked(row["personal_number"]),
            "birth_year": row["birth_year"],
            "hamlet": row["address_head"],
            "problem": f"{rule.message.vi} [{rule.id}]",
            "field_label": fields()[row["field"]].label_vi,
            "old_value": old,
            "evidence_found": "\n".join([f"{source}: {_origin(row, self.context)}", *told]),
            "to_do": rule.fix.vi,
            "papers": paper(row["field"]),
            "person_id": keys[1],
            "field": keys[2],
            "record_id": keys[3],
            "checksum": checksum(*keys, old),
        }

    def _behave(self, sheet: Any, count: int) -> None:
        """Frozen head, filter, choices for the verdict, protection, print titles."""
        last = _TOP + max(count, 1)
        visible = [i for i, c in enumerate(COLUMNS) if not c.hidden]
        verdict = next(i for i, c in enumerate(COLUMNS) if c.name == "verdict")
        sheet.freeze_panes(_TOP + 1, 4)
        sheet.autofilter(_TOP, 0, last, visible[-1])
        sheet.data_validation(
            _TOP + 1,
            verdict,
            last,
            verdict,
            {
                "validate": "list",
                "source": list(VERDICTS),
                "input_title": "Kết quả xử lý",
                "input_message": f"Chọn một kết quả. «{DUPLICATE}»: ghi số định danh của người kia ở cột Giá trị đúng.",
                "error_title": "Kết quả không có trong danh sách",
                "error_message": "Hãy chọn một trong bốn kết quả.",
            },
        )
        sheet.protect(
            "", {"autofilter": True, "sort": True, "format_columns": True, "format_rows": True}
        )
        sheet.repeat_rows(_TOP)
        sheet.print_area(0, 0, last, visible[-1])
