"""Every act on a review of a procedure goes into the ledger."""

from __future__ import annotations

from dancu.kit.ledger import Kind

KINDS = [
    Kind("procedure_review.1", table="services.review_act", key="act_no", at="at", columns=(
        "act_no", "review_no", "event_id", "action", "state_before", "state_after", "at", "by", "reason", "detail",
    )),
]  # fmt: skip
