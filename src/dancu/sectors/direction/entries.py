"""Entries of the books: recorded, changed, taken back; every version stays, with when we knew it.

One transaction an act: the version that was on the screen must still be the last; the same event a second time changes
nothing. Row-level security leaves the asker the entries of the own units.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dancu.sectors.direction import acts, linking, may, places
from dancu.sectors.direction.acts import Told
from dancu.sectors.direction.books import BY_TABLE, FIXED, Book
from dancu.sectors.direction.errors import Changed, DirectionError, NoThing
from dancu.sectors.direction.numbers import normalised
from dancu.sectors.direction.places import Place

MOST = 2000
SHORTEST = 5
_WORDS = ("text", "long", "indicator")


@dataclass(frozen=True)
class Entry:
    """A version of an entry. `known_to` None: the last one."""

    thing_no: int
    version_no: int
    unit_code: str
    unit_on: dt.date
    values: Mapping[str, Any]
    known_from: dt.datetime
    known_to: dt.datetime | None
    by: str

    @property
    def place(self) -> Place:
        """Whose it is."""
        return places.unit_of(self.unit_code, self.unit_on)


@dataclass(frozen=True)
class New:
    """What is to be recorded for a unit as of `unit_day`."""

    unit_code: str
    unit_day: dt.date
    values: Mapping[str, Any]
    event_id: UUID = field(default_factory=uuid4)
    paper: bytes | None = None


@dataclass(frozen=True)
class Edit:
    """A change asked for: the version that was on the screen, what it says now (None: it is taken back), why."""

    version_no: int
    values: Mapping[str, Any] | None
    reason: str
    event_id: UUID = field(default_factory=uuid4)


@transaction.atomic
def do_record(*, book: Book, new: New, by: Any, at: dt.datetime) -> Entry:
    """A new entry. Raises DirectionError, Refused, NoEvidence."""
    place = places.ready(new.unit_code, new.unit_day)
    may.check(by, may.EDIT, place)
    if (known := acts.done(new.event_id)) is not None:
        return get(book, known)
    _check(book, new.values, at)
    values = linking.whole(book, new.values, place, parent(book, new.values), new.unit_day)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('direction.thing_no')")
        thing_no = int(cursor.fetchone()[0])
    _insert(book, thing_no, place, values, by, at)
    detail = dict(new.values)
    if new.paper is not None:
        detail["paper"] = acts.keep_paper(book.table, thing_no, place, new.paper, by=by, at=at)
    told = Told("record", new.event_id, detail=detail)
    acts.write(book.table, thing_no, place, told, by=by, at=at)
    return get(book, thing_no)


@transaction.atomic
def do_change(*, book: Book, thing_no: int, edit: Edit, by: Any, at: dt.datetime) -> Entry | None:
    """The entry as it says now; None when it was taken back. Raises NoThing, DirectionError, Refused."""
    if acts.done(edit.event_id) is not None:
        return find(book, thing_no)
    may.check(by, may.EDIT, get(book, thing_no).place)
    before = get(book, thing_no, lock=True)
    if before.version_no != edit.version_no:
        raise Changed(_("Đã có người khác xử lý sau khi bạn mở. Xem lại rồi làm tiếp."))
    if len(" ".join(edit.reason.split())) < SHORTEST:
        raise DirectionError(_("Ghi lý do sửa, ít nhất năm ký tự."))
    if edit.values is None and any(entries(part, of=thing_no) for part in book.parts):
        raise DirectionError(_("Còn dòng khác thuộc về dòng này. Bỏ các dòng đó trước."))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE direction.{book.table} SET known_to = %s WHERE version_no = %s", [at, before.version_no]
        )  # fmt: skip
    if edit.values is not None:
        kept = [c for c in book.columns if c not in book.names]
        kept += [f.name for f in book.fields if f.kind in FIXED]
        values = {**edit.values, **{name: before.values[name] for name in kept}}
        _check(book, values, at)
        linking.check(book, values, before.place, parent(book, values))
        _insert(book, thing_no, before.place, values, by, at)
    told = Told(
        "withdraw" if edit.values is None else "change", edit.event_id, " ".join(edit.reason.split())[:2000],
        detail={} if edit.values is None else edit.values,
    )  # fmt: skip
    acts.write(book.table, thing_no, before.place, told, by=by, at=at)
    return find(book, thing_no)


def get(book: Book, thing_no: int, *, lock: bool = False) -> Entry:
    """As it is now; NoThing."""
    found = _entries(
        book, "thing_no = %s AND known_to IS NULL" + (" FOR UPDATE" if lock else ""), [thing_no]
    )
    if not found:
        raise NoThing
    return found[0]


def find(book: Book, thing_no: int) -> Entry | None:
    """As it is now; None when there is none, or it was taken back."""
    return next(iter(_entries(book, "thing_no = %s AND known_to IS NULL", [thing_no])), None)


def versions(book: Book, thing_no: int) -> list[Entry]:
    """All of them, the oldest first."""
    return _entries(book, "thing_no = %s ORDER BY version_no", [thing_no])


def parent(book: Book, values: Mapping[str, Any]) -> Entry | None:
    """The entry that one of these values belongs to; DirectionError when it is none."""
    if book.part_of is None:
        return None
    number = values.get(book.part_of.name)
    found = find(BY_TABLE[book.part_of.book], number) if number else None
    if found is None:
        raise DirectionError(_("Chưa ghi: %(field)s.") % {"field": book.part_of.label})
    return found


def names(book: Book, things: Sequence[int]) -> dict[int, str]:
    """What these entries are called."""
    found = _entries(book, "thing_no = ANY (%s) AND known_to IS NULL", [list(things)])
    return {one.thing_no: str(one.values[book.name]) for one in found}


def entries(
    book: Book, *, year: int | None = None, unit: str = "", text: str = "", of: int | None = None
) -> list[Entry]:
    """The entries that hold now, the latest first; `of`: those that belong to this one."""
    parts, given = ["known_to IS NULL"], list[Any]()
    if of is not None and book.part_of:
        parts, given = [*parts, f"{book.part_of.name} = %s"], [*given, of]
    if year is not None:
        parts, given = [*parts, f"{book.by_year} = %s"], [*given, year]
    if unit:
        parts, given = [*parts, "unit_code = %s"], [*given, unit]
    if text and book.table == "directive":
        parts.append("(number_key LIKE %s OR subject ILIKE %s)")
        given += [f"%{normalised(text) or text}%", f"%{text}%"]
    return _entries(
        book, f"{' AND '.join(parts)} ORDER BY {book.day} DESC, thing_no DESC LIMIT {MOST}", given
    )


def sums(book: Book, field: str, of: int) -> dict[tuple[str, dt.date], int]:
    """What is counted in the entries that belong to one thing, by whose they are."""
    assert book.part_of is not None
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT unit_code, unit_on, sum({field}) FROM direction.{book.table}"
            f" WHERE known_to IS NULL AND {book.part_of.name} = %s GROUP BY 1, 2", [of],
        )  # fmt: skip
        return {(code, on): int(n) for code, on, n in cursor.fetchall()}


def years(book: Book) -> list[int]:
    """Of which there are entries, the latest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT {book.by_year} FROM direction.{book.table} WHERE known_to IS NULL ORDER BY 1 DESC"
        )
        return [row[0] for row in cursor.fetchall()]


