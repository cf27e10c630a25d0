"""Every move of a dossier goes into the ledger."""

from __future__ import annotations

from dancu.kit.ledger import Kind

KINDS = [
    Kind("dossier_move.1", table="services.move", key="move_no", at="at", columns=(
        "move_no", "dossier_no", "event_id", "action", "status_before", "status_after", "at", "by", "role", "reason",
        "detail",
    )),
]  # fmt: skip
