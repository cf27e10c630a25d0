"""The day's queue of a counter: numbers taken, called, skipped, done. A number is nobody's name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.reference import units
from dancu.sectors.public_services.errors import NotOpen, ServiceError

LINES = {
    "A": gettext_lazy("Nộp hồ sơ"),
    "B": gettext_lazy("Nhận kết quả"),
    "U": gettext_lazy("Ưu tiên: người cao tuổi, khuyết tật, mang thai, có trẻ nhỏ"),
}
_KIOSK = "services_counter.kiosk"
_COLUMNS = "ticket_no, line, number, state, desk, taken_at, called_at, ended_at, called_by, calls"


@dataclass(frozen=True)
class Ticket:
    """A row of ``services.ticket``."""

    ticket_no: int
    line: str
    number: int
    state: str
    desk: str
    taken_at: dt.datetime
    called_at: dt.datetime | None
    ended_at: dt.datetime | None
    called_by: str
    calls: int

    @property
    def name(self) -> str:
        """As it is printed and called: A012."""
        return written(self.line, self.number)


@dataclass(frozen=True)
class Taken:
    """A number that was just taken, and how many are called before it."""

    name: str
    ahead: int


def written(line: str, number: int) -> str:
    """A number as it is called.

    >>> written("A", 7)
    'A007'
    """
    return f"{line}{number:03d}"


def kiosk_word(place: str) -> str:
    """What the address of a counter's kiosk ends with; nobody else may take numbers there."""
    return signing.Signer(salt=_KIOSK).signature(place)


def is_kiosk(place: str, word: str) -> bool:
    """Whether the address is the kiosk's own."""
    return signing.constant_time_compare(kiosk_word(place), word)


def is_place(place: str, *, on: dt.date) -> bool:
    """Whether there is such a commune on the day."""
    found = units.on(max(on, units.FIRST_DAY)).find(place)
    return found is not None and found.level == "commune"


def do_take(*, place: str, line: str, at: dt.datetime, day: dt.date) -> Taken:
    """The next number; ServiceError when the day's numbers are used up or there is no such line."""
    if line not in LINES:
        raise ServiceError(_("Chọn việc cần làm."))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, ahead FROM services.take_ticket(%s, %s, %s, %s)", [place, day, line, at]
        )
        row = cursor.fetchone()
    if row is None:
        raise ServiceError(_("Hôm nay đã hết số. Mời đến bàn hướng dẫn."))
    return Taken(written(line, row[0]), int(row[1]))


def of_day(place: str, day: dt.date) -> list[Ticket]:
    """All numbers of the day, in the order in which they are called."""
    return _tickets("place = %s AND day = %s ORDER BY (line = 'U') DESC, ticket_no", [place, day])


def do_call_next(
    *, place: str, day: dt.date, desk: str, lines: Sequence[str], by: str, at: dt.datetime
) -> Ticket:
    """Call the next number to the desk; whoever is there is done. NotOpen when nobody waits.

    Two desks that ask at once get two numbers: a row that is being called is passed over.
    """
    wanted = [line for line in lines if line in LINES] or list(LINES)
    _end_of_desk(place, day, by, at)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE services.ticket SET state = 'called', desk = %s, called_at = %s, called_by = %s, calls = 1"
            " WHERE ticket_no = (SELECT ticket_no FROM services.ticket WHERE place = %s AND day = %s"
            " AND state = 'waiting' AND line = ANY (%s) ORDER BY (line = 'U') DESC, ticket_no LIMIT 1"
            f" FOR UPDATE SKIP LOCKED) RETURNING {_COLUMNS}",
            [desk[:20], at, by, place, day, wanted],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotOpen(_("Không còn ai chờ ở các hàng đã chọn."))
    return Ticket(*row)


def do_move(ticket_no: int, what: str, *, desk: str, by: str, at: dt.datetime) -> None:
    """Call once more, skip who did not come, call who was skipped, or end. NotOpen when it is too late for that."""
    changes: dict[str, tuple[str, str, list[Any]]] = {
        "again": ("state = 'called'", "calls = calls + 1, called_at = %s", [at]),
        "skip": ("state = 'called'", "state = 'skipped', ended_at = %s", [at]),
        "recall": (
            "state = 'skipped'",
            "state = 'called', ended_at = NULL, called_at = %s, desk = %s, called_by = %s, calls = calls + 1",
            [at, desk[:20], by],
        ),
        "done": ("state = 'called'", "state = 'done', ended_at = %s", [at]),
    }
    if (change := changes.get(what)) is None:
        raise NotOpen(_("Không có thao tác này."))
    state, sets, given = change
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE services.ticket SET {sets} WHERE ticket_no = %s AND {state}",
            [*given, ticket_no],
        )
        if cursor.rowcount == 0:
            raise NotOpen(_("Số này đã được bàn khác xử lý. Tải lại trang."))


def current(place: str, day: dt.date, *, by: str) -> Ticket | None:
    """The number that is at this officer's desk now."""
    found = _tickets(
        "place = %s AND day = %s AND state = 'called' AND called_by = %s ORDER BY called_at DESC LIMIT 1",
        [place, day, by],
    )
    return found[0] if found else None


def on_screen(place: str, day: dt.date) -> dict[str, Any]:
    """What the hall's screen shows: who is called to which desk, who waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT line, number, state, desk FROM services.on_screen(%s, %s)", [place, day]
        )
        rows = cursor.fetchall()
    named = [(written(line, number), state, desk) for line, number, state, desk in rows]
    return {
        "called": [(name, desk) for name, state, desk in named if state == "called"],
        "skipped": [name for name, state, _desk in named if state == "skipped"],
        "waiting": [name for name, state, _desk in named if state == "waiting"],
    }


def _end_of_desk(place: str, day: dt.date, by: str, at: dt.datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE services.ticket SET state = 'done', ended_at = %s"
            " WHERE place = %s AND day = %s AND state = 'called' AND called_by = %s",
            [at, place, day, by],
        )


def _tickets(which: str, given: Sequence[Any]) -> list[Ticket]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM services.ticket WHERE {which}", given)
        return [Ticket(*row) for row in cursor.fetchall()]
