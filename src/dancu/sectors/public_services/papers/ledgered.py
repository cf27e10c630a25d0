"""Every paper and every opening of one goes into the ledger; the bytes are bound by their hash."""

from __future__ import annotations

from dancu.kit.ledger import Kind

KINDS = [
    Kind("paper.1", table="services.paper", key="paper_no", at="at", columns=(
        "paper_no", "paper", "dossier_no", "move_no", "kind", "proves", "number", "title", "unit_code", "at", "by",
        "sha256", "size", "signed",
    )),
    Kind("paper_opening.1", table="services.paper_opening", key="opening_no", at="at", columns=(
        "opening_no", "paper", "at", "by", "citizen",
    )),
]  # fmt: skip