def _check(book: Book, values: Mapping[str, Any], at: dt.datetime) -> None:
    """What no form is needed for: every field there, no day of an act that lies ahead."""
    today = timezone.localdate(at)
    for one in book.fields:
        value = values.get(one.name)
        if one.required and value in (None, "", []):
            raise DirectionError(_("Chưa ghi: %(field)s.") % {"field": one.label})
        if one.past and isinstance(value, dt.date) and value > today:
            raise DirectionError(_("%(field)s không được sau hôm nay.") % {"field": one.label})
        if one.kind == "choice" and value not in one.choices:
            raise DirectionError(_("Chưa ghi: %(field)s.") % {"field": one.label})


def _insert(
    book: Book, thing_no: int, place: Place, values: Mapping[str, Any], by: Any, at: dt.datetime
) -> None:
    own = {name: values.get(name) for name in book.columns} | book.derive(values, place)
    own |= {f.name: "" for f in book.fields if f.kind in _WORDS and own[f.name] is None}
    row = {
        "thing_no": thing_no,
        "unit_code": place.unit_code,
        "unit_on": place.unit_on,
        **own,
        "known_from": at,
    }
    columns = ", ".join((*row, '"by"'))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO direction.{book.table} ({columns}) VALUES ({', '.join(['%s'] * (len(row) + 1))})",
                [*row.values(), by.username],
            )
    except IntegrityError as error:
        raise DirectionError(_why(book, error)) from error


def _why(book: Book, error: IntegrityError) -> str:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    return str(
        book.refused.get(name)
        or _("Không ghi được: giá trị nằm ngoài mức cho phép. Xem lại từng ô.")
    )


def _entries(book: Book, condition: str, given: Sequence[Any]) -> list[Entry]:
    columns = book.columns
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT thing_no, version_no, unit_code, unit_on, known_from, known_to, "by", {", ".join(columns)}'
            f" FROM direction.{book.table} WHERE {condition}",
            given,
        )
        return [_entry(columns, *row) for row in cursor.fetchall()]


def _entry(
    columns: Sequence[str], thing: int, version: int, unit: str, on: dt.date, known_from: dt.datetime,
    known_to: dt.datetime | None, by: str, *values: Any,
) -> Entry:  # fmt: skip
    told = dict(zip(columns, values, strict=True))
    return Entry(thing, version, unit, on, told, known_from, known_to, by)
