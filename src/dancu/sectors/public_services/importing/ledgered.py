"""Every import goes into the ledger: who, when, from where, and the sums of the files."""

from __future__ import annotations

from dancu.kit.ledger import Kind

KINDS = [
    Kind("dossier_import.1", table="services.import", key="import_no", at="at", columns=(
        "import_no", "at", "by", "source", "files", "rows", "turns", "added", "changed", "unchanged", "bad", "reasons",
    )),
]  # fmt: skip
