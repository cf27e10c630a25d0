"""The check: what falls short is opened once and made a task; what was open is looked at again and told apart.

Each morning what stands in the books is looked at; on the last day of a month also every figure of every unit against
its targets. Of an open shortcoming each full check writes down what became of it: fixed, better, still there, worse.
The same day a second time changes nothing. Nothing here reads the clock but the job.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import connection, connections
from django.utils import timezone
from procrastinate.contrib.django import app

from dancu.reference import units
from dancu.reference.terms import term
from dancu.sectors.direction import acts, may, places, tasks
from dancu.sectors.direction.acts import Told
from dancu.sectors.direction.reading import Origin
from dancu.sectors.direction.shortcomings import finding, kinds, reading
from dancu.sectors.direction.shortcomings.finding import Found, Seen
from dancu.sectors.direction.shortcomings.period import Period
from dancu.sectors.direction.shortcomings.reading import BOOK, Shortcoming
from dancu.sectors.direction.tasks import NewTask

_CHECKED = (
    "title", "indicator_version", "numerator", "denominator", "target_id", "target", "comparison", "gap", "gap_new",
    "distance",
)  # fmt: skip
_OPENED = ("kind", "subject", "indicator", *_CHECKED)


@dataclass(frozen=True)
class Checked:
    """How many of each a check found."""

    opened: int
    fixed: int
    better: int
    still: int
    worse: int
    unjudged: int


@app.periodic(cron="40 6 * * *")
@app.task(queueing_lock="direction-shortcomings", pass_context=False)
def every_morning(timestamp: int = 0) -> int:
    """Yesterday's books, and on the first of a month the figures of the last; may run again at any time."""
    del timestamp
    at, on = timezone.now(), timezone.localdate() - dt.timedelta(days=1)
    try:
        return sum(run(province=p, on=on, at=at).opened for p in _provinces(on))
    finally:
        connections.close_all()


def _provinces(on: dt.date) -> list[str]:
    """Those that this installation directs and that exist on the day."""
    return [p for p in places.provinces() if units.on(max(on, units.FIRST_DAY)).find(p)]


def run(*, province: str, on: dt.date, at: dt.datetime, full: bool | None = None) -> Checked:
    """Check the units of a province as of the day; `full` None: on the last day of a month."""
    whole = (on + dt.timedelta(days=1)).day == 1 if full is None else full
    with may.as_system() as by:
        places.ready(province, on)
        seen = finding.look(province=province, asked=Period.of(on).asked(on), full=whole, at=at)
        looked_at = tuple(kinds.KINDS) if whole else kinds.AT_ONCE
        told = [
            _again(old, seen, on, whole, by, at)
            for old in reading.waiting(kinds=looked_at)
            if _is_here(old, province, on)
        ]
        opened = [_open(one, on, by, at) for one in seen.found.values()]
    counts = {word: told.count(word) for word in ("fixed", "better", "still", "worse")}
    return Checked(opened=sum(opened), unjudged=len(seen.unjudged), **counts)


def _is_here(old: Shortcoming, province: str, on: dt.date) -> bool:
    """Whether its unit lies in the province, or is no more."""
    unit = units.on(max(on, units.FIRST_DAY)).find(old.unit_code)
    return unit is None or not _lives(old, on) or province in (unit.code, unit.province_code)


def _lives(old: Shortcoming, on: dt.date) -> bool:
    unit = units.on(max(on, units.FIRST_DAY)).find(old.unit_code)
    return unit is not None and unit.identity == (old.unit_code, old.unit_on)


def _again(old: Shortcoming, seen: Seen, on: dt.date, whole: bool, by: Any, at: dt.datetime) -> str:
    """What became of an open one; empty when nothing can be said, or the day has been looked at."""
    if old.checked_on >= on:
        return ""
    if not _lives(old, on):
        return _write(old, None, "ended", on, by, at)
    if old.key in seen.unjudged:
        return ""
    now = seen.found.get(old.key)
    if now is None:
        return _write(old, None, "fixed", on, by, at)
    if not whole:
        return ""
    if now.distance == old.distance:
        return _write(old, now, "still", on, by, at)
    return _write(old, now, "worse" if now.distance > old.distance else "better", on, by, at)


