"""A list of directives (xlsx, csv) taken in: each row an entry, or kept with the reason why it is none.

A heading is understood however it is spelled; a file without number, day and subject is refused as a whole.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from dancu.engine.intake import read_grids
from dancu.engine.intake.errors import IntakeError
from dancu.lib.text import fold
from dancu.sectors.direction import acts, entries, may, places
from dancu.sectors.direction.acts import Told
from dancu.sectors.direction.books import BOOKS
from dancu.sectors.direction.entries import New
from dancu.sectors.direction.errors import DirectionError

BOOK = BOOKS["van-ban"]
MOST_ROWS = 5000
HEADINGS = {
    "number": ("so ky hieu", "so van ban", "so hieu", "so va ky hieu", "ky hieu"),
    "issued_on": ("ngay ban hanh", "ngay van ban", "ngay thang", "ngay"),
    "body": ("co quan ban hanh", "noi ban hanh", "don vi ban hanh"),
    "kind": ("loai van ban", "loai", "the loai", "hinh thuc"),
    "subject": ("trich yeu", "noi dung", "trich yeu noi dung"),
}
_BODIES = (
    ("to cong tac", "task_force"), ("cong an", "police"), ("van phong", "office"), ("so ", "department"),
    ("phong ", "department"), ("ubnd", "committee"), ("uy ban nhan dan", "committee"),
)  # fmt: skip
_KINDS = {
    "chi thi": "directive", "ke hoach": "plan", "cong van": "letter", "quyet dinh": "decision",
    "thong bao": "notice", "thong bao ket luan": "notice", "bao cao": "report", "cong dien": "telegram",
}  # fmt: skip
_DAYS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")


@dataclass(frozen=True)
class Refused:
    """A row that was not taken: its number in the file, its cells as given, why."""

    row: int
    cells: Mapping[str, str]
    why: str


@dataclass(frozen=True)
class Taken:
    """What came of a list."""

    taken: tuple[int, ...]
    refused: tuple[Refused, ...]


def do_import(
    *, data: bytes, name: str, unit_code: str, unit_day: dt.date, event_id: UUID, by: Any, at: dt.datetime
) -> Taken:  # fmt: skip
    """Take it in: rows of `unit_code` as issuer. The same file again refuses each row as there already.

    Raises DirectionError (the file as a whole), Refused (no right).
    """
    place = places.ready(unit_code, unit_day)
    may.check(by, may.EDIT, place)
    found = list(_rows(data, name))
    taken, refused = [], []
    with transaction.atomic():
        for number, cells in found:
            try:
                values = _values(cells)
                new = New(unit_code, unit_day, values, uuid5(event_id, str(number)))
                taken.append(entries.do_record(book=BOOK, new=new, by=by, at=at).thing_no)
            except DirectionError as error:
                refused.append(Refused(number, cells, str(error)))
        detail = {"file": name, "taken": len(taken), "refused": [vars(one) for one in refused]}
        if acts.done(event_id) is None:
            acts.write(BOOK.table, 0, place, Told("import", event_id, detail=detail), by=by, at=at)
    return Taken(tuple(taken), tuple(refused))


def _rows(data: bytes, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """(row in the file, field → cell) of the sheet that has the headings."""
    try:
        grids = read_grids(data, name=name)
    except IntakeError as error:
        raise DirectionError(str(error)) from error
    for grid in grids:
        lines = [
            tuple(str(c or "").strip() for c in row.values()) for row in grid.table.to_pylist()
        ]
        numbers = [int(n) for n in grid.numbers.to_pylist()]
        if grid.headings:
            lines, numbers = [tuple(grid.headings), *lines], [0, *numbers]
        for at, line in enumerate(lines[:30]):
            columns = _columns(line)
            if {"number", "issued_on", "subject"} <= set(columns):
                yield from _cells(columns, lines[at + 1 :], numbers[at + 1 :])
                return
    raise DirectionError(_("Tệp cần có các cột: Số ký hiệu, Ngày ban hành, Trích yếu."))


def _cells(
    columns: Mapping[str, int], lines: list[tuple[str, ...]], numbers: list[int]
) -> Iterator[tuple[int, dict[str, str]]]:
    if len(lines) > MOST_ROWS:
        raise DirectionError(_("Tệp có quá 5.000 dòng. Chia thành nhiều tệp."))
    for number, line in zip(numbers, lines, strict=True):
        cells = {field: line[column] for field, column in columns.items()}
        if any(cells.values()):
            yield number, cells


def _columns(line: tuple[str, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for column, heading in enumerate(line):
        words = fold(heading)
        for name, known in HEADINGS.items():
            if words in known:
                found.setdefault(name, column)
    return found


def _values(cells: Mapping[str, str]) -> dict[str, Any]:
    return {
        "number": cells["number"],
        "issued_on": _day(cells["issued_on"]),
        "body": _body(cells.get("body", "")),
        "kind": _kind(cells.get("kind", "")),
        "subject": cells["subject"],
        "about": "project06",
    }


def _day(text: str) -> dt.date:
    for form in _DAYS:
        try:
            return dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
    raise DirectionError(
        _("Ngày ban hành «%(text)s» không đọc được; ghi ngày/tháng/năm.") % {"text": text}
    )


def _body(text: str) -> str:
    """The committee where nothing is written."""
    words = fold(text) + " "
    return next(
        (body for start, body in _BODIES if start in words), "other" if text else "committee"
    )


def _kind(text: str) -> str:
    return _KINDS.get(fold(text), "other")
