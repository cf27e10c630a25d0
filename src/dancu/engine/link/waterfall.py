"""A pair's evidence step by step: from two records taken at random to the probability that they are one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dancu.engine.link.explain import Evidence
from dancu.engine.link.settings import LinkSettings

_SEEN = 0.05
"""Bits: half of what is shown; a smaller correction is no step."""


@dataclass(frozen=True)
class Step:
    """`weight` bits added and the running `total` after it.

    `kind`: prior, evidence (of comparison `name` at `level`), group (comparisons that together reach the most that
    their group `name` may count; they are its `items`), or what the two lists say: lists (they hold the same people) or
    rivals (others of the same list fit as well). `frequency`: share of people who have what is shared.
    """

    kind: str
    name: str
    level: str
    weight: float
    total: float
    frequency: float | None = None
    items: tuple[Evidence, ...] = ()


def waterfall(
    evidence: Sequence[Evidence],
    prior: float,
    settings: LinkSettings,
    *,
    odds: float | None = None,
) -> tuple[Step, ...]:
    """The steps, the strongest evidence first; the last total is the log2 odds of one person.

    `odds`: log2 odds in force, where other records of the same list were weighed as well.
    """
    made = [Step("prior", "", "", prior, prior)]
    for step in _ordered(evidence, settings):
        made.append(replace(step, total=made[-1].total + step.weight))
    if odds is not None and abs(odds - made[-1].total) >= _SEEN:
        more = odds - made[-1].total
        made.append(Step("lists" if more > 0 else "rivals", "", "", more, odds))
    return tuple(made)


def _ordered(evidence: Sequence[Evidence], settings: LinkSettings) -> list[Step]:
    """A step for each comparison or group beyond its cap, the strongest first; totals still open."""
    strongest = sorted(evidence, key=lambda e: (-abs(e.weight), e.comparison))
    group_of = {c.name: c.group for c in settings.comparisons}
    capped = _capped(strongest, group_of, settings)
    steps = [
        Step("evidence", e.comparison, e.level, e.weight, 0.0, e.frequency)
        for e in strongest
        if group_of.get(e.comparison) not in capped
    ]
    steps += [
        Step("group", group, "", settings.caps[group], 0.0, items=items)
        for group, items in capped.items()
    ]
    return sorted(steps, key=lambda s: (-abs(s.weight), s.kind, s.name))


def _capped(
    evidence: Sequence[Evidence], group_of: Mapping[str, str], settings: LinkSettings
) -> dict[str, tuple[Evidence, ...]]:
    """The groups whose evidence weighs more than their cap."""
    found = {
        g: tuple(e for e in evidence if group_of.get(e.comparison) == g) for g in settings.caps
    }
    return {g: es for g, es in found.items() if sum(e.weight for e in es) > settings.caps[g]}
