"""What a unit is told about itself: its figures against their targets and a year before, its rank, its shortcomings.

One count of each indicator gives the figures of all units. Every text of a brief is made from what stands in it, so
that a brief that was kept reads as it did then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dancu.engine.report.indicators import Asked, Figure, Indicator, change
from dancu.engine.report.ranking import Ranked, Ranking, ranking
from dancu.kit.reports import counting, indicators, targets
from dancu.reference import units
from dancu.sectors.direction import reading as direction
from dancu.sectors.direction import workflow
from dancu.sectors.direction.places import Place
from dancu.sectors.direction.shortcomings import kinds
from dancu.sectors.direction.shortcomings import reading as shortcomings
from dancu.sectors.direction.shortcomings.period import Period

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Counted:
    """An indicator in all units, now and a year before, and the order of the units of each level."""

    indicator: Indicator
    now: Mapping[str, Figure]
    before: Mapping[str, Figure]
    ranked: Mapping[str, Ranking]


def contents(places: Sequence[Place], *, on: dt.date) -> dict[str, Content]:
    """The brief of each of these units as of a day."""
    asked = Period.of(on).asked(on)
    counted = _counted({p.unit_code for p in places}, asked)
    return {p.unit_code: _content(p, counted, asked) for p in places}


def _counted(wanted: set[str], asked: Asked) -> list[Counted]:
    """Of every indicator that has a target for one of the units: all of its level are counted, for the order."""
    tree, found = units.on(max(asked.last, units.FIRST_DAY)), []
    near = {tree.get(code).province_code or code for code in wanted if tree.find(code)}
    every = {c: u.level for c, u in tree.by_code.items() if c in near or u.province_code in near}
    for code, indicator in indicators().items():
        if not any(targets.of(code, unit, on=asked.last) for unit in wanted):
            continue
        now = counting.figures(code, asked, units=list(every))
        before = counting.figures(code, asked.year_before(), units=sorted(wanted), of=asked.last)
        found.append(Counted(indicator, now, before, _ranked(indicator, now, every)))
    return found


def _ranked(
    indicator: Indicator, now: Mapping[str, Figure], every: Mapping[str, str]
) -> dict[str, Ranking]:
    return {
        level: ranking(indicator, [now[c] for c, held in every.items() if held == level])
        for level in ("district", "commune")
    }


def _content(place: Place, counted: Iterable[Counted], asked: Asked) -> Content:
    own = shortcomings.of_unit(place)
    tasks = [
        t for t in direction.tasks(on=asked.last, unit=place.unit_code) if t.unit_on == place.unit_on
    ]  # fmt: skip
    open_ = [t for t in tasks if t.state == workflow.OPEN]
    return {
        "unit": place.unit_code, "name": place.name, "level": place.level,
        "first": asked.first.isoformat(), "last": asked.last.isoformat(),
        "figures": [
            line for one in counted if (line := _line(place, one, asked)) is not None
        ],
        "shortcomings": [
            {"no": s.shortcoming_no, "title": s.title, "kind": s.kind, "result": s.result, "cause": s.cause,
             "remedy": s.remedy, "due": s.task_due.isoformat() if s.task_due else ""}
            for s in own if s.closed_on is None
        ],
        "fixed": [
            {"no": s.shortcoming_no, "title": s.title, "on": s.closed_on.isoformat()}
            for s in own if s.result == "fixed" and s.closed_on and s.closed_on >= asked.first
        ],
        "tasks": {"open": len(open_), "late": sum(t.due_on < asked.last for t in open_)},
    }  # fmt: skip


def _line(place: Place, one: Counted, asked: Asked) -> Content | None:
    """A figure with its targets; None when no target binds the unit."""
    now, before = one.now[place.unit_code], one.before[place.unit_code]
    bound = targets.distances(one.indicator.code, now, on=asked.last)
    if not bound:
        return None
    moved, share = change(now, before), now.measure == "share"
    stands = one.ranked[place.level].of(place.unit_code) if place.level in one.ranked else None
    return {
        "code": one.indicator.code, "version": one.indicator.version,
        "name_vi": one.indicator.name_vi, "name_en": one.indicator.name_en,
        "numerator": str(now.numerator), "denominator": str(now.denominator),
        "points": None if moved.points is None else str(moved.points),
        "rank": [stands.rank, stands.of] if isinstance(stands, Ranked) else None,
        "few": share and 0 < now.denominator < one.indicator.few,
        "targets": [
            {"id": d.target.target_id, "by_vi": d.target.set_by_vi, "by_en": d.target.set_by_en,
             "goal": kinds.goal(d.target.value, d.target.comparison, "%" if share else ""),
             "reached": d.reached, "convert": d.convert, "fresh": d.fresh}
            for d in bound
        ],
    }  # fmt: skip