def _write(
    old: Shortcoming, now: Found | None, word: str, on: dt.date, by: Any, at: dt.datetime
) -> str:
    values: dict[str, Any] = {"checked_on": on, "result": word}
    if now is not None:
        values |= _values(now, _CHECKED)
    else:
        values |= {"closed_on": on}
    _set(old.shortcoming_no, values)
    _act(old.shortcoming_no, old.place, word, on, now, by, at)
    return word


def _open(one: Found, on: dt.date, by: Any, at: dt.datetime) -> bool:
    """A new one, or one that was fixed in this period and is there again; False when it is open already."""
    known = _of_key(one, on)
    if known and (known[0][1] is None or known[0][1] >= on):
        return False
    if known:
        number, word = int(known[0][0]), "again"
        _set(
            number, {**_values(one, _CHECKED), "checked_on": on, "closed_on": None, "result": word}
        )
    else:
        number, word = _insert(one, on, at), "found"
    task = one.task_no or _task(number, one, on, by, at)
    _set(number, {"task_no": task})
    _act(number, one.place, word, on, one, by, at, {"task_no": task})
    return True


def _of_key(one: Found, on: dt.date) -> list[Any]:
    """(number, day of the end) of the one that is open, or else of this period's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT shortcoming_no, closed_on FROM direction.shortcoming WHERE unit_code = %s AND unit_on = %s"
            " AND kind = %s AND subject = %s AND (closed_on IS NULL OR closed_on >= %s OR period = %s)"
            " ORDER BY closed_on DESC NULLS FIRST LIMIT 1",
            [*one.key, on, str(Period.of(on))],
        )
        return cursor.fetchall()


def _insert(one: Found, on: dt.date, at: dt.datetime) -> int:
    row = {
        "unit_code": one.place.unit_code, "unit_on": one.place.unit_on, "level": one.place.level,
        "period": str(Period.of(on)), **_values(one, _OPENED), "found_on": on, "found_at": at, "checked_on": on,
        "result": "found",
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO direction.shortcoming ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})"
            " RETURNING shortcoming_no",
            [*row.values()],
        )
        return int(cursor.fetchone()[0])


def _task(number: int, one: Found, on: dt.date, by: Any, at: dt.datetime) -> int:
    """The task of putting it right, given by the unit above."""
    above = one.place.above() or one.place
    new = NewTask(
        f"Khắc phục: {one.title}"[:300], one.place.unit_code, term("shortcoming_fix", on=on).after(on),
        origin=Origin("shortcoming", number), giver_code=above.unit_code, unit_day=on,
        event_id=_event("task", number, on),
    )  # fmt: skip
    return tasks.do_open(new=new, by=by, at=at, on=on).task_no


def _act(
    number: int, place: places.Place, word: str, on: dt.date, now: Found | None, by: Any, at: dt.datetime,
    more: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """What a report of then reads again: the day, the result and, where it was found, what was found."""
    detail: dict[str, Any] = {"on": on.isoformat(), "period": str(Period.of(on)), **(more or {})}
    if now is not None:
        detail |= {k: str(v) for k, v in _values(now, _CHECKED).items() if v is not None and v != ""}  # fmt: skip
    told = Told("check", _event(word, number, on), state=word, detail=detail)
    acts.write(BOOK, number, place, told, by=by, at=at)


def _event(what: str, number: int, on: dt.date) -> UUID:
    return uuid5(NAMESPACE_URL, f"shortcoming:{number}:{what}:{on}")


def _values(one: Found, names: tuple[str, ...]) -> dict[str, Any]:
    given = asdict(one)
    return {name: given[name] for name in names}


def _set(number: int, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE direction.shortcoming SET {', '.join(f'{n} = %s' for n in values)}, version_no = version_no + 1"
            " WHERE shortcoming_no = %s",
            [*values.values(), number],
        )
