"""Pages read scores and keep drafts of changes; only the worker, as the owner, applies one or closes a day."""

from __future__ import annotations

GRANTS = {
    "register.score_day": {"dancu_app": "SELECT"},
    "register.unit_change": {"dancu_app": "SELECT"},
    "register.unit_change_row": {"dancu_app": "SELECT"},
    "register.unit_decision": {"dancu_app": "SELECT"},
    "register.unit_moved": {"dancu_app": "SELECT"},
}
