"""The administrator's pages write through ``gate``; tokens, assertions and leases are the gate's alone."""

from __future__ import annotations

_GATE = "SELECT, INSERT, UPDATE"
GRANTS = {
    "partners_partner": {"dancu_app": "SELECT", "dancu_gate": _GATE},
    "partners_token": {"dancu_gate": _GATE + ", DELETE"},
    "partners_assertion": {"dancu_gate": "SELECT, INSERT, DELETE"},
    "partners_lease": {"dancu_gate": _GATE},
    "partners_usage": {"dancu_app": "SELECT", "dancu_gate": _GATE},
    "partners_change": {"dancu_app": "SELECT", "dancu_gate": "SELECT, INSERT"},
    "partners_flag": {"dancu_app": "SELECT", "dancu_gate": _GATE},
}
