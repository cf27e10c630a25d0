"""Pages put notices in and keep one's own contact; only the job, as the owner, sends."""

from __future__ import annotations

GRANTS = {
    "services.contact": {"dancu_app": "SELECT, INSERT, UPDATE, DELETE"},
    "services.notice": {"dancu_app": "SELECT, INSERT"},
}
