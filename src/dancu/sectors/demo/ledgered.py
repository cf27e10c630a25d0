"""Every step goes into the ledger."""

from __future__ import annotations

from dancu.kit.ledger import Kind

KINDS = [
    Kind(
        "demo_step.1", "demo_step", "id",
        ("id", "card_id", "event_id", "action", "state_after", "reason", "by", "at"), at="at",
    ),
]  # fmt: skip
