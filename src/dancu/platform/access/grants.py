"""What the role of the pages and the gate may do with these tables."""

from __future__ import annotations

GRANTS = {
    "access_notice": {"dancu_app": "SELECT", "dancu_gate": "INSERT, SELECT"},
    "access.setting": {"dancu_app": "SELECT", "dancu_gate": "SELECT"},
    "access.claim": {"dancu_gate": "SELECT, INSERT, UPDATE"},
    "access.extraordinary": {"dancu_gate": "SELECT, INSERT, UPDATE"},
    "SCHEMA access": {"dancu_app": "USAGE", "dancu_gate": "USAGE"},
    "ALL FUNCTIONS IN SCHEMA access": {"dancu_app": "EXECUTE"},
    "ALL SEQUENCES IN SCHEMA access": {"dancu_gate": "USAGE"},
}
