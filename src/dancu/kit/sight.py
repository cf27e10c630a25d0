"""Whose figures somebody may look at by a right: of everybody, or of the communes of the own grants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dancu.platform.access import territory
from dancu.reference.rights import rights_of


@dataclass(frozen=True)
class Sight:
    """`everything`: the right holds everywhere; `communes`: of the grants, on the register's day."""

    everything: bool
    communes: frozenset[str]


def sight(user: Any, right: str) -> Sight:
    """What the user's grants of today open by this right."""
    held = [
        (grant, entry)
        for grant in user.grants_today
        for entry in rights_of(grant.role)
        if entry.right == right
    ]
    own = frozenset(code for grant, _entry in held for code in territory.of_grant(grant))
    return Sight(any(entry.scope == "all" for _grant, entry in held), own)
