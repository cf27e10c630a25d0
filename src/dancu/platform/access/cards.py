"""What the home page tells everybody: who you are, your units and rights; and the auditor: the notices."""

from __future__ import annotations

from typing import Any

from dancu.platform.access import rights, territory
from dancu.platform.access.models import Notice
from dancu.platform.ui.cards import Card


def who(request: Any) -> dict[str, Any]:
    """The grants of today with the number of communes that each opens."""
    day = territory.register_day()
    grants = [
        {"grant": grant, "communes": len(territory.of_grant(grant, on=day))}
        for grant in request.user.grants_today
    ]
    return {"grants": grants, "day": day}


def held(request: Any) -> dict[str, Any] | None:
    """The rights in words."""
    found = rights.rights_held(request.user)
    return {"rights": [(rights.name(r), scope) for r, scope in found.items()]} if found else None


def notices(request: Any) -> dict[str, Any]:
    """The newest ones."""
    del request
    return {"notices": list(Notice.objects.all()[:8])}


CARDS = [
    Card("access/card_who.html", who, order=10),
    Card("access/card_notices.html", notices, right="audit.read", order=95, wide=True),
    Card("access/card_rights.html", held, order=90),
]
