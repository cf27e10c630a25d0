"""What falls short on a day: each figure of each unit held against its targets, and what is missing in the books.

A share of few records is not judged, and neither is a figure that does not exist: such a thing is neither a new
shortcoming nor the end of an old one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from dancu.engine.report.indicators import Asked, Figure, Indicator
from dancu.kit import line
from dancu.kit.reports import counting, indicators, targets
from dancu.reference import units
from dancu.reference.terms import term
from dancu.sectors.direction import places
from dancu.sectors.direction.places import Place
from dancu.sectors.direction.shortcomings import kinds

FEW_CHECKS = 1000
"""Of fewer checks of the line nothing is said: less than a day of them."""
Key = tuple[str, dt.date, str, str]


@dataclass(frozen=True)
class Found:
    """A shortcoming as of a day. `gap` in records; `distance` says whether it became worse."""

    place: Place
    kind: str
    subject: str
    title: str
    gap: int
    distance: Decimal
    indicator: str = ""
    indicator_version: int | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    target_id: str = ""
    target: Decimal | None = None
    comparison: str = ""
    gap_new: int | None = None
    task_no: int | None = None

    @property
    def key(self) -> Key:
        """What makes it the same one in the next check."""
        return (*self.place.key, self.kind, self.subject)


@dataclass
class Seen:
    """Everything found; `unjudged`: about what nothing can be said."""

    found: dict[Key, Found] = field(default_factory=dict)
    unjudged: set[Key] = field(default_factory=set)

    def add(self, one: Found) -> None:
        """Add it."""
        self.found[one.key] = one


def look(*, province: str, asked: Asked, full: bool, at: dt.datetime) -> Seen:
    """What the units of the province fall short of; `full`: also in figures and the line, not in the books alone."""
    seen, on = Seen(), asked.last
    tree = units.on(max(on, units.FIRST_DAY))
    codes = [c for c, u in tree.by_code.items() if province in (c, u.province_code)]
    here = {code: places.unit_of(code, on) for code in codes}
    bearers = [p for p in here.values() if p.level == "district"] or list(here.values())
    for one in (*_books(bearers, on), *_late(on, set(here))):
        seen.add(one)
    if full:
        _figures(seen, here, asked)
        _line(seen, here[province], on, at)
    return seen


def _figures(seen: Seen, here: dict[str, Place], asked: Asked) -> None:
    for code, indicator in indicators().items():
        bound = [c for c in here if targets.of(code, c, on=asked.last)]
        if not bound:
            continue
        for unit, figure in counting.figures(code, asked, units=bound).items():
            _judge(seen, indicator, here[unit], figure, asked.last)


def _judge(seen: Seen, indicator: Indicator, place: Place, figure: Figure, on: dt.date) -> None:
    few = figure.measure in ("share", "mean") and figure.denominator < max(1, indicator.few)
    told = targets.distances(indicator.code, figure, on=on)
    if few or any(d.reached is None for d in told):
        seen.unjudged.add((*place.key, kinds.MISSED, indicator.code))
        return
    missed = [d for d in told if not d.reached]
    if missed:
        hardest = max(missed, key=lambda d: _away(figure, d.target.value))
        seen.add(_missed(indicator, place, figure, hardest))


def _missed(
    indicator: Indicator, place: Place, figure: Figure, distance: targets.Distance
) -> Found:
    unit = "%" if figure.measure == "share" else ""
    value = figure.value
    printed = "" if value is None else f"{value:.{indicator.decimals}f}".replace(".", ",")
    goal = kinds.goal(distance.target.value, distance.target.comparison, unit)
    return Found(
        place, kinds.MISSED, indicator.code,
        f"{indicator.name_vi}: {printed}{unit}, mục tiêu {goal}",
        distance.convert, _away(figure, distance.target.value), indicator.code, indicator.version,
        figure.numerator, figure.denominator, distance.target.target_id, distance.target.value,
        distance.target.comparison, distance.fresh,
    )  # fmt: skip


def _away(figure: Figure, target: Decimal) -> Decimal:
    """How far the unrounded figure is from the target."""
    if figure.measure in ("count", "sum"):
        return abs(figure.numerator - target)
    times = 100 if figure.measure == "share" else 1
    return round(abs(times * figure.numerator / figure.denominator - target), 6)


def _books(bearers: list[Place], on: dt.date) -> Iterator[Found]:
    """What each of them must have: a plan and money for the year, a full-time IT officer; and its vacant posts."""
    due = on >= term("plan_of_year", on=on).of_year(on.year)
    planned = _units(
        "SELECT unit_code FROM direction.plan WHERE known_to IS NULL AND year = %s AND issued_on <= %s", on
    )  # fmt: skip
    paid = _units(
        "SELECT unit_code FROM direction.budget WHERE known_to IS NULL AND year = %s AND decided_on <= %s", on
    )  # fmt: skip
    staffed, vacant = _posts(on)
    for place in bearers:
        if due and place.unit_code not in planned:
            yield _one(place, kinds.NO_PLAN, "", f"Chưa ban hành kế hoạch Đề án 06 năm {on.year}")
        if due and place.unit_code not in paid:
            yield _one(
                place, kinds.NO_BUDGET, "", f"Chưa bố trí kinh phí thực hiện Đề án 06 năm {on.year}"
            )
        own = vacant.get(place.unit_code, {})
        if place.unit_code not in staffed:
            said = "Chưa có cán bộ chuyên trách công nghệ thông tin"
            yield _one(place, kinds.VACANT, "it_officer", said, own.pop("it_officer", 1))
        for kind, n in own.items():
            yield _one(place, kinds.VACANT, kind, f"Vị trí còn khuyết: {_POSTS[kind]}", n)


_POSTS = {
    "it_officer": "cán bộ công nghệ thông tin",
    "project06_officer": "cán bộ theo dõi Đề án 06",
    "security_officer": "cán bộ an toàn thông tin",
}


def _posts(on: dt.date) -> tuple[set[str], dict[str, dict[str, int]]]:
    """Units with a full-time IT officer; unit → kind of post → how many are vacant."""
    staffed, vacant = set[str](), dict[str, dict[str, int]]()
    rows = _rows(
        "SELECT unit_code, kind, state = 'filled' AND full_time, count(*) FILTER (WHERE state = 'vacant')"
        " FROM direction.post WHERE known_to IS NULL AND valid_from <= %s AND coalesce(valid_to, %s) >= %s"
        " GROUP BY 1, 2, 3",
        [on, on, on],
    )
    for unit, kind, full, n in rows:
        if full and kind == "it_officer":
            staffed.add(unit)
        if n:
            vacant.setdefault(unit, {})[kind] = n
    return staffed, vacant


def _late(on: dt.date, codes: set[str]) -> Iterator[Found]:
    """Tasks past their day; those that came from a shortcoming are that shortcoming, and no second one."""
    for no, unit, unit_on, title, due in _rows(
        "SELECT task_no, unit_code, unit_on, title, due_on FROM direction.task"
        " WHERE state = 'open' AND due_on < %s AND origin_kind <> 'shortcoming' ORDER BY task_no",
        [on],
    ):
        if unit in codes:
            said = f"Nhiệm vụ quá hạn {due:%d/%m/%Y}: {title}"
            place = places.unit_of(unit, unit_on)
            yield Found(place, kinds.LATE, str(no), said, 1, Decimal((on - due).days), task_no=no)


def _line(seen: Seen, province: Place, on: dt.date, at: dt.datetime) -> None:
    """The line to the national side in the month of the day, as far as it was measured."""
    days = (timezone.localdate(at) - on.replace(day=1)).days + 1
    month = line.days(last=days, at=at) if 0 < days < 100 else []
    held = [d for d in month if on.replace(day=1) <= d.begin <= on]
    good, made = sum(d.good for d in held), sum(d.checks for d in held)
    if made < FEW_CHECKS:
        seen.unjudged.add((*province.key, kinds.LINK, ""))
    elif good < made * (least := line.goal(on=on.replace(day=1))):
        share = f"{100 * good / made:.2f}".replace(".", ",")
        goal = f"{100 * least:.1f}".replace(".", ",")
        seen.add(
            Found(
                province, kinds.LINK, "", f"Kết nối thông suốt {share}% số lần kiểm tra, mục tiêu từ {goal}% trở lên",
                made - good, Decimal(made - good) / made, numerator=Decimal(good), denominator=Decimal(made),
            )
        )  # fmt: skip


def _one(place: Place, kind: str, subject: str, title: str, gap: int = 1) -> Found:
    return Found(place, kind, subject, title, gap, Decimal(gap))


def _units(sql: str, on: dt.date) -> set[str]:
    return {row[0] for row in _rows(sql, [on.year, on])}


def _rows(sql: str, given: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()
