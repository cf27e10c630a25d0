"""The workbook in which a clerk says of two records whether they are one person, and its way back.

Two lines a pair, one below the other, what differs marked; nothing of what the machine believes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dancu.engine.report.workbook import CELL, HEAD, Book, put, sheet_of
from dancu.engine.report.xlsx_cells import Cells, NotAWorkbookError, Workbook

SHEET, GUIDE = "Cặp cần xem", "Hướng dẫn"
SAME, OTHER, UNSURE = "Cùng người", "Khác người", "Chưa rõ"
VERDICTS: Mapping[str, bool | None] = {SAME: True, OTHER: False, UNSURE: None}

_FIXED = (("STT", 5), ("Mã cặp", 12), ("Kết luận", 13), ("Ghi chú", 22), ("Mã kiểm", 10))
_PAIR, _VERDICT, _NOTE, _CHECK = 1, 2, 3, 4
_ENTRY = {"bg_color": "#FFF8E1", "locked": False, "num_format": "@"}
_DIFFERS = {"bg_color": "#FDE3C8", "bold": True}
_STEPS = (
    ("1. Mỗi cặp hai dòng", "Hai dòng liền nhau là hai bản ghi; ô tô màu là chỗ hai bản ghi ghi khác nhau."),
    ("2. Chọn «Kết luận»", f"«{SAME}», «{OTHER}», hoặc «{UNSURE}» nếu không đủ căn cứ; có thể tra thêm hồ sơ."),
    ("3. Ghi chú", "Căn cứ của kết luận, nếu cần; không bắt buộc."),
    ("4. Không làm", "Không đổi các cột khác, không xóa dòng, không gõ công thức."),
    ("5. Gửi lại", "Lưu tệp dạng .xlsx rồi gửi về nơi đã gửi. Cặp chưa xem để trống."),
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """One pair as it is shown: for each of the two records the cells under `headings`."""

    record_a: int
    record_b: int
    a: Sequence[str]
    b: Sequence[str]


@dataclass(frozen=True)
class Answer:
    """What the clerk said of a pair; `same` is None for "not sure"."""

    record_a: int
    record_b: int
    same: bool | None
    note: str


@dataclass(frozen=True)
class Answers:
    """The answers of a workbook, how many pairs are still open, and what could not be read: (row, column, why)."""

    given: Sequence[Answer]
    empty: int
    wrong: Sequence[tuple[int, str, str]] = field(default_factory=tuple)


class ReviewError(ValueError):
    """The file is no sample; the message says what to do."""


def write(pairs: Sequence[Shown], headings: Sequence[str], *, run: str, on: date) -> bytes:
    """The workbook as bytes. `run`: what tells this run from another."""
    book = Book(on=on, title="Mẫu kiểm tra ghép bản ghi")
    with sheet_of(book, SHEET) as sheet:
        _head(book, sheet, headings)
        for number, pair in enumerate(pairs):
            _pair(book, sheet, number, pair, run)
        sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
    _guide(book, run)
    return book.close()


def _head(book: Book, sheet: Any, headings: Sequence[str]) -> None:
    names = [*_FIXED, *((h, max(12, min(len(h) + 4, 24))) for h in headings)]
    for column, (text, width) in enumerate(names):
        sheet.set_column(column, column, width, None, {"hidden": column == _CHECK})
        sheet.write_string(0, column, text, book.format(HEAD))
    sheet.freeze_panes(1, _NOTE + 1)
    sheet.repeat_rows(0)


def _pair(book: Book, sheet: Any, number: int, pair: Shown, run: str) -> None:
    top = 1 + 2 * number
    code = f"{pair.record_a}-{pair.record_b}"
    cell, entry = book.format(CELL), book.format(CELL, **_ENTRY)
    fixed = [
        (str(number + 1), cell),
        (code, cell),
        ("", entry),
        ("", entry),
        (_mark(code, run), cell),
    ]
    for column, (text, form) in enumerate(fixed):
        sheet.merge_range(top, column, top + 1, column, text, form)
    sheet.data_validation(
        top, _VERDICT, top, _VERDICT,
        {"validate": "list", "source": list(VERDICTS), "error_title": "Kết luận",
         "error_message": f"Chọn {SAME}, {OTHER} hoặc {UNSURE}."},
    )  # fmt: skip
    for column, texts in enumerate(zip(pair.a, pair.b, strict=True), start=len(_FIXED)):
        differs = texts[0] != texts[1] and all(texts)
        form = book.format(CELL, **(_DIFFERS if differs else {}))
        for line, text in enumerate(texts):
            put(sheet, top + line, column, text, form)


def _guide(book: Book, run: str) -> None:
    with sheet_of(book, GUIDE, landscape=False) as sheet:
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 80)
        bold = book.format({"bold": True, "valign": "top"})
        text = book.format({"text_wrap": True, "valign": "top"})
        for at, (left, right) in enumerate([("HƯỚNG DẪN", ""), ("Mã lượt chạy", run), *_STEPS]):
            sheet.write_string(at, 0, left, bold)
            sheet.write_string(at, 1, right, text)
        sheet.protect("")


def _mark(code: str, run: str) -> str:
    """Guards against a changed pair or another run's file; no signature."""
    return hashlib.sha256(f"{run}\x1f{code}".encode()).hexdigest()[:10]


def read(data: bytes, *, run: str) -> Answers:
    """The answers in a workbook that `write` made for this run; raises ReviewError for any other file."""
    try:
        book = Workbook(data)
        if SHEET not in book.names:
            raise ReviewError(
                f"Không thấy trang «{SHEET}»: tệp không phải mẫu kiểm tra ghép bản ghi."
            )
        return _read(_lines(book), run)
    except NotAWorkbookError as error:
        raise ReviewError(str(error)) from error


def _lines(book: Workbook) -> Iterator[tuple[int, Cells]]:
    """The rows that begin a pair."""
    for number, cells in book.rows(SHEET):
        code = cells.get(_PAIR)
        if number > 1 and code is not None and code.text.strip():
            yield number, cells


def _read(lines: Iterator[tuple[int, Cells]], run: str) -> Answers:
    given: dict[tuple[int, int], Answer] = {}
    wrong: list[tuple[int, str, str]] = []
    empty = 0
    for number, cells in lines:
        texts = {c: cells[c].text.strip() if c in cells else "" for c in range(len(_FIXED))}
        code, verdict = texts[_PAIR], texts[_VERDICT]
        if _mark(code, run) != texts[_CHECK]:
            wrong.append(
                (number, "Mã cặp", f"«{code}» không phải cặp của mẫu này; lấy lại dòng từ tệp gốc")
            )
        elif not verdict:
            empty += 1
        elif verdict not in VERDICTS:
            wrong.append(
                (
                    number,
                    "Kết luận",
                    f"«{verdict}» không hiểu được; chọn {SAME}, {OTHER} hoặc {UNSURE}",
                )
            )
        else:
            a, b = (int(part) for part in code.split("-"))
            given[a, b] = Answer(a, b, VERDICTS[verdict], texts[_NOTE])
    return Answers(tuple(given.values()), empty, tuple(wrong))
