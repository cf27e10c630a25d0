"""Keys are the gate's alone; pages and the API read the outbox through a function that keeps to the territory."""

from __future__ import annotations

GRANTS = {
    "events_apikey": {"dancu_gate": "SELECT, INSERT, UPDATE"},
    "SCHEMA events": {"dancu_app": "USAGE"},
    "ALL FUNCTIONS IN SCHEMA events": {"dancu_app": "EXECUTE"},
}
