"""Pages add and close versions, move tasks on, and add acts; nobody of them changes what was written."""

from __future__ import annotations

from dancu.sectors.direction.books import BY_TABLE

_BOOK = {"dancu_app": "SELECT, INSERT, UPDATE (known_to)"}
GRANTS = {
    "SCHEMA direction": {"dancu_app": "USAGE"},
    "FUNCTION direction.my_places()": {"dancu_app": "EXECUTE"},
    "SEQUENCE direction.thing_no": {"dancu_app": "USAGE"},
    "direction.place": {"dancu_app": "SELECT"},
    "direction.territory": {},
    **{f"direction.{book}": _BOOK for book in BY_TABLE},
    "direction.task": {
        "dancu_app": "SELECT, INSERT, UPDATE (state, percent, due_on, reported_by, finished_on, accepted_by, closed_at,"
        " reminded_for, escalated_for, escalated_to, version_no)"
    },
    "direction.act": {"dancu_app": "SELECT, INSERT"},
    "direction.paper": {"dancu_app": "SELECT, INSERT"},
}
