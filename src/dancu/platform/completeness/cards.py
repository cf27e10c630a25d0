"""The auditor's card: whether yesterday's answers all have their line."""

from __future__ import annotations

from typing import Any

from dancu.platform.completeness import reading
from dancu.platform.ui.cards import Card


def state(request: Any) -> dict[str, Any]:
    """The newest comparison."""
    del request
    return {"run": next(iter(reading.days(most=1)), None)}


CARDS = [Card("completeness/card.html", state, right="audit.read", order=20)]
