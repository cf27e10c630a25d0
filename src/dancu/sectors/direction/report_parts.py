"""What direction adds to the six-month report: annexes A1, A11, A12, A13, and sentences that name units.

Read as the owner, for a report says the same whoever writes it; as known at the moment that is asked for, and as it
stood on the last day. Long lists name the report's unit and those right under it, and say how many more there are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db import connections
from django.utils import translation

from dancu.engine.report.content import Annex, Cell, Column, Row, Sentence
from dancu.engine.report.printed import vi
from dancu.kit.report_writing import Order
from dancu.reference.units import belonging
from dancu.sectors.direction import places, workflow
from dancu.sectors.direction.books import BODIES, KINDS_OF_DIRECTIVE, MODELS
from dancu.sectors.direction.places import Place

NAMED = 5
_KNOWN = (
    "known_from <= coalesce(%(known)s, known_from) AND (known_to IS NULL OR known_to > %(known)s)"
)
_PERIOD = "BETWEEN %(first)s AND %(last)s"


def documents(order: Order) -> Annex | None:
    """The documents that the bodies of the unit issued in the period, by kind and issuer."""
    found = _rows(
        order, f"SELECT kind, body, count(*) FROM direction.directive WHERE {_KNOWN} AND about = 'project06'"
        f" AND unit_code = %(unit)s AND issued_on {_PERIOD} GROUP BY 1, 2",
    )  # fmt: skip
    if not found:
        return None
    counts = {(kind, body): n for kind, body, n in found}
    bodies = [b for b in BODIES if any(body == b for _kind, body in counts)]
    columns = [Column(b, _vi(BODIES[b]), b, "count") for b in bodies]
    rows = [
        _counted(_vi(name), [counts.get((kind, b), 0) for b in bodies])
        for kind, name in KINDS_OF_DIRECTIVE.items() if any(k == kind for k, _body in counts)
    ]  # fmt: skip
    total = [sum(n for (_kind, body), n in counts.items() if body == b) for b in bodies]
    return Annex(
        "A1", "Văn bản chỉ đạo theo loại và cơ quan ban hành", "Documents by kind and issuer", "1",
        (*columns, Column("all", "Cộng", "Total", "count")), tuple(rows), _counted(_name(order), total),
        head_vi="Loại văn bản", head_en="Kind",
    )  # fmt: skip


def _counted(label: str, numbers: Sequence[int]) -> Row:
    every = [Decimal(n) for n in (*numbers, sum(numbers))]
    return Row("", label, tuple(Cell(vi(n) if n else "–", n) for n in every))


# The last checking says what became of it, the last that found it what is missing, the last explanation the promise.
_SHORTCOMINGS = """
WITH told AS (
    SELECT thing_no, act_no, action, state, due_on, detail,
           coalesce((detail ->> 'on')::date, (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) AS day
    FROM direction.act WHERE book = 'shortcoming' AND at <= coalesce(%(known)s, at)
), checked AS (SELECT DISTINCT ON (thing_no) thing_no, state, CASE WHEN state = 'fixed' THEN day END AS closed_on
    FROM told WHERE action = 'check' AND day <= %(last)s ORDER BY thing_no, act_no DESC
), found AS (SELECT DISTINCT ON (thing_no) thing_no, detail ->> 'title' AS title, (detail ->> 'gap')::bigint AS gap
    FROM told WHERE detail ? 'gap' AND day <= %(last)s ORDER BY thing_no, act_no DESC
), given AS (SELECT DISTINCT ON (thing_no) thing_no, (detail ->> 'task_no')::bigint AS task_no
    FROM told WHERE detail ? 'task_no' AND day <= %(last)s ORDER BY thing_no, act_no DESC
), promised AS (SELECT DISTINCT ON (thing_no) thing_no, due_on
    FROM told WHERE action = 'explain' AND day <= %(last)s ORDER BY thing_no, act_no DESC)
"""


def shortcomings(order: Order) -> Annex | None:
    """Those that were open on a day of the period, with what is missing and what became of them by its last day."""
    found = _rows(
        order, f"{_SHORTCOMINGS}"
        " SELECT s.unit_code, s.unit_on, f.title, f.gap, coalesce(p.due_on, t.due_on), c.closed_on FROM checked c"
        " JOIN found f USING (thing_no) LEFT JOIN given USING (thing_no) LEFT JOIN promised p USING (thing_no)"
        f" LEFT JOIN ({_TASKS}) t USING (task_no) JOIN direction.shortcoming s ON s.shortcoming_no = thing_no"
        " WHERE c.state <> 'ended' AND (c.closed_on IS NULL OR c.closed_on >= %(first)s)"
        " ORDER BY c.closed_on IS NOT NULL, f.gap DESC, thing_no",
    )  # fmt: skip
    lines = [
        (code, on, (Cell(title), Cell(vi(Decimal(gap)), Decimal(gap)), Cell(_day(due)), Cell(_closed(closed))))
        for code, on, title, gap, due, closed in found
    ]  # fmt: skip
    columns = (
        Column("what", "Tồn tại, hạn chế", "Shortcoming", "words"), Column("gap", "Còn thiếu", "Missing", "gap"),
        Column("due", "Hạn khắc phục", "Due", "text"), Column("state", "Tình trạng", "State", "text"),
    )  # fmt: skip
    return _list(order, "A11", columns, lines, "tồn tại")


def _closed(day: dt.date | None) -> str:
    return f"Đã khắc phục {_day(day)}" if day else "Chưa khắc phục"


_TASKS = """
SELECT DISTINCT ON (a.thing_no) t.unit_code, t.unit_on, t.title, t.origin_kind, a.due_on, a.state, a.finished_on,
    t.task_no
FROM direction.act a JOIN direction.task t ON t.task_no = a.thing_no
WHERE a.book = 'task' AND a.state <> '' AND (a.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date <= %(last)s
  AND a.at <= coalesce(%(known)s, a.at)
ORDER BY a.thing_no, a.act_no DESC
"""
_ORIGINS = {
    "directive": "Văn bản chỉ đạo", "plan": "Kế hoạch năm", "shortcoming": "Tồn tại, hạn chế",
    "conclusion": "Kết luận hội nghị", "finding": "Kiểm tra", "own": "Tự đề ra",
}  # fmt: skip


def tasks(order: Order) -> Annex | None:
    """Those being done on the last day or finished in the period, as they stood on that day."""
    found = _rows(
        order, f"SELECT * FROM ({_TASKS}) x WHERE state <> 'cancelled'"
        " AND (state <> 'accepted' OR finished_on >= %(first)s) ORDER BY state = 'accepted', due_on, title",
    )  # fmt: skip
    lines = [
        (code, on, tuple(Cell(t) for t in (title, _ORIGINS[origin], _day(due), _standing(state, due, done, order))))
        for code, on, title, origin, due, state, done, _task in found
    ]  # fmt: skip
    columns = (
        Column("what", "Nhiệm vụ", "Task", "words"), Column("origin", "Theo", "Origin", "text"),
        Column("due", "Hạn", "Due", "text"), Column("state", "Tình trạng", "State", "text"),
    )  # fmt: skip
    return _list(order, "A12", columns, lines, "nhiệm vụ")


def _standing(state: str, due: dt.date, finished: dt.date | None, order: Order) -> str:
    late = (finished or order.asked.last) > due
    if state == workflow.OPEN:
        return "Quá hạn" if late else workflow.STATES[state][0]
    return f"{workflow.STATES[state][0]}{', muộn hạn' if late else ''}"


_COPIES = f"""
SELECT c.model_no, c.unit_code, c.unit_on, c.since FROM direction.copy c
WHERE {_KNOWN} AND c.since <= %(last)s ORDER BY c.since, c.unit_code
"""


def models(order: Order) -> Annex | None:
    """Those that are there on the last day, with who follows them since when."""
    found = _rows(
        order, "SELECT unit_code, unit_on, thing_no, name, kind, since, result FROM direction.model"
        f" WHERE {_KNOWN} AND since <= %(last)s ORDER BY since, thing_no",
    )  # fmt: skip
    copied: dict[int, list[str]] = {}
    for model, code, on, since in _rows(order, _COPIES):
        copied.setdefault(model, []).append(f"{places.unit_of(code, on).name} ({_day(since)})")
    lines = [
        (code, on, (Cell(f"{name} ({_vi(MODELS[kind]).lower()})"), Cell(_day(since)), Cell(result or "–"),
                    Cell("; ".join(copied.get(thing, ())) or "–")))
        for code, on, thing, name, kind, since, result in found
    ]  # fmt: skip
    columns = (
        Column("what", "Mô hình, cách làm", "Model", "words"), Column("since", "Từ ngày", "Since", "text"),
        Column("result", "Kết quả", "Result", "words"), Column("copied", "Đơn vị làm theo", "Followed by", "words"),
    )  # fmt: skip
    return _list(order, "A13", columns, lines, "mô hình", depth=9)


Line = tuple[str, dt.date, tuple[Cell, ...]]
"""Unit, its first day, cells."""


def _list(
    order: Order,
    code: str,
    columns: tuple[Column, ...],
    lines: Iterable[Line],
    noun: str,
    depth: int = 1,
) -> Annex | None:
    """A list by units; None when it is empty. Of units more than `depth` levels down it says how many there are."""
    told = [
        (depth_, *line) for line in lines if (depth_ := _depth(order, line[0], line[1])) is not None
    ]
    rows = [Row(c, places.unit_of(c, on).name, cells) for n, c, on, cells in told if n <= depth]
    more = len(told) - len(rows)
    if not told:
        return None
    note = (
        f"Ngoài ra có {vi(Decimal(more))} {noun} của các đơn vị cấp dưới, xem trên hệ thống."
        if more
        else ""
    )
    vi_, en, section = _TITLES[code]
    return Annex(code, vi_, en, section, columns if rows else (), tuple(rows), None, note)


_TITLES = {
    "A11": ("Danh sách tồn tại, hạn chế", "List of shortcomings", "3"),
    "A12": ("Danh sách nhiệm vụ, giải pháp", "List of tasks", "4"),
    "A13": ("Mô hình điểm, cách làm hay", "Good models and practices", "5"),
}


def annexes(order: Order) -> Iterator[Annex | None]:
    """All of them."""
    for make in (documents, shortcomings, tasks, models):
        yield make(order)


def inspected(order: Order) -> Iterator[Sentence]:
    """Which units were inspected."""
    found = _rows(
        order, f"SELECT other_code, other_on, held_on FROM direction.inspection WHERE {_KNOWN} AND held_on {_PERIOD}"
        " ORDER BY held_on, other_code",
    )  # fmt: skip
    told = [f"{_lower(p)} ({_day(day)})" for p, day in _below(order, found)]
    if told:
        yield Sentence("1.inspected", (f"Đã kiểm tra: {_joined(told, 'đơn vị')}.",))


def findings(order: Order) -> Iterator[Sentence]:
    """What inspections found that is not put right on the last day."""
    found = _rows(
        order, f"SELECT f.other_code, f.other_on, f.what FROM direction.finding f WHERE {_KNOWN}"
        " AND f.found_on <= %(last)s AND NOT EXISTS (SELECT 1 FROM direction.task t JOIN direction.act a"
        "  ON a.book = 'task' AND a.thing_no = t.task_no WHERE t.origin_kind = 'finding' AND t.origin_id = f.thing_no"
        "  AND a.state = 'accepted' AND (a.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date <= %(last)s"
        "  AND a.at <= coalesce(%(known)s, a.at)) ORDER BY f.found_on, f.thing_no",
    )  # fmt: skip
    told = [
        f"{_lower(p)}: {what[:1].lower()}{what[1:].rstrip('.')}" for p, what in _below(order, found)
    ]
    if told:
        yield Sentence(
            "3.findings", (f"Qua kiểm tra, còn phải khắc phục: {_joined(told, 'tồn tại')}.",)
        )


def helping(order: Order) -> Iterator[Sentence]:
    """Which units help which."""
    found = _rows(
        order, "SELECT other_code, other_on, unit_code, unit_on, what FROM direction.pairing"
        f" WHERE {_KNOWN} AND valid_from <= %(last)s AND (valid_to IS NULL OR valid_to >= %(last)s)"
        " ORDER BY valid_from, thing_no",
    )  # fmt: skip
    told = [
        f"{_lower(places.unit_of(helper, on))} giúp {_lower(p)} ({what[:1].lower()}{what[1:].rstrip('.')})"
        for p, helper, on, what in _below(order, found)
    ]
    if told:
        yield Sentence("4.helping", (f"Các cặp giúp nhau: {_joined(told, 'cặp')}.",))


def commended(order: Order) -> Iterator[Sentence]:
    """Which units were commended in the period."""
    found = _rows(
        order, "SELECT DISTINCT unit_code, unit_on FROM direction.commendation"
        f" WHERE (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date {_PERIOD} AND at <= coalesce(%(known)s, at) ORDER BY 1",
    )  # fmt: skip
    told = [_lower(p) for (p,) in _below(order, found)]
    if told:
        yield Sentence(
            "6.commended_units", (f"Đơn vị được biểu dương: {_joined(told, 'đơn vị')}.",)
        )


def _below(order: Order, found: Iterable[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    """Rows of the report's unit and what lies in it: the unit, then the rest of the row."""
    for code, on, *rest in found:
        if _depth(order, code, on) is not None:
            yield places.unit_of(code, on), *rest


def _depth(order: Order, code: str, on: dt.date) -> int | None:
    """How far below the report's unit it lies on the last day; None outside it."""
    path = belonging.above(code, on, order.asked.last)
    return len(path) - 1 - path.index(order.unit) if order.unit in path else None


def _joined(told: Sequence[str], noun: str) -> str:
    more = len(told) - NAMED
    return "; ".join(told[:NAMED]) + (f"; và {more} {noun} khác" if more > 0 else "")


def _rows(order: Order, sql: str) -> list[Any]:
    asked = order.asked
    given = {"unit": order.unit, "first": asked.first, "last": asked.last, "known": asked.known}
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())


def _name(order: Order) -> str:
    return order.tree.get(order.unit).full_name


def _lower(place: Place) -> str:
    return f"{place.name[:1].lower()}{place.name[1:]}"


def _day(day: dt.date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "–"


def _vi(lazy: Any) -> str:
    """Official papers are in Vietnamese, whatever the page is in."""
    with translation.override("vi"):
        return str(lazy)


ANNEXES = [annexes]
SENTENCES = [("1", inspected), ("3", findings), ("4", helping), ("6", commended)]
