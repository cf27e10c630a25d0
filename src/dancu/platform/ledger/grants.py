"""Pages read leaves and hashes and add what was read in bulk; the tree, heads and hand-overs are the owner's."""

from __future__ import annotations

GRANTS = {
    "SCHEMA ledger": {"dancu_app": "USAGE"},
    "ledger.kind": {"dancu_app": "SELECT"},
    "ledger.entry": {
        "dancu_app": "SELECT (leaf_index, entry_no, at, kind_no, adopted, commitment, key)"
    },
    "ledger.tree": {"dancu_app": "SELECT"},
    "ledger.tile": {"dancu_app": "SELECT"},
    "ledger.head": {"dancu_app": "SELECT"},
    "ledger.handover": {"dancu_app": "SELECT"},
    "ledger.check_run": {"dancu_app": "SELECT"},
    "ledger.erasure": {"dancu_app": "SELECT"},
    "ledger.bulk": {"dancu_app": "SELECT, INSERT"},
    "ledger.bulk_seed": {"dancu_app": "INSERT"},
    "ledger.bulk_chunk": {"dancu_app": "INSERT"},
    "FUNCTION ledger.leaf(text, text, timestamptz, boolean, bytea)": {"dancu_app": "EXECUTE"},
    "FUNCTION ledger.leaf_hash(text, text, timestamptz, boolean, bytea)": {"dancu_app": "EXECUTE"},
    "FUNCTION ledger.waits(text)": {"dancu_app": "EXECUTE"},
    "FUNCTION ledger.members(uuid[])": {"dancu_app": "EXECUTE"},
    "FUNCTION ledger.bulk_of(uuid)": {"dancu_app": "EXECUTE"},
}
