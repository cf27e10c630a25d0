"""The kinds that all apps declare, put into the database by `dancu migrate`."""

from __future__ import annotations

from dancu.platform.ledger.database import raw
from dancu.platform.ledger.kinds import Kind
from dancu.platform.ui.registry import collect
from dancu.store.ledger import installing


def declared() -> list[Kind]:
    """``KINDS`` of every app's ``ledgered.py``."""
    found: list[Kind] = collect("ledgered", "KINDS")
    return found


def install() -> dict[str, int]:
    """Triggers on all tables declared; rows taken in that were there before, by kind."""
    return installing.install(raw("owner"), declared())
