"""Duplicates on the home page."""

from __future__ import annotations

from typing import Any

from dancu.platform.duplicates import queue, services, shown
from dancu.platform.ui.cards import Card


def left(request: Any) -> dict[str, Any]:
    """How many pairs are left, how many were concluded today, what waits for a second officer."""
    waiting = services.waiting()
    return {
        "progress": shown.progress(request.user, queue.Filters()),
        "mine": sum(row["by"] == request.user.username for row in waiting),
        "yours": sum(services.may_confirm(row, request.user) for row in waiting),
    }


CARDS = [Card("duplicates/card.html", left, right="duplicate.judge", order=30)]
