"""Pages read users and grants and keep sessions; the gate does the rest; nobody but the owner rewrites the log."""

from __future__ import annotations

_GATE = "SELECT, INSERT, UPDATE, DELETE"
GRANTS = {
    "accounts_user": {"dancu_app": "SELECT", "dancu_gate": "SELECT, INSERT, UPDATE"},
    "accounts_grant": {"dancu_app": "SELECT", "dancu_gate": "SELECT, INSERT, UPDATE"},
    "accounts_session": {"dancu_app": _GATE, "dancu_gate": _GATE},
    "accounts_credential": {"dancu_gate": _GATE},
    "accounts_recoverycode": {"dancu_gate": _GATE},
    "accounts_identity": {"dancu_gate": _GATE},
    "accounts_attempt": {"dancu_gate": _GATE},
    "accounts_accountevent": {"dancu_app": "SELECT", "dancu_gate": "SELECT, INSERT"},
}
