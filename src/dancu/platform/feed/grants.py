"""All of the feed is the gate's (and the worker's, as the owner): pages have no privilege on any table of it."""

from __future__ import annotations

_ALL = "SELECT, INSERT, UPDATE, DELETE"
GRANTS = {
    "feed_pairwisekey": {"dancu_gate": "SELECT, INSERT"},
    "feed_subscriber": {"dancu_gate": "SELECT, INSERT, UPDATE"},
    "feed_secret": {"dancu_gate": "SELECT, INSERT, UPDATE"},
    "feed_letter": {"dancu_gate": _ALL},
    "feed_act": {"dancu_gate": "SELECT, INSERT"},
    "SCHEMA feed": {"dancu_gate": "USAGE"},
    "ALL FUNCTIONS IN SCHEMA feed": {"dancu_gate": "EXECUTE"},
}
