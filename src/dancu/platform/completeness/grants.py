"""The edge adds to its one table and reads nothing; pages read what was compared and never what was counted."""

from __future__ import annotations

GRANTS = {
    "SCHEMA edge": {"dancu_edge": "USAGE"},
    "edge.served": {"dancu_edge": "INSERT"},
    "SCHEMA completeness": {"dancu_app": "USAGE"},
    "completeness.run": {"dancu_app": "SELECT"},
    "completeness.gap": {"dancu_app": "SELECT"},
    "completeness.held": {"dancu_app": "SELECT, INSERT"},
}
