"""Every transfer, and what became of it, goes into the ledger."""

from __future__ import annotations

from dancu.kit.ledger import Kind

KINDS = [
    Kind("service_payment.1", table="services.payment", key="payment_no", at="at", columns=(
        "payment_no", "transaction", "bill", "dossier_no", "memo", "amount", "paid_at", "told_by", "outcome", "at",
    )),
]  # fmt: skip
