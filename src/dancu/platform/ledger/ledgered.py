"""The ledger's own rows that are entries themselves: what was erased, what was read in bulk."""

from __future__ import annotations

from dancu.platform.ledger.kinds import Kind

KINDS = [
    Kind(
        "erasure.1", "ledger.erasure", "erasure_no",
        ("erasure_no", "at", "by", "law", "kind", "count", "leaves"), at="at",
    ),
    Kind(
        "bulk.1", "ledger.bulk", "bulk_no",
        ("bulk_no", "at", "by", "partner", "purpose", "basis", "what", "count", "set_root"), at="at",
    ),
]  # fmt: skip
