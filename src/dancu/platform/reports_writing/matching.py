"""Annex A10: of each list's persons how many the residents' list has too, and how many it lacks."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from dancu.engine.report.content import Annex, Cell, Column, Row
from dancu.engine.report.printed import vi
from dancu.engine.report.sentences import share
from dancu.platform.reports.indicators import MATCHED
from dancu.platform.reports_writing.gathering import Gathered
from dancu.platform.reports_writing.lines import Table
from dancu.reference.units.belonging import UNKNOWN

CODE = "A10"
NOTE = (
    "Đếm người còn sống cư trú trên địa bàn, mỗi người một lần trong mỗi danh sách. «Khớp»: hệ thống đã ghép bản ghi"
    " của danh sách vào người có trong danh sách nhân khẩu do Công an xã quản lý, là gốc của CSDL quốc gia về dân cư;"
    " không phải kết quả tra cứu trực tiếp CSDL quốc gia. Một người có thể ở nhiều danh sách nên không cộng các dòng."
)
_COLUMNS = (
    Column("total", "Người trong danh sách", "Persons in the list", "count"),
    Column("part", "Khớp dân cư", "Matched", "count"), Column("rate", "Tỷ lệ (%)", "Rate (%)", "share"),
    Column("gap", "Còn thiếu", "Not matched", "gap"),
)  # fmt: skip


def match_rates(found: Gathered, table: Table) -> Annex | None:
    """A line for each list that names somebody of the unit; None when none does."""
    rows = tuple(_row(found, code) for code in MATCHED if _of(found, code, found.order.unit))
    if not rows:
        return None
    note = " ".join([NOTE, *_elsewhere(found)])
    return Annex(
        table.code, table.title_vi, table.title_en, table.section, _COLUMNS, rows, None, note,
        head_vi="Danh sách", head_en="List",
    )  # fmt: skip


def _of(found: Gathered, code: str, unit: str) -> Decimal:
    return found.figure(code, unit).denominator


def _row(found: Gathered, code: str) -> Row:
    known = found.known(code, found.order.unit)
    figure = known.figure
    lacks = figure.denominator - figure.numerator
    return Row(
        "", _name(code),
        (
            Cell(vi(figure.denominator), figure.denominator, known.ref(vi(figure.denominator), "denominator")),
            Cell(vi(figure.numerator), figure.numerator, known.ref(vi(figure.numerator), "numerator")),
            Cell(share(figure), figure.value, known.ref(share(figure))),
            Cell(vi(lacks), lacks, known.ref(vi(lacks), "gap")),
        ),
    )  # fmt: skip


def _name(code: str) -> str:
    name = MATCHED[code]["name_vi"]
    return f"{name[:1].upper()}{name[1:]}"


def _elsewhere(found: Gathered) -> Iterator[str]:
    """Who is in a list and lives in no commune of the province: told under the province's table, which lacks them."""
    order = found.order
    if order.tree.get(order.unit).level != "province":
        return
    others = [UNKNOWN, *(u.code for u in order.tree.provinces if u.code != order.unit)]
    counts = {
        code: sum((_of(found, code, unit) for unit in others), Decimal(0)) for code in MATCHED
    }
    told = [f"{_name(code)} {vi(n)}" for code, n in counts.items() if n]
    if told:
        yield f"Có trong danh sách nhưng ở tỉnh khác hoặc chưa rõ xã, không tính ở trên: {'; '.join(told)}."
