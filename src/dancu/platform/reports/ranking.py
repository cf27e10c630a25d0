"""The units of a level below a unit in order of a figure; all of them, also those without a record."""

from __future__ import annotations

import datetime as dt

from dancu.engine.report.indicators import Asked
from dancu.engine.report.ranking import Apart, Ranked, Ranking, wilson
from dancu.engine.report.ranking import ranking as ranked
from dancu.platform.reports import counting, registry
from dancu.reference.units import Level

__all__ = ["Apart", "Ranked", "Ranking", "below", "wilson"]


def below(
    code: str,
    asked: Asked,
    *,
    root: str,
    level: Level,
    of: dt.date | None = None,
    using: str = "default",
) -> Ranking:
    """The units of `level` under `root` in the tree of the day `of` (None: of the last day asked for)."""
    tree = counting.units_on(of or asked.last)
    inside = {
        "province": tree.provinces, "district": tree.districts, "commune": tree.communes,
    }[level]  # fmt: skip
    codes = [u.code for u in inside if root in {above.code for above in tree.path(u.code)}]
    found = counting.figures(code, asked, units=codes, of=of, using=using)
    return ranked(registry.get(code), found.values())
