"""What is done with a conference: called, briefed, opened, its roll called, statements and conclusions taken, closed.

One transaction an act; the version on the screen must still hold; the same event a second time changes nothing.
Nothing here reads the clock.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils.translation import gettext as _

from dancu.reference import units
from dancu.sectors.direction import acts, may, places, tasks
from dancu.sectors.direction.acts import Told
from dancu.sectors.direction.conference import briefs, reading, states
from dancu.sectors.direction.conference.reading import BOOK, Conference, Point
from dancu.sectors.direction.errors import Changed, DirectionError, NotOpen
from dancu.sectors.direction.places import Place
from dancu.sectors.direction.reading import Origin
from dancu.sectors.direction.shortcomings import reading as shortcomings
from dancu.sectors.direction.tasks import NewTask

SHORTEST = 5


@dataclass(frozen=True)
class Call:
    """A conference to be called by a unit of `unit_day`; `levels`: which units below it are connected."""

    unit_code: str
    unit_day: dt.date
    title: str
    held_on: dt.date
    starts: str
    venue: str
    figures_on: dt.date
    agenda: Sequence[Mapping[str, str]] = ()
    levels: Sequence[str] = ("district", "commune")
    event_id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class Said:
    """A statement of a unit, or a conclusion for it (with a day, and the shortcoming it is about)."""

    unit_code: str
    text: str
    speaker: str = ""
    due_on: dt.date | None = None
    shortcoming_no: int | None = None
    event_id: UUID = field(default_factory=uuid4)


@transaction.atomic
def do_call(*, call: Call, by: Any, at: dt.datetime) -> Conference:
    """Call it, with its connection points. Raises DirectionError, Refused."""
    host = places.ready(call.unit_code, call.unit_day)
    may.check(by, may.GIVE, host)
    if (known := acts.done(call.event_id)) is not None:
        return reading.get(known)
    if len(" ".join(call.title.split())) < SHORTEST:
        raise DirectionError(_("Ghi tên hội nghị, ít nhất năm ký tự."))
    if call.figures_on > call.held_on:
        raise DirectionError(_("Số liệu phải chốt trước hoặc đúng ngày họp."))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO direction.conference (unit_code, unit_on, title, held_on, starts, venue, figures_on, agenda,"
            " state) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'preparing') RETURNING conference_no",
            [*host.key, " ".join(call.title.split()), call.held_on, call.starts, call.venue.strip(), call.figures_on,
             json.dumps(list(call.agenda), ensure_ascii=False)],
        )  # fmt: skip
        number = int(cursor.fetchone()[0])
        rows = _points(host, call)
        cursor.executemany(
            "INSERT INTO direction.conference_point (conference_no, unit_code, unit_on, level, host_code, host_on)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            [[number, *p.key, p.level, *host.key] for p in rows],
        )
    detail = {"title": call.title, "held_on": call.held_on, "points": len(rows)}
    _told(number, host, "call", call.event_id, states.PREPARING, detail, by, at)
    return reading.get(number)


def _points(host: Place, call: Call) -> list[Place]:
    """The host and, of what lies in it, the levels that are to be connected."""
    tree = units.on(max(call.unit_day, units.FIRST_DAY))
    inside = [c for c in tree.by_code if host.unit_code in {u.code for u in tree.path(c)}]
    below = [places.unit_of(c, call.unit_day) for c in inside if c != host.unit_code]
    return [host, *(p for p in below if p.level in call.levels)]


@transaction.atomic
def do_brief(*, number: int, version: int, event_id: UUID, by: Any, at: dt.datetime) -> Conference:
    """Keep each point's brief as its figures are now. Raises NoThing, DirectionError, Refused."""
    one = _ready(number, version, (states.PREPARING,), event_id, by)
    if one is None:
        return reading.get(number)
    if one.briefed_at is not None:
        raise NotOpen(_("Phiếu số liệu đã chốt rồi."))
    held = {p.unit_code: p.place for p in reading.points(number)}
    made = briefs.contents(list(held.values()), on=one.figures_on)
    with connection.cursor() as cursor:
        cursor.executemany(
            'INSERT INTO direction.conference_brief (conference_no, unit_code, unit_on, content, at, "by")'
            " VALUES (%s, %s, %s, %s, %s, %s)",
            [
                [number, *held[code].key, json.dumps(content, ensure_ascii=False), at, by.username]
                for code, content in made.items()
            ],
        )
    _set(one, {"briefed_at": at})
    _told(number, one.host, "brief", event_id, one.state, {"briefs": len(made)}, by, at)
    return reading.get(number)


@transaction.atomic
def do_move(*, number: int, version: int, event_id: UUID, by: Any, at: dt.datetime) -> Conference:
    """Open it, or close it; briefs are kept before it opens. Raises NoThing, DirectionError, Refused."""
    one = _ready(number, version, (states.PREPARING, states.OPEN), event_id, by)
    if one is None:
        return reading.get(number)
    if one.briefed_at is None:
        raise NotOpen(_("Chốt phiếu số liệu của các đơn vị trước khi khai mạc."))
    state = states.NEXT[one.state]
    _set(one, {"state": state})
    _told(number, one.host, state, event_id, state, {}, by, at)
    return reading.get(number)


