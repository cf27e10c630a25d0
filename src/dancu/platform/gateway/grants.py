"""Pages read how the line does. Questions are written by the owner, on a connection of their own (see asking)."""

from __future__ import annotations

GRANTS: dict[str, dict[str, str]] = {
    "gateway_asked": {},
    "gateway_answered": {},
    "gateway_waiting": {},
    "gateway_link": {"dancu_app": "SELECT"},
    "gateway_link_event": {"dancu_app": "SELECT"},
    "gateway_sample": {"dancu_app": "SELECT"},
}
