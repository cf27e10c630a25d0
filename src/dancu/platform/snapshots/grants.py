"""Pages read what was frozen; only the owner freezes. Salts and hashes of records are nobody's to read."""

from __future__ import annotations

GRANTS = {
    "SCHEMA snapshots": {"dancu_app": "USAGE"},
    "snapshots.snapshot": {"dancu_app": "SELECT"},
    "snapshots.file": {"dancu_app": "SELECT"},
    "snapshots.figure": {"dancu_app": "SELECT"},
    "snapshots.seed": {},
    "snapshots.cell": {},
}