@transaction.atomic
def do_connect(
    *, number: int, unit: str, state: str, people: int, event_id: UUID, by: Any, at: dt.datetime
) -> Point:
    """A point says that it is connected; the host may say so too, or that nobody came. Raises as do_move."""
    one, point = reading.get(number), reading.point(number, unit, lock=True)
    is_host = may.may(by, may.GIVE, one.host)
    if not is_host:
        may.check(by, may.WORK, point.place)
    if acts.done(event_id) is not None:
        return point
    if one.state == states.CLOSED:
        raise NotOpen(_("Hội nghị đã kết thúc."))
    if state not in (states.CONNECTED, states.ABSENT) or (state == states.ABSENT and not is_host):
        raise DirectionError(_("Chọn tình trạng của điểm cầu."))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE direction.conference_point SET state = %s, people = %s, told_at = %s, told_by = %s"
            " WHERE point_no = %s",
            [state, people if state == states.CONNECTED else 0, at, by.username, point.point_no],
        )
    _told(number, point.place, "connect", event_id, state, {"people": people, "unit": unit}, by, at)
    return reading.point(number, unit)


@transaction.atomic
def do_state(*, number: int, said: Said, by: Any, at: dt.datetime) -> None:
    """Take down a statement. Raises as do_move."""
    one = _ready(number, None, (states.OPEN,), said.event_id, by)
    if one is None:
        return
    point = reading.point(number, said.unit_code)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO direction.conference_statement (conference_no, unit_code, unit_on, event_id, speaker, said,"
            ' at, "by") VALUES (%s, %s, %s, %s, %s, %s, %s, %s)',
            [number, point.unit_code, point.unit_on, said.event_id, said.speaker.strip(), _text(said), at, by.username],
        )  # fmt: skip
    _told(number, one.host, "state", said.event_id, one.state, {"unit": said.unit_code}, by, at)


@transaction.atomic
def do_conclude(
    *, number: int, said: Said, by: Any, at: dt.datetime, on: dt.date
) -> reading.Conclusion:
    """Draw a conclusion: it becomes a task of its owner, given by the host. Raises as do_move."""
    one = _ready(number, None, (states.OPEN,), said.event_id, by)
    if one is None:
        return next(c for c in reading.conclusions(number) if _of_event(c, said.event_id))
    point = reading.point(number, said.unit_code)
    if said.due_on is None:
        raise DirectionError(_("Ghi hạn hoàn thành."))
    about = shortcomings.get(said.shortcoming_no) if said.shortcoming_no else None
    if about is not None and (about.unit_code, about.unit_on) != (point.unit_code, point.unit_on):
        raise DirectionError(_("Tồn tại này không phải của đơn vị được giao."))
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('direction.thing_no')")
        conclusion = int(cursor.fetchone()[0])
        task = tasks.do_open(new=_task(one, point, said, conclusion), by=by, at=at, on=on)
        cursor.execute(
            "INSERT INTO direction.conference_conclusion (conclusion_no, conference_no, unit_code, unit_on, event_id,"
            ' said, due_on, task_no, shortcoming_no, at, "by") VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)',
            [conclusion, number, point.unit_code, point.unit_on, said.event_id, _text(said), said.due_on,
             task.task_no, said.shortcoming_no, at, by.username],
        )  # fmt: skip
    detail = {"unit": said.unit_code, "conclusion": conclusion, "task": task.task_no}
    _told(number, one.host, "conclude", said.event_id, one.state, detail, by, at)
    return next(c for c in reading.conclusions(number) if c.conclusion_no == conclusion)


def _task(one: Conference, point: Point, said: Said, conclusion: int) -> NewTask:
    """Of the unit of the point, given by the host; both were there from the later of their first days on."""
    return NewTask(
        _text(said)[:300], said.unit_code, said.due_on, origin=Origin("conclusion", conclusion),
        giver_code=one.unit_code, unit_day=max(one.unit_on, point.unit_on), detail=f"Kết luận tại: {one.title}",
    )  # fmt: skip


def _of_event(conclusion: reading.Conclusion, event_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM direction.conference_conclusion WHERE conclusion_no = %s AND event_id = %s",
            [conclusion.conclusion_no, event_id],
        )
        return cursor.fetchone() is not None


def _ready(
    number: int, version: int | None, open_in: Sequence[str], event_id: UUID, by: Any
) -> Conference | None:
    """The conference, locked, for an act of its host; None when the event is done already."""
    may.check(by, may.GIVE, reading.get(number).host)
    one = reading.get(number, lock=True)
    if acts.done(event_id) is not None:
        return None
    if one.state not in open_in:
        raise NotOpen(_("Thao tác này không mở ở trạng thái hiện tại."))
    if version is not None and one.version_no != version:
        raise Changed(_("Đã có người khác xử lý sau khi bạn mở. Xem lại rồi làm tiếp."))
    return one


def _text(said: Said) -> str:
    text = " ".join(said.text.split())
    if len(text) < SHORTEST:
        raise DirectionError(_("Ghi rõ nội dung, ít nhất năm ký tự."))
    return text[:2000]


def _set(one: Conference, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE direction.conference SET {', '.join(f'{n} = %s' for n in values)}, version_no = version_no + 1"
            " WHERE conference_no = %s",
            [*values.values(), one.conference_no],
        )


def _told(
    number: int, place: Place, action: str, event_id: UUID, state: str, detail: dict[str, Any], by: Any, at: dt.datetime
) -> None:  # fmt: skip
    acts.write(
        BOOK, number, place, Told(action, event_id, state=state, detail=detail), by=by, at=at
    )
