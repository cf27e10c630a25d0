"""Who is behind: communes by score with what they lack, and the rules by which a unit loses most."""

from __future__ import annotations

from dataclasses import dataclass

from dancu.platform.units import figures
from dancu.platform.units.asked import STATE_WORDS, Asked
from dancu.platform.units.figures import Gap, Scored
from dancu.reference.units import Unit
from dancu.rules import Rule, RuleError, get

WORST = 10
PAGE = 60


@dataclass(frozen=True)
class Line:
    """A commune of the list."""

    rank: int
    unit: Unit
    district: str
    index: Scored
    gap: Gap | None

    @property
    def word(self) -> object:
        """The colour in words."""
        return STATE_WORDS[self.index.state]

    @property
    def missing(self) -> float | None:
        """Points up to the next target."""
        return self.gap.target - self.index.score if self.gap and self.gap.target else None


def communes(found: Asked) -> list[Line]:
    """Communes that the user sees, the lowest score first; gaps are of today alone."""
    home = figures.home_province(found.figures)
    if home is None:
        return []
    mine = [u for u in found.tree.communes_of(home.code) if found.sight.sees(u.code)]
    scored = [(found.figures.of(u.code).get("*"), u) for u in mine]
    known = sorted(((s.score, u.code, s, u) for s, u in scored if s), key=lambda r: r[:2])
    current = found.on == found.today and found.figures.units_on == found.today
    gaps = figures.gaps(tuple(sorted(u.code for _, _, _, u in known))) if current else {}
    districts = {d.code: d.full_name for d in found.tree.districts}
    return [
        Line(n, unit, districts.get(unit.district_code, ""), index, gaps.get(unit.code))
        for n, (_, _, index, unit) in enumerate(known, start=1)
    ]


def totals(lines: list[Line]) -> dict[str, int]:
    """What the head of the list says."""
    return {
        "below": sum(1 for one in lines if one.index.state != "good"),
        "communes": len(lines),
        "records": sum((one.gap.records or 0) for one in lines if one.gap),
        "identifiers": sum(one.gap.identifiers for one in lines if one.gap),
    }


def rules(found: Asked, code: str) -> list[tuple[Rule, int, int]]:
    """Rules by failures in the unit, most first: rule, evaluated, failed."""
    rows = sorted(found.figures.rules_of(code).items(), key=lambda r: (-r[1][1], r[0]))
    named = []
    for rule, (evaluated, failed) in rows[:WORST]:
        if failed:
            try:
                named.append((get(rule), evaluated, failed))
            except RuleError:
                continue
    return named
