"""Pages read the register and add lines to its access log; nobody but the owner changes a row of it."""

from __future__ import annotations

_READ = (
    "person", "person_history", "merged", "standard", "record", "record_history", "contested", "life_event",
    "residence", "finding", "judgement", "event", "score", "score_count", "score_delta", "state", "source", "file",
)  # fmt: skip

GRANTS = {
    "SCHEMA register": {"dancu_app": "USAGE"},
    **{f"register.{table}": {"dancu_app": "SELECT"} for table in _READ},
    "register.access_log": {"dancu_app": "SELECT, INSERT"},
    "ALL FUNCTIONS IN SCHEMA register": {"dancu_app": "EXECUTE"},
}
"""The outbox is read by the worker alone, as the owner."""
