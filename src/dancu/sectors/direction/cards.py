"""The card of the home page: what is due, late, waiting for acceptance, and what came up from below."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from dancu.kit.web import Card
from dancu.sectors.direction import reading, workflow


def _content(request: Any) -> dict[str, Any] | None:
    del request
    on = timezone.localdate()
    every = [t for t in reading.tasks(on=on) if t.state not in workflow.CLOSED]
    open_ = [t for t in every if t.state == workflow.OPEN]
    return {
        "open": len(open_),
        "soon": sum(0 <= t.days_left(on=on) <= 3 for t in open_),
        "late": sum(t.is_late(on=on) for t in open_),
        "waiting": len(every) - len(open_),
    }


CARDS = [Card("direction/card.html", _content, right="direction.view", order=20)]
