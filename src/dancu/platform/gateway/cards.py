"""The home page of a verify-only installation says what it is, and how many of one's questions wait."""

from __future__ import annotations

from typing import Any

from dancu.platform.gateway import setup
from dancu.platform.gateway.breaker import OWNER
from dancu.platform.gateway.models import Question
from dancu.platform.ui.cards import Card


def content(request: Any) -> dict[str, Any] | None:
    """Nothing where the register is our own and nothing waits."""
    own = Question.objects.using(OWNER).filter(by=request.user.username, ending=None).count()
    return {"verify_only": setup.verify_only(), "waits": own} if setup.verify_only() or own else None  # fmt: skip


CARDS = [Card("gateway/card.html", content, order=5)]
