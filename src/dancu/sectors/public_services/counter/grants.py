"""Pages add to what was taken in and checked, and move the queue on; nobody of them changes a check."""

from __future__ import annotations

GRANTS = {
    "services.counter_filing": {"dancu_app": "SELECT, INSERT"},
    "services.identity_check": {"dancu_app": "SELECT, INSERT"},
    "services.ticket": {"dancu_app": "SELECT, UPDATE"},
    "services.ticket_count": {},
    "FUNCTION services.take_ticket(text, date, text, timestamptz)": {"dancu_app": "EXECUTE"},
    "FUNCTION services.on_screen(text, date)": {"dancu_app": "EXECUTE"},
    "FUNCTION services.verified_person(uuid)": {"dancu_app": "EXECUTE"},
}
