"""Extraordinary access in the ledger: what was opened, by whom, why, until when; its early end is written later."""

from __future__ import annotations

from dancu.platform.ledger.kinds import Kind

KINDS = [
    Kind(
        "extraordinary.1", "access.extraordinary", "id",
        ("id", "user_id", "kind", "target", "units", "reason", "valid_from", "valid_until"),
        at="valid_from",
    ),
]  # fmt: skip
