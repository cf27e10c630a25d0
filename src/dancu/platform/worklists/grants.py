"""Pages work on the tasks of their territory; steps and evidence are only added to; tasks are made by the owner."""

from __future__ import annotations

GRANTS = {
    "worklists_task": {"dancu_app": "SELECT, UPDATE"},
    "worklists_taskstep": {"dancu_app": "SELECT, INSERT"},
    "worklists_fix": {"dancu_app": "SELECT, INSERT, UPDATE"},
    "worklists_evidence": {"dancu_app": "SELECT, INSERT"},
    "worklists_surveyround": {"dancu_app": "SELECT, INSERT, UPDATE"},
    "worklists_surveyvisit": {"dancu_app": "SELECT, INSERT, UPDATE"},
    "worklists_reinspection": {"dancu_app": "SELECT, INSERT"},
    "worklists_reinspectionitem": {"dancu_app": "SELECT, INSERT, UPDATE"},
    "worklists_correctionrequest": {"dancu_app": "SELECT, INSERT, UPDATE"},
    "worklists_mark": {},
    "FUNCTION worklists_lines(bigint[])": {"dancu_app": "EXECUTE"},
    "FUNCTION worklists_open_rules(bigint)": {"dancu_app": "EXECUTE"},
    "FUNCTION worklists_person(bigint, text, text[])": {"dancu_app": "EXECUTE"},
}
