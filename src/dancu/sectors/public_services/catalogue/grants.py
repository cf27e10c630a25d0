"""Pages propose and decide; nobody of them changes an act or takes a review away."""

from __future__ import annotations

GRANTS = {
    "services.review": {
        "dancu_app": "SELECT, INSERT, UPDATE (state, decided_by, decided_at, decision_reason, version_no)"
    },
    "services.review_act": {"dancu_app": "SELECT, INSERT"},
}
