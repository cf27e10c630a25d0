"""Takes back a worklist that an officer filled in: every row is an answer, a refusal with its reason, or untouched.

How a run applies them: `as_records(table, persons=store.fetch(persons_query(table)))`, over the run that made the
worklist (person numbers belong to it), gives one record a person in raw roles, for the source `corrections` with the
highest trust. `person_id` names the person; a changed personal number needs it, because two valid numbers keep
records apart. Answers `duplicate` are judgements about two people and make no record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import pyarrow as pa

from dancu.engine.report.answers import AnswerError, handled_on, value, values, verdict
from dancu.engine.report.corrections_apply import as_records, persons_query
from dancu.engine.report.sheet_layout import COLUMNS, GUIDE, HEADINGS, SHEET, checksum
from dancu.engine.report.xlsx_cells import Cells, NotAWorkbookError, Workbook
from dancu.lib.text import fold
from dancu.reference.fields import fields

__all__ = [
    "SCHEMA",
    "Corrections",
    "CorrectionsError",
    "Refused",
    "as_records",
    "persons_query",
    "read",
]

SCHEMA = pa.schema(
    [
        ("finding_id", pa.string()),
        ("person_id", pa.int64()),
        ("record_id", pa.int64()),
        ("field", pa.string()),
        ("old_value", pa.string()),
        ("new_value", pa.string()),
        ("verdict", pa.string()),
        ("evidence", pa.string()),
        ("handled_by", pa.string()),
        ("handled_on", pa.date32()),
        ("row", pa.int32()),
        ("run", pa.string()),
    ]
)
_OFFICER = tuple(c.name for c in COLUMNS if c.officer)
_KEY = ("finding_id", "person_id", "field", "record_id", "checksum")


class CorrectionsError(ValueError):
    """A file that is no worklist; the message says what it is and what to send."""


@dataclass(frozen=True)
class Refused:
    """A row that was not taken: its number in the sheet, its finding, and a message for the officer."""

    row: int
    finding_id: str
    message: str


@dataclass(frozen=True)
class Corrections:
    """`table` in SCHEMA (one row an answered field); rows of the sheet = answered + len(refused) + untouched."""

    run: str
    table: pa.Table
    refused: tuple[Refused, ...]
    answered: int
    untouched: int


@dataclass(frozen=True)
class _Answer:
    finding_id: str
    person_id: int
    record_id: int
    field: str
    old_value: str
    new_value: str | None
    verdict: str
    evidence: str | None
    handled_by: str | None
    handled_on: date
    row: int
    run: str = ""


def read(data: bytes, *, test_people: bool = False) -> Corrections:
    """The answers in a worklist; CorrectionsError when the file is none."""
    try:
        book = Workbook(data)
        run = _run(book)
        return _Reader(run, test_people).all(_rows(book))
    except NotAWorkbookError as error:
        raise CorrectionsError(str(error)) from error


def _run(book: Workbook) -> str:
    if SHEET not in book.names:
        raise CorrectionsError(
            f"Không thấy trang «{SHEET}»; tệp không phải danh sách việc. Hãy gửi lại đúng tệp đã nhận."
        )
    for _, cells in book.rows(GUIDE) if GUIDE in book.names else ():
        if 0 in cells and cells[0].text == "Mã lượt chạy" and 1 in cells:
            return cells[1].text
    return ""


def _rows(book: Workbook) -> Iterator[tuple[int, dict[str, str], str]]:
    """(row, texts by column name, the first cell with a formula) of each row under the headings."""
    names: dict[int, str] = {}
    for number, cells in book.rows(SHEET):
        if not names:
            found = {
                at: HEADINGS[c.text.strip()]
                for at, c in cells.items()
                if c.text.strip() in HEADINGS
            }
            names = found if set(_KEY) <= set(found.values()) else {}
        elif any(c.text.strip() or c.formula for c in cells.values()):
            texts = {
                name: cells[at].text.strip() if at in cells else "" for at, name in names.items()
            }
            yield number, texts, _formula(cells, names)
    if not names:
        raise CorrectionsError(
            "Không thấy hàng tiêu đề hoặc thiếu cột khóa (kể cả cột ẩn); hãy điền vào đúng tệp đã nhận, không xóa cột."
        )


def _formula(cells: Cells, names: dict[int, str]) -> str:
    headings = {c.name: c.heading for c in COLUMNS}
    return next(
        (headings[names[at]] for at, c in sorted(cells.items()) if c.formula and at in names), ""
    )


class _Reader:
    """Checks row after row; remembers what was answered, so that a copied row is seen."""

    def __init__(self, run: str, test_people: bool) -> None:
        self.run, self.test_people = run, test_people
        self.answers: list[_Answer] = []
        self.refused: list[Refused] = []
        self.counts: Counter[str] = Counter()
        self.seen: dict[str, int] = {}
        self.chosen: dict[tuple[int, str], tuple[str | None, int]] = {}

    def all(self, rows: Iterator[tuple[int, dict[str, str], str]]) -> Corrections:
        for number, texts, formula in rows:
            try:
                found = self._row(number, texts, formula)
            except AnswerError as error:
                why = str(error).rstrip(".")
                message = f"Dòng {number} (mã việc {texts.get('finding_id') or 'trống'}): {why}."
                self.refused.append(Refused(number, texts.get("finding_id", ""), message))
                continue
            self.counts["answered" if found else "untouched"] += 1
            self.answers += [replace(answer, run=self.run) for answer in found]
        rows_out = [{name: getattr(a, name) for name in SCHEMA.names} for a in self.answers]
        table = pa.Table.from_pylist(rows_out, SCHEMA)
        return Corrections(
            self.run, table, tuple(self.refused), self.counts["answered"], self.counts["untouched"]
        )

    def _row(self, number: int, texts: dict[str, str], formula: str) -> list[_Answer]:
        if formula:
            raise AnswerError(f"cột «{formula}» có công thức; gõ giá trị, không gõ công thức")
        self._check_key(number, texts)
        if not any(texts.get(name) for name in _OFFICER):
            return []
        if not texts.get("verdict"):
            raise AnswerError("chưa chọn «Kết quả xử lý»; chọn một trong bốn kết quả")
        return self._answers(number, texts)

    def _check_key(self, number: int, texts: dict[str, str]) -> None:
        keys = (texts["finding_id"], texts["person_id"], texts["field"], texts["record_id"])
        expected = checksum(*keys, texts.get("old_value", ""))
        whole = keys[1].isdecimal() and keys[3].isdecimal() and keys[2] in fields()
        if texts["checksum"] != expected or not whole:
            raise AnswerError(
                "mã việc, giá trị hiện có hoặc cột ẩn đã bị sửa; chép kết quả vào đúng dòng của tệp gốc rồi gửi lại"
            )
        before = self.seen.setdefault(keys[0], number)
        if before != number:
            raise AnswerError(f"trùng mã việc với dòng {before}; chỉ giữ một dòng")

    def _answers(self, number: int, texts: dict[str, str]) -> list[_Answer]:
        name = verdict(texts["verdict"])
        answer = _Answer(
            finding_id=texts["finding_id"],
            person_id=int(texts["person_id"]),
            record_id=int(texts["record_id"]),
            field=texts["field"],
            old_value=texts.get("old_value", ""),
            new_value=None,
            verdict=name,
            evidence=texts.get("evidence") or None,
            handled_by=texts.get("by") or None,
            handled_on=handled_on(_wanted(texts, "handled_on", "«Ngày xử lý»")),
            row=number,
        )
        _wanted(texts, "by", "«Người xử lý»")
        if name != "unknown":
            _wanted(texts, "evidence", "«Căn cứ» (giấy tờ đã xem)")
        found = self._with_values(answer, texts.get("new_value", ""))
        for one in found:
            self._no_contradiction(one)
        return found

    def _with_values(self, answer: _Answer, text: str) -> list[_Answer]:
        if answer.verdict in ("kept", "unknown"):
            if text:
                raise AnswerError(
                    "có «Giá trị đúng» nhưng kết quả không phải «Đã sửa»; chọn «Đã sửa» hoặc xóa giá trị"
                )
            return [answer]
        if not text:
            raise AnswerError("thiếu «Giá trị đúng»; ghi giá trị đã xác minh")
        if answer.verdict == "duplicate":
            return [
                replace(
                    answer, new_value=value(text, "personal_number", test_people=self.test_people)
                )
            ]
        found = values(text, answer.field, test_people=self.test_people)
        if any(
            fold(new) == fold(answer.old_value) and field == answer.field for field, new in found
        ):
            raise AnswerError(
                "«Giá trị đúng» giống giá trị hiện có; nếu đúng thì chọn «Đúng, giữ nguyên»"
            )
        return [replace(answer, field=field, new_value=new) for field, new in found]

    def _no_contradiction(self, answer: _Answer) -> None:
        if answer.verdict != "fixed":
            return
        key = (answer.person_id, answer.field)
        new, row = self.chosen.setdefault(key, (answer.new_value, answer.row))
        if new != answer.new_value:
            label = fields()[answer.field].label_vi
            raise AnswerError(
                f"«{label}» của người này đã có giá trị khác ở dòng {row}; thống nhất một giá trị"
            )


def _wanted(texts: dict[str, str], name: str, label: str) -> str:
    if not texts.get(name):
        raise AnswerError(f"thiếu {label}")
    return texts[name]
