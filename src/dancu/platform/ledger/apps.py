"""The app of the ledger."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Its tables are the store's; here are pages, the API, the hand-over and what is recorded in bulk."""

    name = "dancu.platform.ledger"
    label = "ledger"
