"""A list of differences made, kept and written out: as rows of the database, as a workbook, as CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
import xlsxwriter

from dancu.lib.spreadsheet_safety import escape_cell
from dancu.sectors.public_services.importing import comparing, reading, reasons, sides, standard
from dancu.sectors.public_services.importing.comparing import Comparison
from dancu.sectors.public_services.importing.counted import Difference, Figures, Period
from dancu.sectors.public_services.importing.reading import Sheet
from dancu.sectors.public_services.importing.sides import Side
from dancu.store import services_bulk

OURS = "Sổ hồ sơ của tỉnh"
MARGIN = dt.timedelta(days=31)
"""Our own dossiers are taken so many days around the period, so that one in the wrong month is found there."""
FIGURES = (
    ("total", "Tiếp nhận trong kỳ"),
    ("online", "Trong đó nộp trực tuyến"),
    ("on_time", "Trong đó xong đúng hạn"),
)
HEADS = (
    "Mã hồ sơ", "Đơn vị", "Thủ tục", "Lý do", "Chi tiết", "A hơn B: tiếp nhận", "A hơn B: trực tuyến",
    "A hơn B: đúng hạn", "Ở A", "Ở B",
)  # fmt: skip


def side_of(name: str, sheets: Sequence[Sheet]) -> Side:
    """The dossiers of a portal's files."""
    listed = [standard.listed(s) for s in sheets if s.kind == reading.DOSSIERS]
    return sides.of_lists(name, listed)


def own_side(con: services_bulk.Connection, period: Period) -> Side:
    """Our own register."""
    table = services_bulk.registered(con, period.first - MARGIN, period.last + MARGIN)
    return sides.of_register(OURS, table)


def keep(
    con: services_bulk.Connection,
    found: Comparison,
    *,
    names: tuple[str, str],
    by: str,
    at: dt.datetime,
) -> int:
    """The list and its rows in the database; its number. The caller commits."""
    totals = {
        "a": found.a._asdict(),
        "b": found.b._asdict(),
        "rows": found.rows,
        "uncounted": found.uncounted,
    }
    effects = {
        reason: {"dossiers": count, **effect._asdict()}
        for reason, (count, effect) in found.effects().items()
    }
    row = con.execute(
        "INSERT INTO services.difference_list (at, by, name_a, name_b, date_from, date_to, totals, effects)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING list_no",
        [at, by, *names, found.period.first, found.period.last, json.dumps(totals), json.dumps(effects)],
    ).fetchone()  # fmt: skip
    number = int(row[0]) if row else 0
    services_bulk.kept_differences(con, _table(found.differences, number))
    return number


def _table(differences: Sequence[Difference], number: int) -> pa.Table:
    texts = {
        "code": "code", "unit_code": "unit", "procedure": "procedure", "reason": "reason", "words": "words",
        "row_a": "row_a", "row_b": "row_b",
    }  # fmt: skip
    made = {
        name: pa.array([getattr(d, own) for d in differences], pa.string())
        for name, own in texts.items()
    }
    made |= {
        name: pa.array([getattr(d.effect, name) for d in differences], pa.int64())
        for name in Figures._fields
    }
    return pa.table(made | {"list_no": pa.array([number] * len(differences), pa.int64())})


def summary(found: Comparison) -> list[tuple[str, int, Figures]]:
    """Reason in words, dossiers, effect; in the order of the effect."""
    return [
        (reasons.name(code), count, effect) for code, (count, effect) in found.effects().items()
    ]


def cells(rows: Iterable[Difference]) -> Iterable[list[Any]]:
    """The rows under HEADS."""
    for d in rows:
        yield [
            d.code,
            d.unit,
            d.procedure,
            reasons.name(d.reason),
            d.words,
            *d.effect,
            d.row_a,
            d.row_b,
        ]


def as_csv(rows: Iterable[Difference]) -> bytes:
    """For further work; UTF-8 with a mark, so that spreadsheets read it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADS)
    for line in cells(rows):
        writer.writerow([escape_cell(cell) if isinstance(cell, str) else cell for cell in line])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_workbook(
    totals: tuple[Figures, Figures], names: tuple[str, str], period: Period,
    effects: Iterable[tuple[str, int, Figures]], rows: Iterable[Difference],
) -> bytes:  # fmt: skip
    """Two sheets: the totals with the effect of each reason, and the dossiers."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold, number = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0"})
        _summary_sheet(book, bold, number, totals, names, period, effects)
        page = book.add_worksheet("Từng hồ sơ")
        page.write_row(0, 0, HEADS, bold)
        page.freeze_panes(1, 0)
        page.set_column(0, 9, 22)
        for at, line in enumerate(cells(rows), 1):
            for column, cell in enumerate(line):
                if isinstance(cell, int):
                    page.write_number(at, column, cell, number)
                else:
                    page.write_string(at, column, escape_cell(cell))
        page.autofilter(0, 0, max(1, page.dim_rowmax or 1), len(HEADS) - 1)
    return made.getvalue()


def _summary_sheet(
    book: Any, bold: Any, number: Any, totals: tuple[Figures, Figures], names: tuple[str, str],
    period: Period, effects: Iterable[tuple[str, int, Figures]],
) -> None:  # fmt: skip
    page = book.add_worksheet("Tổng hợp")
    page.set_column(0, 0, 48)
    page.set_column(1, 4, 24)
    page.write(0, 0, f"So khác biệt kỳ {period.first:%d/%m/%Y} – {period.last:%d/%m/%Y}", bold)
    page.write_row(2, 0, ["", "Số hồ sơ", *(label for _, label in FIGURES)], bold)
    lines: list[tuple[str, int | None, Figures]] = [
        (f"A: {names[0]}", None, totals[0]), (f"B: {names[1]}", None, totals[1]),
        ("A hơn B", None, totals[0].less(totals[1])), *effects,
    ]  # fmt: skip
    for at, (label, count, figures) in enumerate(lines, 3):
        page.write_string(at, 0, escape_cell(label))
        if count is not None:
            page.write_number(at, 1, count, number)
        for column, value in enumerate(figures, 2):
            page.write_number(at, column, value, number)


def compared(a: Side, b: Side, period: Period) -> Comparison:
    """The two against each other."""
    return comparing.compare(a, b, period)
