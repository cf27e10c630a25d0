"""Reports are only added to by pages."""

from __future__ import annotations

GRANTS = {
    "reports_writing_version": {"dancu_app": "SELECT, INSERT"},
    "reports_writing_edit": {"dancu_app": "SELECT, INSERT"},
    "reports_writing_issue": {"dancu_app": "SELECT, INSERT"},
}
