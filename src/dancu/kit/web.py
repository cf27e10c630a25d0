"""Pages, rights and territory for sectors: what of the platform a sector's screens stand on."""

from __future__ import annotations

from dancu.platform.access.pages import page, public
from dancu.platform.access.rights import Refused, check_right, has_right
from dancu.platform.access.sql import policy
from dancu.platform.access.sql import territory as own_territory
from dancu.platform.access.territory import communes, full_name, register_day
from dancu.platform.events import limits
from dancu.platform.ui.cards import Card
from dancu.platform.ui.nav import Item, Offer

__all__ = [
    "Card", "Item", "Offer", "Refused", "check_right", "communes", "full_name", "has_right",
    "is_within_limit", "own_territory", "page", "policy", "public", "register_day",
]  # fmt: skip


def is_within_limit(name: str, a_minute: int) -> bool:
    """Whether this caller has not called more often than so in this minute; counts the call."""
    return limits.take(name, a_minute).passed
