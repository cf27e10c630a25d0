"""What was taken in at a counter, and each check of an identity, goes into the ledger."""

from __future__ import annotations

from dancu.kit.ledger import Kind

KINDS = [
    Kind("counter_filing.1", table="services.counter_filing", key="dossier_no", at="at", columns=(
        "dossier_no", "at", "by", "parts", "filer_name", "relation", "consent", "consent_note", "ticket_no",
    )),
    Kind("identity_check.1", table="services.identity_check", key="check_no", at="at", columns=(
        "check_no", "dossier_no", "at", "by", "state", "source", "question", "receipt", "note",
    )),
]  # fmt: skip
