"""Pages read definitions and count by them; only the owner writes them down."""

from __future__ import annotations

_SINGLE = "FUNCTION reports.cells(text, integer, date, date, timestamptz, date[])"
_MONTHLY = "FUNCTION reports.month_cells(text, integer, date, integer, timestamptz, date[])"
_PEOPLE = "FUNCTION reports.people_cells(date, date, integer, timestamptz, date[], text[], text)"
_EVENTS = "FUNCTION reports.event_cells(text[], date, date, integer, timestamptz, date[])"
GRANTS = {
    "SCHEMA reports": {"dancu_app": "USAGE"},
    "reports.definition": {"dancu_app": "SELECT"},
    _SINGLE: {"dancu_app": "EXECUTE"},
    _MONTHLY: {"dancu_app": "EXECUTE"},
    "FUNCTION reports.coded_on(timestamptz)": {"dancu_app": "EXECUTE"},
    _PEOPLE: {"dancu_app": "EXECUTE"},
    _EVENTS: {"dancu_app": "EXECUTE"},
}
