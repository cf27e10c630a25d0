"""Pages ask for lists and hand them out; which person an entry is they learn tag by tag; logs are only added to."""

from __future__ import annotations

GRANTS = {
    "offline_list": {"dancu_app": "SELECT, INSERT, UPDATE"},
    "offline_entry": {},
    "offline_event": {"dancu_app": "SELECT, INSERT"},
    "offline_release": {"dancu_app": "SELECT, INSERT"},
    "offline_check": {"dancu_app": "INSERT"},
    "FUNCTION offline_found(uuid, bytea)": {"dancu_app": "EXECUTE"},
}
