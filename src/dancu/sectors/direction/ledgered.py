"""Every act on a task or on an entry of a book goes into the ledger, and every paper by its fingerprint."""

from __future__ import annotations

from dancu.kit.ledger import Kind

KINDS = [
    Kind("direction_act.1", table="direction.act", key="act_no", at="at", columns=(
        "act_no", "book", "thing_no", "unit_code", "unit_on", "event_id", "action", "state", "due_on", "finished_on",
        "at", "by", "reason", "detail",
    )),
    Kind("direction_paper.1", table="direction.paper", key="paper_no", at="at", columns=(
        "paper_no", "book", "thing_no", "unit_code", "unit_on", "kind", "sha256", "at", "by",
    )),
]  # fmt: skip
