"""Every enrolment goes into the ledger."""

from __future__ import annotations

from dancu.kit.ledger import Kind

KINDS = [
    Kind("insured_child.1", table="health_insurance.child", key="child_no", at="at", columns=(
        "child_no", "event_id", "citizen", "unit_code", "dossier", "valid_from", "valid_to", "by", "at",
    )),
]  # fmt: skip
