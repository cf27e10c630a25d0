"""An officer as a recorder of events: kinds and communes of the grants of today."""

from __future__ import annotations

from typing import Any

from dancu.engine.events import entered
from dancu.platform.access import extraordinary, territory
from dancu.platform.events import kinds
from dancu.platform.events.recording import Recorder
from dancu.reference.rights import rights_of


def recorder(user: Any, kind: str | None = None) -> Recorder:
    """What the user may record, and about the people of which communes (of `kind` when one is named)."""
    allowed = frozenset(k for k in entered.forms() if kinds.may_record(user, k))
    chosen = frozenset({kind}) & entered.forms().keys() or allowed
    wanted = {right for k in chosen if k for right in kinds.rights_of(k)}
    return Recorder(user.username, allowed, _communes(user, wanted))


def _communes(user: Any, wanted: set[str]) -> frozenset[str] | None:
    found: set[str] = set()
    for grant in user.grants_today:
        for held in rights_of(grant.role):
            if held.right in wanted:
                if held.scope == "all":
                    return None
                found |= territory.of_grant(grant)
    return frozenset(found) | extraordinary.units()
