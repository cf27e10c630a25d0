"""The one door to a person, for sectors."""

from __future__ import annotations

from dancu.platform.register.door import (
    Citizen,
    Member,
    NoCitizen,
    access_citizen,
    access_household,
)
from dancu.platform.register.words_of import worded

__all__ = [
    "Citizen",
    "Member",
    "NoCitizen",
    "access_citizen",
    "access_household",
    "worded",
]
