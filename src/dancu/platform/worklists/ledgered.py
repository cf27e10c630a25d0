"""What was done to tasks, and the evidence, in the ledger; of a photo its hash."""

from __future__ import annotations

from dancu.platform.ledger.kinds import Kind

KINDS = [
    Kind(
        "task_step.1", "worklists_taskstep", "id",
        ("id", "task_id", "event_id", "action", "state_before", "state_after", "at", "by", "reason", "detail"),
        at="at",
    ),
    Kind(
        "evidence.1", "worklists_evidence", "id",
        ("id", "task_id", "event_id", "kind", "size", "sha256", "by", "at"), at="at",
    ),
]  # fmt: skip
