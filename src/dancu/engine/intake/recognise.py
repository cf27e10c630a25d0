"""Whose list a sheet is, told by its headings (and a word in its name or title).

A heading that few sources have counts more than "Họ và tên"; a heading that the source does not
know counts against it; a source whose required columns are missing is out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from dancu.engine.intake.headings import OWN, UNDECLARED, Assignment, assign, thesaurus
from dancu.engine.spec import SectorSpec
from dancu.lib.text import fold

_UNREAD_COSTS: Final = 0.5
_NAMED_GAINS: Final = 3.0
_WORDS_GAIN: Final = 0.7
_LEAST: Final = 0.8
_APART: Final = 0.05
# Either way of writing a field satisfies a demand for it.
_INSTEAD: Final[dict[str, tuple[str, ...]]] = {
    "full_name": ("surname_middle", "given_name"),
    "personal_number": ("id_number",),
    "birth_date": ("birth_year_part", "birth_year_male"),
    "address": ("hamlet", "commune", "commune_code"),
}


@dataclass(frozen=True)
class Candidate:
    """A source that a sheet may belong to; `score` compares candidates of one sheet."""

    source: str
    score: float
    missing: tuple[str, ...]


def candidates(
    ways: Sequence[Sequence[str]], specs: Mapping[str, SectorSpec], around: str
) -> list[Candidate]:
    """Every source with its score, best first; `around`: file name, sheet name and titles."""
    known = {name: spec for name, spec in specs.items() if spec.recognised}
    rarity = _rarity(known)
    found = [_candidate(spec, ways, rarity, fold(around)) for spec in known.values()]
    return sorted(found, key=lambda c: (bool(c.missing), -c.score, c.source))


def chosen(found: Sequence[Candidate]) -> str | None:
    """The best source that has its required columns and a fair score, or None.

    None too where the next one is as good: headings that every list has tell no source.
    """
    fit = [one for one in found if not one.missing]
    if not fit or fit[0].score < _LEAST:
        return None
    tied = len(fit) > 1 and fit[0].score - fit[1].score < _APART
    return None if tied else fit[0].source


def missing_roles(spec: SectorSpec, given: Assignment) -> tuple[str, ...]:
    """Required roles that no column plays, not even in parts."""
    roles = {role for role, _ in given.values()}
    return tuple(
        role
        for role in spec.required
        if role not in roles and not roles.intersection(_INSTEAD.get(role, ()))
    )


def _candidate(
    spec: SectorSpec, ways: Sequence[Sequence[str]], rarity: Mapping[str, float], around: str
) -> Candidate:
    given = assign(ways, thesaurus(spec))
    gain = sum(
        rarity.get(role, 0.1) * score * (1.5 if score >= 0.95 * OWN else 1.0)
        for role, score in given.values()
        if score > UNDECLARED
    )
    unread = sum(
        bool(way) for at, way in enumerate(ways) if given.get(at, ("", 0))[1] <= UNDECLARED
    )
    score = gain - _UNREAD_COSTS * unread + _named(spec, around)
    return Candidate(spec.id, round(score, 3), missing_roles(spec, given))


def _named(spec: SectorSpec, around: str) -> float:
    """What the surroundings say: the source's id, or pairs of words of its Vietnamese name."""
    if fold(spec.id.replace("_", " ")) in around:
        return _NAMED_GAINS
    words = fold(spec.name_vi).split()
    pairs = {f"{a} {b}" for a, b in pairwise(words) if a != "danh"}
    return min(_NAMED_GAINS, _WORDS_GAIN * sum(pair in around for pair in pairs))


def _rarity(specs: Mapping[str, SectorSpec]) -> dict[str, float]:
    """How much a role tells: 0.1 where every source has it, more the fewer have it."""
    counts: dict[str, int] = {}
    for spec in specs.values():
        for role in spec.columns:
            counts[role] = counts.get(role, 0) + 1
    return {role: 0.1 + math.log(len(specs) / count) for role, count in counts.items()}
