"""A pair's evidence step by step: from two records taken at random to the probability that they are one person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

from dancu.engine.link.explain import Evidence
from dancu.engine.link.settings import LinkSettings

_SEEN = 0.05
"""Bits: half of what is shown; a smaller correction is no step."""


@dataclass(frozen=True)
class Step:
    """`weight` bits added and the running `total` after it.

    `kind`: prior, evidence (of comparison `name` at `level`), cap (of group `name`, `level` empty) or rivals.
    `frequency`: share of people who have what is shared.
    """

    kind: str
    name: str
    level: str
    weight: float
    total: float
    frequency: float | None = None


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
    steps = [Step("prior", "", "", prior, prior)]
    for e in sorted(evidence, key=lambda e: (-abs(e.weight), e.comparison)):
        steps.append(_after(steps, "evidence", e.comparison, e.level, e.weight, e.frequency))
    for group, excess in _excess(evidence, settings).items():
        steps.append(_after(steps, "cap", group, "", -excess))
    if odds is not None and abs(odds - steps[-1].total) >= _SEEN:
        steps.append(_after(steps, "rivals", "", "", odds - steps[-1].total))
    return tuple(steps)


def _after(
    steps: Sequence[Step],
    kind: str,
    name: str,
    level: str,
    weight: float,
    frequency: float | None = None,
) -> Step:
    return Step(kind, name, level, weight, steps[-1].total + weight, frequency)


def _excess(evidence: Sequence[Evidence], settings: LinkSettings) -> Mapping[str, float]:
    """For each group of comparisons the bits beyond its cap."""
    group_of = {c.name: c.group for c in settings.comparisons}
    sums: dict[str, float] = {}
    for e in evidence:
        if group_of.get(e.comparison):
            sums[group_of[e.comparison]] = sums.get(group_of[e.comparison], 0.0) + e.weight
    beyond = {group: total - settings.caps.get(group, inf) for group, total in sums.items()}
    return {group: excess for group, excess in beyond.items() if excess > 0}
