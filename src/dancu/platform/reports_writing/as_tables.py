"""The annexes as a workbook, one sheet each, numbers as numbers; and the list of figures with their codes."""

from __future__ import annotations

from typing import Any

from dancu.engine.report.content import Annex, Cell, Report, Row
from dancu.engine.report.tabular import Sheet, tables
from dancu.platform.reports_writing import addresses
from dancu.platform.reports_writing.as_pdf import figures

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def xlsx(report: Report) -> bytes:
    """The workbook."""
    sheets = [_sheet(annex) for annex in report.annexes]
    sheets.append(_figures(report))
    title = f"Phụ lục báo cáo {report.key}"
    (made,) = tables("phu-luc", sheets, on=report.asked.last, title=title)
    return made.data


def _sheet(annex: Annex) -> Sheet:
    if not annex.rows:
        return Sheet(annex.code, [(annex.title_vi, 60.0)], [[annex.note]])
    heads = [
        ("Mã đơn vị", 12.0),
        (annex.head_vi, 34.0),
        *((c.head_vi, 48.0 if c.kind == "words" else 16.0) for c in annex.columns),
    ]
    rows = [_line(row) for row in annex.rows]
    if annex.total:
        rows.append(_line(annex.total))
    return Sheet(annex.code, heads, rows)


def _line(row: Row) -> list[Any]:
    return [row.unit, row.label, *(_value(cell) for cell in row.cells)]


def _value(cell: Cell) -> Any:
    if cell.number is None:
        return cell.text
    return (
        int(cell.number) if cell.number == cell.number.to_integral_value() else float(cell.number)
    )


def _figures(report: Report) -> Sheet:
    heads = [
        ("Mã", 12.0),
        ("Số liệu", 60.0),
        ("Tử số / mẫu số", 24.0),
        ("Mục", 12.0),
        ("Địa chỉ", 40.0),
    ]
    rows = [
        [f["code"], f["name"], f["parts"], f["places"], addresses.of_figure(f["code"])]
        for f in figures(report)
    ]
    return Sheet("Tra cứu số liệu", heads, rows)
