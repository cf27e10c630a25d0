"""Lists made and revoked, keys given out, and every check made without a line go into the ledger."""

from __future__ import annotations

from dancu.platform.ledger.kinds import Kind

KINDS = [
    Kind(
        "offline_event.1", table="offline_event", key="id",
        columns=("id", "list_id", "at", "what", "by", "reason", "digest"),
    ),
    Kind("offline_release.1", table="offline_release", key="id", columns=("id", "list_id", "at", "by", "device")),
    Kind(
        "offline_check.1", table="offline_check", key="id", about="citizen_id",
        columns=("id", "list_id", "checked_at", "received_at", "by", "device", "told", "citizen_id", "receipt",
                 "conflicts"),
    ),
]  # fmt: skip
