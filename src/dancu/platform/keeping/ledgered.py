"""Every purge is an entry: how many rows went, by which law, and a commitment to which they were."""

from __future__ import annotations

from dancu.platform.ledger.kinds import Kind

KINDS = [
    Kind(
        "purge.1", "keeping.purge", "purge_no",
        ("purge_no", "at", "by", "table_name", "law", "cutoff", "count", "digest", "erasure_no"),
    )
]  # fmt: skip
