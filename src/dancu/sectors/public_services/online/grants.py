"""Pages keep what the person of the session owns; a rating is never changed, a complaint only answered."""

from __future__ import annotations

GRANTS = {
    "services.draft": {"dancu_app": "SELECT, INSERT, UPDATE, DELETE"},
    "services.attachment": {"dancu_app": "SELECT, INSERT, UPDATE (draft, dossier_no), DELETE"},
    "services.proxy": {"dancu_app": "SELECT, INSERT, UPDATE (withdrawn_at)"},
    "services.rating": {"dancu_app": "SELECT, INSERT"},
    "services.complaint": {
        "dancu_app": "SELECT, INSERT, UPDATE (answer, answered_by, answered_at)"
    },
    "FUNCTION services.take_proxy(bytea, text, date)": {"dancu_app": "EXECUTE"},
    "FUNCTION services.paper_proxy(bytea, uuid, text, date, timestamptz)": {"dancu_app": "EXECUTE"},
    "FUNCTION services.may_file_for(uuid)": {"dancu_app": "EXECUTE"},
    "FUNCTION services.follow(text)": {"dancu_app": "EXECUTE"},
    "FUNCTION services.follow_count(bytea)": {"dancu_app": "EXECUTE"},
}
