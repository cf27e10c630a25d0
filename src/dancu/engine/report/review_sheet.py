"""The workbook in which a clerk says of two records whether they are one person, and its way back.

Two lines a pair, one below the other, what differs marked; nothing of what the machine believes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dancu.engine.report.workbook import CELL, HEAD, Book, put, sheet_of
from dancu.engine.report.xlsx_cells import Cells, NotAWorkbookError, Workbook
from dancu.lib.text import fold

SHEET, GUIDE = "Cặp cần xem", "Hướng dẫn"
SAME, OTHER, UNSURE = "Cùng người", "Khác người", "Chưa rõ"
VERDICTS: Mapping[str, bool | None] = {SAME: True, OTHER: False, UNSURE: None}
_READ = {fold(verdict): same for verdict, same in VERDICTS.items()}

_FIXED = (("STT", 5), ("Mã cặp", 12), ("Kết luận", 13), ("Ghi chú", 22), ("Mã kiểm", 10))
_NUMBER, _PAIR, _VERDICT, _NOTE, _CHECK = range(5)
_ENTRY = {"bg_color": "#FFF8E1", "locked": False, "num_format": "@"}
_LISTED = 20  # missing pairs that are named one by one
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
    """One pair as it is shown: for each of the two records the cells under `headings`, first the list it is from."""

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
        _head(book, sheet, headings, len(pairs))
        for number, pair in enumerate(pairs):
            _pair(book, sheet, number, pair, run)
        sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
    _guide(book, run)
    return book.close()


def _head(book: Book, sheet: Any, headings: Sequence[str], pairs: int) -> None:
    names = [*_FIXED, *((h, max(12, min(len(h) + 4, 24))) for h in headings)]
    for column, (text, width) in enumerate(names):
        sheet.set_column(column, column, width, None, {"hidden": column == _CHECK})
        text = f"{text} {pairs}" if column == _CHECK else text
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
        (_mark(str(number + 1), code, run), cell),
    ]
    for column, (text, form) in enumerate(fixed):
        sheet.merge_range(top, column, top + 1, column, text, form)
    sheet.data_validation(
        top, _VERDICT, top, _VERDICT,
        {"validate": "list", "source": list(VERDICTS), "error_title": "Kết luận",
         "error_message": f"Chọn {SAME}, {OTHER} hoặc {UNSURE}."},
    )  # fmt: skip
    for column, texts in enumerate(zip(pair.a, pair.b, strict=True), start=len(_FIXED)):
        # That two records are from different lists is no sign of anything.
        differs = texts[0] != texts[1] and all(texts) and column > len(_FIXED)
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


def _mark(number: str, code: str, run: str) -> str:
    """Guards against a changed pair or another run's file; no signature."""
    return hashlib.sha256(f"{run}\x1f{number}\x1f{code}".encode()).hexdigest()[:10]


def read(data: bytes, *, run: str) -> Answers:
    """The answers in a workbook that `write` made for this run; raises ReviewError for any other file."""
    try:
        book = Workbook(data)
        if SHEET not in book.names:
            raise ReviewError(
                f"Không thấy trang «{SHEET}»: tệp không phải mẫu kiểm tra ghép bản ghi."
            )
        rows = book.rows(SHEET)
        pairs = _pairs_of(next(rows, (1, {}))[1])
        found = _Reader(run)
        for number, cells in rows:
            found.row(number, cells)
        return found.all(pairs)
    except NotAWorkbookError as error:
        raise ReviewError(str(error)) from error


def _pairs_of(heads: Cells) -> int:
    """How many pairs the sample had; raises ReviewError where the headings are not as they were sent."""
    texts = [heads[c].text.strip() if c in heads else "" for c in range(len(_FIXED))]
    for column, (heading, _) in enumerate(_FIXED[:_CHECK]):
        if texts[column] != heading:
            raise ReviewError(
                f"Trang «{SHEET}», dòng 1: cột thứ {column + 1} phải là «{heading}», nay là "
                f"«{texts[column]}»; hãy điền vào đúng tệp đã nhận, không đổi cột."
            )
    size = texts[_CHECK].removeprefix(_FIXED[_CHECK][0]).strip()
    if not (size.isascii() and size.isdigit()):
        raise ReviewError(
            f"Trang «{SHEET}», dòng 1: cột ẩn «{_FIXED[_CHECK][0]}» đã bị đổi; hãy điền vào đúng tệp đã nhận."
        )
    return int(size)


class _Reader:
    """Takes row after row; remembers which pairs were there, so that a copied or a missing one is seen."""

    def __init__(self, run: str) -> None:
        self.run = run
        self.given: list[Answer] = []
        self.wrong: list[tuple[int, str, str]] = []
        self.empty = 0
        self.seen: dict[int, int] = {}

    def row(self, number: int, cells: Cells) -> None:
        texts = [cells[c].text.strip() if c in cells else "" for c in range(len(_FIXED))]
        if not texts[_PAIR] and not texts[_VERDICT]:
            return  # the second line of a pair
        column, why = self._refused(texts, cells)
        if why:
            self.wrong.append((number, column, why))
        if column == _FIXED[_PAIR][0]:
            return
        self.seen[int(texts[_NUMBER])] = number
        if not why and texts[_VERDICT]:
            a, b = map(int, texts[_PAIR].split("-"))
            self.given.append(Answer(a, b, _READ[fold(texts[_VERDICT])], texts[_NOTE]))
        elif not why:
            self.empty += 1

    def _refused(self, texts: Sequence[str], cells: Cells) -> tuple[str, str]:
        """(column, why) where a row cannot be taken, else two empty texts."""
        number, code, verdict = texts[_NUMBER], texts[_PAIR], texts[_VERDICT]
        pair, conclusion, note = (_FIXED[c][0] for c in (_PAIR, _VERDICT, _NOTE))
        if _mark(number, code, self.run) != texts[_CHECK]:
            return pair, f"«{code}» không phải cặp của mẫu này; lấy lại dòng từ tệp gốc"
        if int(number) in self.seen:
            return pair, f"cặp «{code}» đã có ở dòng {self.seen[int(number)]}; chỉ để lại một dòng"
        for column, name in ((_VERDICT, conclusion), (_NOTE, note)):
            if column in cells and cells[column].formula:
                return name, "có công thức; gõ giá trị, không gõ công thức"
        if verdict and fold(verdict) not in _READ:
            return conclusion, f"«{verdict}» không hiểu được; chọn {SAME}, {OTHER} hoặc {UNSURE}"
        return "", ""

    def all(self, pairs: int) -> Answers:
        missing = [n for n in range(1, pairs + 1) if n not in self.seen]
        if missing:
            listed = ", ".join(map(str, missing[:_LISTED])) + (" …" if missing[_LISTED:] else "")
            why = f"thiếu {len(missing)} cặp của mẫu, số {listed}; lấy lại dòng từ tệp gốc"
            self.wrong.append((2 * missing[0], _FIXED[_NUMBER][0], why))
        return Answers(tuple(self.given), self.empty, tuple(self.wrong))
