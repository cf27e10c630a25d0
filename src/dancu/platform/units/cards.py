"""The card of the home page for those who lead or oversee and have no tasks of their own: the score of their unit.

Whoever works on tasks has the worklist's card; computing scores on every visit would make their home page slow.
"""

from __future__ import annotations

from typing import Any

from dancu.platform.access.rights import has_right
from dancu.platform.ui.cards import Card
from dancu.platform.units import figures
from dancu.platform.units.asked import CRITERION_NAMES
from dancu.platform.units.territory import sight
from dancu.reference import units


def score(request: Any) -> dict[str, Any] | None:
    """The unit of the user's grant, or the province where the right covers everything; None while nothing is known."""
    if has_right(request.user, "task.work") or figures.register_day() is None:
        return None
    told = figures.now()
    seen = sight(request.user, told.units_on)
    tree = units.on(told.units_on)
    mine = [tree.find(g.unit_code) for g in request.user.grants_today if g.unit_code]
    here = next((u for u in mine if u and seen.sees(u.code)), None) or figures.home_province(told)
    scores = told.of(here.code) if here and seen.sees(here.code) else {}
    if here is None or "*" not in scores:
        return None
    below = [told.of(c.code).get("*") for c in tree.communes_of(here.code)]
    return {
        "unit": here, "on": told.on, "index": scores["*"],
        "lines": [(CRITERION_NAMES[c], scores.get(c)) for c in figures.CRITERIA[1:]],
        "communes": sum(1 for s in below if s),
        "behind": sum(1 for s in below if s and s.state != "good"),
    }  # fmt: skip


CARDS = [Card("units/card.html", score, right="score.view", order=8)]
