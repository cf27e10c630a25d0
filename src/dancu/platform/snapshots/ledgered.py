"""Each frozen report goes into the ledger; its files are bound by their hashes."""

from __future__ import annotations

from dancu.platform.ledger.kinds import Kind

KINDS = [
    Kind("report_snapshot.1", table="snapshots.snapshot", key="snapshot_no", at="at", columns=(
        "snapshot_no", "snapshot", "key", "unit_code", "first", "last", "known", "figures", "sha256", "pdf_sha256",
        "signed", "signer", "at", "by",
    )),
]  # fmt: skip
