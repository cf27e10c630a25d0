"""The figure that a short code stands for: frozen, issued, or of a report that is still being written.

Whoever has no right sees what is frozen or issued, and of few people nothing, also not as what is left of a whole.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import connections

from dancu.engine.report import suppression
from dancu.engine.report.content import FigureRef, Report
from dancu.engine.report.content_json import from_json
from dancu.engine.report.indicators import Asked, Figure, Indicator
from dancu.platform.reports_writing.models import Issue, Version
from dancu.platform.snapshots import kept, told
from dancu.reference import units
from dancu.reference.units import Unit, belonging


@dataclass(frozen=True)
class Found:
    """The figure in its report. `snapshot`: how it was frozen; `said`: the frozen file; `known`: as of which moment."""

    ref: FigureRef
    report: Report
    indicator: Indicator
    is_public: bool
    known: dt.datetime | None = None
    number: int | None = None
    snapshot: kept.Row | None = None
    said: Mapping[str, Any] | None = None

    @property
    def asked(self) -> Asked:
        """The question: of what is frozen as it was known then."""
        return replace(self.ref.asked, known=self.known) if self.snapshot else self.ref.asked

    @property
    def unit(self) -> Unit | None:
        """The unit of the day, or the one that was divided."""
        return unit_of(self.ref.unit, self.report.tree_day)

    @property
    def is_few(self) -> bool:
        """Whether it, or what other figures of the report leave of it, is of one to four people."""
        own = self.ref
        if any(
            suppression.is_few(n)
            for pair in _pairs(own.figure)
            for n in (*pair, abs(pair[1] - pair[0]))
        ):
            return True
        same = [
            r for r in self.report.figures.values() if (r.code, r.asked) == (own.code, own.asked)
        ]
        level = _level(own.unit, self.report.tree_day)
        if own.unit == self.report.unit:
            return any(_hidden(same, name, self.report).total for name in ("district", "commune"))
        return own.unit in _hidden(same, level, self.report).rows


def find(code: str, *, using: str = "default") -> Found | None:
    """What the code stands for; the latest frozen report before an issued one, that before one being written."""
    return (
        _frozen(code, using)
        or _written(code, Issue, public=True)
        or _written(code, Version, public=False)
    )


def unit_of(code: str, on: dt.date) -> Unit | None:
    """A unit of the day; of a line of what was divided, that unit."""
    return units.on(belonging.known(on)).find(code) or belonging.divided(code)


def _frozen(code: str, using: str) -> Found | None:
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT s.snapshot::text FROM snapshots.figure f JOIN snapshots.snapshot s USING (snapshot_no)"
            " WHERE f.short_code = %s ORDER BY s.snapshot_no DESC LIMIT 1",
            [code],
        )
        row = cursor.fetchone()
    found = kept.find(row[0], using=using) if row else None
    if found is None:
        return None
    number, snapshot = found
    said = told.unpacked(kept.file(number, using=using)[0])
    report = from_json(said["report"])
    ref = report.figures[code]
    indicator = told.indicator_of(said["definitions"][f"{ref.code}/{ref.version}"])
    return Found(ref, report, indicator, True, snapshot.known, number, snapshot, said)


def _written(code: str, kind: type[Issue] | type[Version], *, public: bool) -> Found | None:
    one = kind.objects.filter(body__figures__has_key=code).order_by("-id").first()
    if one is None:
        return None
    report = from_json(one.body)
    ref = report.figures[code]
    return Found(
        ref, report, kept.indicator(ref.code, ref.version, using="default"), public, one.at
    )


def _pairs(figure: Figure) -> list[tuple[int, int]]:
    """Counts of people: of sums and means the denominator alone."""
    bottom = int(figure.denominator)
    return [(int(figure.numerator) if figure.measure in ("share", "count") else bottom, bottom)]


def _hidden(same: list[FigureRef], level: str, report: Report) -> suppression.Hidden:
    rows = {r.unit: _pairs(r.figure) for r in same if _level(r.unit, report.tree_day) == level}
    return suppression.hidden(rows, total=any(r.unit == report.unit for r in same))


def _level(code: str, on: dt.date) -> str:
    found = unit_of(code, on)
    return found.level if found else ""
