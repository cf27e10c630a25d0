"""Cards of the home page: an app declares ``CARDS`` in its own ``cards.py``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dancu.platform.access.rights import has_right
from dancu.platform.ui.registry import collect


@dataclass(frozen=True)
class Card:
    """``content(request)`` gives the context of ``template``, or None when there is nothing to show."""

    template: str
    content: Callable[[Any], dict[str, Any] | None]
    right: str | None = None
    order: int = 50
    wide: bool = False


CARDS: list[Card] = []
"""The frame itself has none."""


def shown(request: Any) -> list[dict[str, Any]]:
    """The cards that this user may see and that have something to say."""
    found: list[dict[str, Any]] = []
    closed: frozenset[str] = getattr(request, "closed_apps", frozenset())
    for card in sorted(collect("cards", "CARDS"), key=lambda c: c.order):
        if card.right and not has_right(request.user, card.right):
            continue
        if card.template.partition("/")[0] in closed:
            continue
        content = card.content(request)
        if content is not None:
            found.append({"card": card, "template": card.template, "content": content})
    return found
