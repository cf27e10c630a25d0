"""What a day's comparison found goes into the ledger: nobody takes a gap back."""

from __future__ import annotations

from dancu.platform.ledger.kinds import Kind

KINDS = [
    Kind(
        "completeness.1",
        table="completeness.run",
        key="run_no",
        columns=(
            "run_no", "at", "by", "on_day", "answers", "persons", "lists", "sealed", "lines", "unseen", "receipts",
            "gaps", "database_audit",
        ),
    )
]  # fmt: skip
