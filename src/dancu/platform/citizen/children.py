"""A child for whom the citizen speaks: consents and requests, and of the child itself its name alone.

Border: the register says who is mother or father and the law until which age; each page that names a child is a line
in this child's log. Of a child that is grown, of somebody else's and of nobody the same is told: no such page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from dancu.platform.citizen.own import Own
from dancu.platform.consent import acting

PARENTS = ("mother", "father")


@dataclass(frozen=True)
class About:
    """Whom a page is about. `child`: its name and identifier, None: the citizen; `actor`: who speaks for it."""

    citizen_id: str
    actor: str | None = None
    child: dict[str, Any] | None = None


def about(own: Own, child: UUID | None) -> About:
    """The citizen, or the child of the address; Http404."""
    if child is None:
        return About(own.citizen_id)
    found = acting.my_child(citizen_id=child, on=timezone.localdate())
    if found is None:
        raise Http404
    return About(found["citizen_id"], own.citizen_id, found)


def speaks_for(own: Own, citizen_id: str) -> bool:
    """Whether this is a child of the citizen, today."""
    relation = acting.relation_of(actor=own.citizen_id, citizen_id=citizen_id, on=timezone.localdate())  # fmt: skip
    return relation in PARENTS
