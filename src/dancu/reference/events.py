"""Kinds of life events, with their names and the law each stands on (acts and articles are general knowledge).

`stated`: a list or an officer can tell of it; the others are found by comparing.

>>> event_kinds()["card_lost"].name_vi
'Báo mất thẻ căn cước'
>>> "unit_change" in stated_kinds()
False
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from dancu.reference.loader import rows


@dataclass(frozen=True, slots=True)
class EventKind:
    """One kind of event in a person's life, or in that of a unit."""

    kind: str
    stated: bool
    name_vi: str
    name_en: str
    law: str


@cache
def event_kinds() -> dict[str, EventKind]:
    """All kinds by their code, in the order of the table."""
    return {
        r["kind"]: EventKind(r["kind"], r["stated"] == "yes", r["name_vi"], r["name_en"], r["law"])
        for r in rows("event_kinds.csv")
    }


@cache
def stated_kinds() -> tuple[str, ...]:
    """Kinds that a list of events may state, as `lookups.event_kind` of its source translates them."""
    return tuple(kind.kind for kind in event_kinds().values() if kind.stated)
