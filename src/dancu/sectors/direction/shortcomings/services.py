"""What a unit says about a shortcoming: cause, remedy, the day by which it will be put right."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils.translation import gettext as _

from dancu.reference.holidays import is_working_day
from dancu.sectors.direction import acts, may
from dancu.sectors.direction.acts import Told
from dancu.sectors.direction.errors import Changed, DirectionError, NotOpen
from dancu.sectors.direction.shortcomings import reading
from dancu.sectors.direction.shortcomings.reading import BOOK, Shortcoming

SHORTEST, LONGEST = 10, 2000


@dataclass(frozen=True)
class Words:
    """What is said, on which version of the shortcoming."""

    version: int
    cause: str
    remedy: str
    promised_on: dt.date
    event_id: UUID = field(default_factory=uuid4)


@transaction.atomic
def do_explain(*, number: int, words: Words, by: Any, at: dt.datetime, on: dt.date) -> Shortcoming:
    """Say it; what was said before stays in the history. Raises NoThing, DirectionError, Refused."""
    one = reading.get(number, lock=True)
    may.check(by, may.WORK, one.place)
    if acts.done(words.event_id) is not None:
        return one
    if one.closed_on is not None:
        raise NotOpen(_("Tồn tại này đã đóng, không cần giải trình nữa."))
    if one.version_no != words.version:
        raise Changed(_("Đã có người khác xử lý sau khi bạn mở. Xem lại rồi làm tiếp."))
    cause, remedy = (" ".join(said.split())[:LONGEST] for said in (words.cause, words.remedy))
    _check(cause, remedy, words.promised_on, on)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE direction.shortcoming SET cause = %s, remedy = %s, promised_on = %s, version_no = version_no + 1"
            " WHERE shortcoming_no = %s",
            [cause, remedy, words.promised_on, number],
        )
    told = Told(
        "explain", words.event_id, cause, one.result, words.promised_on, detail={"remedy": remedy}
    )
    acts.write(BOOK, number, one.place, told, by=by, at=at)
    return reading.get(number)


def _check(cause: str, remedy: str, promised: dt.date, on: dt.date) -> None:
    if len(cause) < SHORTEST:
        raise DirectionError(_("Ghi nguyên nhân, ít nhất mười ký tự."))
    if len(remedy) < SHORTEST:
        raise DirectionError(_("Ghi biện pháp khắc phục, ít nhất mười ký tự."))
    if promised < on:
        raise DirectionError(_("Hạn khắc phục không được trước hôm nay."))
    if not is_working_day(promised):
        raise DirectionError(
            _("Ngày %(day)s là ngày nghỉ. Chọn một ngày làm việc.")
            % {"day": f"{promised:%d/%m/%Y}"}
        )
