"""Pages read pairs, add proposals and decide on them; what was proposed cannot be changed, only decided."""

from __future__ import annotations

GRANTS = {
    "register.duplicate": {"dancu_app": "SELECT"},
    "register.proposal": {"dancu_app": "SELECT, INSERT, UPDATE (outcome, decided_by, decided_at)"},
}
