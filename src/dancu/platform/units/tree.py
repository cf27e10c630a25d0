"""The tree of units with scores, as far as the user may see them."""

from __future__ import annotations

from dataclasses import dataclass, field

from dancu.platform.units import figures
from dancu.platform.units.asked import Asked
from dancu.platform.units.figures import Scored
from dancu.reference.units import Unit


@dataclass
class Branch:
    """A unit, its scores (none where the user may not see them), and the units below it."""

    unit: Unit
    scores: dict[str, Scored]
    below: list[Branch] = field(default_factory=list)
    uncertain: bool = False

    @property
    def index(self) -> Scored | None:
        """All criteria together."""
        return self.scores.get("*")

    @property
    def cells(self) -> list[Scored | None]:
        """The five criteria in the order of the house."""
        return [self.scores.get(c) for c in figures.CRITERIA[1:]]

    @property
    def size(self) -> int:
        """Communes in it."""
        return sum(b.size for b in self.below) if self.below else 1


def branches(found: Asked) -> tuple[list[Branch], list[Branch]]:
    """The province that the register is of, and the others in which somebody lives."""
    made = [b for b in (_branch(found, unit) for unit in figures.provinces(found.figures)) if b]
    return made[:1], made[1:]


def _branch(found: Asked, unit: Unit) -> Branch | None:
    """None for a unit in which the user sees nothing."""
    if unit.level == "commune":
        scores = dict(found.figures.of(unit.code)) if found.sight.sees(unit.code) else {}
        uncertain = unit.code in found.figures.unknown
        return Branch(unit, scores, uncertain=uncertain) if scores else None
    below = [b for b in (_branch(found, c) for c in found.tree.children(unit.code)) if b]
    if not below:
        return None
    scores = dict(found.figures.of(unit.code)) if found.sight.sees(unit.code) else {}
    return Branch(unit, scores, sorted(below, key=lambda b: b.unit.code))
