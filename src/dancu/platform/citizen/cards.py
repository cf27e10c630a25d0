"""The auditor's card: what citizens have asked and nobody has answered."""

from __future__ import annotations

from typing import Any

from dancu.platform.citizen import questions
from dancu.platform.ui.cards import Card


def content(request: Any) -> dict[str, Any]:
    """How many wait, how many of them too long."""
    del request
    waiting = questions.waiting()
    return {"waiting": len(waiting), "late": sum(map(questions.late, waiting))}


CARDS = [Card("citizen/card.html", content, right="audit.read", order=94)]
