"""Pages prepare and open a conference and call the roll; what was briefed, said and concluded is only added to."""

from __future__ import annotations

_ADDED = {"dancu_app": "SELECT, INSERT"}
GRANTS = {
    "direction.conference": {
        "dancu_app": "SELECT, INSERT, UPDATE (agenda, state, briefed_at, version_no)"
    },
    "direction.conference_point": {
        "dancu_app": "SELECT, INSERT, UPDATE (state, people, told_at, told_by)"
    },
    "direction.conference_brief": _ADDED,
    "direction.conference_statement": _ADDED,
    "direction.conference_conclusion": _ADDED,
    "direction.commendation": _ADDED,
}
