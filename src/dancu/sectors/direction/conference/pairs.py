"""Who could help whom: of one figure, the best units of a level beside the weakest that nobody helps yet.

The review of June 2024 asks to help units that do poorly and to exchange experience; who is paired with whom is decided
by people, this only says whom the figure puts first. A unit of few records is proposed on neither side.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import connection

from dancu.engine.report.indicators import Asked, reaches
from dancu.engine.report.ranking import Ranked, ranking
from dancu.kit.reports import counting, get, targets
from dancu.sectors.direction.places import Place

MOST = 5
"""Pairs that are proposed at once: each is work for two units."""


@dataclass(frozen=True)
class Pair:
    """A strong unit and a weak one, with where each stands."""

    helper: Place
    helped: Place
    best: Ranked
    weakest: Ranked


def proposed(code: str, own: list[Place], *, asked: Asked) -> list[Pair]:
    """The best helps the weakest, the second the second weakest, and so on; each unit once.

    Weak is who lies in the lower half and misses a target (where it has one); strong is who lies in the upper half
    with a better figure. Who gives or takes help for this figure on the last day already is left out.
    """
    indicator, places = get(code), {p.unit_code: p for p in own}
    found = ranking(indicator, counting.figures(code, asked, units=list(places)).values()).ranked
    giving, taking = _paired(code, asked.last)
    half = len(found) // 2
    strong = _free(found[:half], giving)
    weak = [r for r in _free(reversed(found[half:]), taking) if _misses(code, r, asked.last)]
    return [
        Pair(places[_unit(best)], places[_unit(weakest)], best, weakest)
        for best, weakest in zip(strong, weak, strict=False) if best.rank < weakest.rank
    ][:MOST]  # fmt: skip


def _free(found: Iterable[Ranked], busy: Collection[str]) -> list[Ranked]:
    return [r for r in found if _unit(r) not in busy]


def _unit(one: Ranked) -> str:
    return one.figure.unit_code or ""


def _misses(code: str, one: Ranked, on: dt.date) -> bool:
    bound = targets.of(code, _unit(one), on=on)
    return not bound or any(reaches(one.figure, t.value, t.comparison) is False for t in bound)


def _paired(code: str, on: dt.date) -> tuple[set[str], set[str]]:
    """Who helps and who is helped for the figure on the day, of the pairs that the asker may see."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit_code, other_code FROM direction.pairing WHERE known_to IS NULL AND indicator = %s"
            " AND valid_from <= %s AND (valid_to IS NULL OR valid_to >= %s)", [code, on, on],
        )  # fmt: skip
        rows = cursor.fetchall()
    return {helper for helper, _helped in rows}, {helped for _helper, helped in rows}
