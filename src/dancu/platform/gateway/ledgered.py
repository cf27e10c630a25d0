"""Questions to the national service, how they ended, and what became of the line go into the ledger."""

from __future__ import annotations

from dancu.platform.ledger.kinds import Kind

KINDS = [
    Kind(
        "gateway_asked.1", table="gateway_asked", key="id", about="citizen_id",
        columns=("id", "number", "receipt", "at", "by", "role", "officer", "partner", "unit_code", "purpose",
                 "basis", "channel", "fields", "about", "citizen_id"),
    ),
    Kind(
        "gateway_answered.1", table="gateway_answered", key="id", about=None,
        columns=("id", "question_id", "at", "state", "result", "codes", "transaction", "reason", "tries"),
    ),
    Kind(
        "gateway_link.1", table="gateway_link_event", key="id", about=None,
        columns=("id", "at", "link", "what", "reason", "by"),
    ),
]  # fmt: skip
