"""Workbooks as bytes, in which no text can ever be a formula or a link; the same rows give the same bytes."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import xlsxwriter

_LONGEST = 32_767
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
HEAD = {
    "bold": True,
    "text_wrap": True,
    "valign": "vcenter",
    "border": 1,
    "border_color": "#9AA7B4",
    "bg_color": "#DCE6F0",
}
CELL = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#C9D2DB"}
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class Book:
    """An xlsxwriter workbook in memory with the house's formats, made once each."""

    def __init__(self, *, on: dt.date, title: str) -> None:
        self._bytes = io.BytesIO()
        self.book = xlsxwriter.Workbook(self._bytes, dict(_OPTIONS))
        self.book.set_properties(
            {
                "title": title,
                "author": "dancu",
                "created": dt.datetime(on.year, on.month, on.day, tzinfo=dt.UTC),
            }
        )
        self._formats: dict[str, Any] = {}

    def format(self, base: dict[str, Any], **more: Any) -> Any:
        """The format of these properties."""
        properties = {"font_name": "Arial", "font_size": 10, **base, **more}
        name = repr(sorted(properties.items()))
        if name not in self._formats:
            self._formats[name] = self.book.add_format(properties)
        return self._formats[name]

    def close(self) -> bytes:
        """The finished file."""
        self.book.close()
        return self._bytes.getvalue()


@contextmanager
def sheet_of(book: Book, name: str, *, landscape: bool = True) -> Iterator[Any]:
    """A new sheet for A4 that prints its first row on every page and fits the width of one."""
    sheet = book.book.add_worksheet(sheet_name(name))
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&RTrang &P/&N")
    yield sheet


def put(sheet: Any, row: int, column: int, value: str | int | float | None, form: Any) -> None:
    """A number as a number, everything else as text; nothing as an empty cell with its border."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, form)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value, form)
    else:
        sheet.write_string(row, column, clipped(value), form)


def table(
    book: Book, sheet: Any, heads: list[tuple[str, float]], rows: list[list[Any]], *, top: int = 0
) -> None:
    """A plain table: headings with their widths, frozen and filtered, printed on every page."""
    head, cell = book.format(HEAD), book.format(CELL)
    for column, (text, width) in enumerate(heads):
        sheet.set_column(column, column, width)
        sheet.write_string(top, column, clipped(text), head)
    for at, row in enumerate(rows, start=top + 1):
        for column, value in enumerate(row):
            put(sheet, at, column, value, cell)
    sheet.freeze_panes(top + 1, 0)
    sheet.repeat_rows(top)
    if heads:
        sheet.autofilter(top, 0, top + max(len(rows), 1), len(heads) - 1)


def clipped(text: str) -> str:
    """A cell holds 32,767 characters; what is longer ends with a mark that it was cut."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 12] + "… [đã cắt]"


def sheet_name(name: str) -> str:
    """A name that Excel takes for a sheet: 31 characters, without []:*?/\\ and quotes at its ends."""
    bare = "".join("_" if c in "[]:*?/\\" else c for c in name).strip("'")
    return bare[:31] or "Trang"


def csv_cell(value: str | None) -> str:
    """A CSV field: quoted, and with an apostrophe before what a spreadsheet would take for a formula.

    >>> csv_cell("=1+1") == '"' + "'=1+1" + '"'
    True
    """
    if value is None:
        return ""
    safe = "'" + value if value.startswith(_FORMULA_SIGNS) else value
    return '"' + safe.replace('"', '""') + '"'
