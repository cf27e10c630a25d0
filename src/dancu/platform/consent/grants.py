"""Pages read and add; nobody of them changes or takes away a row that was written."""

from __future__ import annotations

_TABLES = (
    "scan", "granted", "withdrawn", "request", "request_step", "restriction", "restriction_end", "breach",
    "breach_step", "breach_person", "assessment",
)  # fmt: skip

GRANTS = {
    "SCHEMA consent": {"dancu_app": "USAGE"},
    **{f"consent.{table}": {"dancu_app": "SELECT, INSERT"} for table in _TABLES},
    "FUNCTION consent.same(uuid)": {"dancu_app": "EXECUTE"},
    "FUNCTION consent.acts_for(uuid, uuid, integer, date)": {"dancu_app": "EXECUTE"},
    "FUNCTION consent.is_parent(uuid, uuid)": {"dancu_app": "EXECUTE"},
    "FUNCTION consent.parents(uuid)": {"dancu_app": "EXECUTE"},
    "FUNCTION consent.my_children(integer, date)": {"dancu_app": "EXECUTE"},
    "FUNCTION consent.my_child(uuid, integer, date)": {"dancu_app": "EXECUTE"},
    "FUNCTION consent.my_breaches()": {"dancu_app": "EXECUTE"},
    "FUNCTION consent.open_task(bigint, text)": {"dancu_app": "EXECUTE"},
    "FUNCTION consent.close_task(bigint)": {"dancu_app": "EXECUTE"},
    "FUNCTION consent.task_state(bigint)": {"dancu_app": "EXECUTE"},
    "FUNCTION consent.given(uuid, text, text, timestamptz)": {"dancu_app": "EXECUTE"},
    "FUNCTION consent.restricted(uuid, text, timestamptz)": {"dancu_app": "EXECUTE"},
}
