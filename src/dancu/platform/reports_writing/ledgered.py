"""What was counted, changed and issued, in the ledger; of the text of a report its hash."""

from __future__ import annotations

from dancu.platform.ledger.kinds import Kind

KINDS = [
    Kind(
        "report_version.1", "reports_writing_version", "id",
        ("id", "key", "number", "unit_code", "first", "last", "sha256", "at", "by"), at="at",
    ),
    Kind(
        "report_edit.1", "reports_writing_edit", "id",
        ("id", "key", "sentence", "before", "text", "reason", "typed", "lost", "at", "by"), at="at",
    ),
    Kind(
        "report_issue.1", "reports_writing_issue", "id",
        ("id", "key", "number", "day", "signer", "sha256", "at", "by"), at="at",
    ),
]  # fmt: skip
