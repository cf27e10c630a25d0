"""A child comes on the list with the end of the service, in its transaction; once, however often it is told.

Source: Law on Health Insurance 25/2008/QH12 article 12, Decree 146/2018/NĐ-CP articles 3 and 12: a child is insured
until it is 72 months old, and when that falls before the school year, until 30 September of that year (`insured_child`
and `insured_child_school` in `terms.csv`).

>>> day = dt.date(2024, 6, 21)
>>> last_day(dt.date(2024, 6, 15), on=day), last_day(dt.date(2023, 11, 20), on=day)
(datetime.date(2030, 9, 30), datetime.date(2029, 11, 20))
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from dancu.formats import partial_date
from dancu.formats.errors import FormatError
from dancu.kit.finished import CannotFollow, Finished
from dancu.kit.web import register_day
from dancu.reference.terms import term

PROCEDURE = "BG.BH06"


@dataclass(frozen=True)
class Row:
    """One child on the list."""

    number: int
    citizen: UUID
    unit_code: str
    dossier: str
    valid_from: dt.date
    valid_to: dt.date
    at: dt.datetime


def enrol(done: Finished) -> None:
    """Onto the list. Raises CannotFollow when the register knows no such child, or the child is too old."""
    born = _day(done.form.get("child_birth_date"))
    if done.citizen is None or born is None:
        raise CannotFollow(_("Trẻ chưa có trong sổ dân cư nên chưa ghi được vào danh sách bảo hiểm y tế."))  # fmt: skip
    today = min(timezone.localtime(done.at).date(), register_day())
    until = last_day(born, on=today)
    if until <= today:
        raise CannotFollow(_("Trẻ đã đủ 6 tuổi, không thuộc danh sách trẻ em dưới 6 tuổi."))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO health_insurance.child (event_id, citizen, unit_code, dossier, valid_from, valid_to, by, at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [
                done.event_id,
                done.citizen,
                done.place,
                done.code,
                born,
                until,
                done.by,
                done.at,
            ],
        )


def _day(text: Any) -> dt.date | None:
    """A whole day, as a form's own field or an office writes it."""
    try:
        found = partial_date.parse(str(text or ""))
    except FormatError:
        return None
    return found.earliest() if found.precision == "day" else None


def last_day(born: dt.date, *, on: dt.date) -> dt.date:
    """The last day on which the child is insured as one under 6, by the law of the day."""
    day = min(born.day, 28) if born.month == 2 else born.day
    birthday = dt.date(born.year + term("insured_child", on=on).amount, born.month, day)
    school = term("insured_child_school", on=on).of_year(birthday.year)
    return max(birthday, school)


def listed(*, most: int) -> list[Row]:
    """The children of the asker's communes, the latest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT child_no, citizen, unit_code, dossier, valid_from, valid_to, at FROM health_insurance.child"
            " ORDER BY child_no DESC LIMIT %s",
            [most],
        )
        return _rows(cursor.fetchall())


def one(number: int) -> Row | None:
    """One of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT child_no, citizen, unit_code, dossier, valid_from, valid_to, at FROM health_insurance.child"
            " WHERE child_no = %s",
            [number],
        )
        return next(iter(_rows(cursor.fetchall())), None)


def _rows(found: Iterable[Any]) -> list[Row]:
    return [Row(*row) for row in found]
