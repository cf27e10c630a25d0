"""Pages keep sessions and questions; who a number is, the gate alone asks; the register is read through functions."""

from __future__ import annotations

GRANTS = {
    "citizen_citizensession": {"dancu_app": "SELECT, INSERT, UPDATE, DELETE"},
    "citizen_question": {"dancu_app": "SELECT, INSERT, UPDATE (state, answer, answered_by, answered_at)"},
    "citizen_sample": {"dancu_gate": "SELECT"},
    "FUNCTION citizen_identify(text)": {"dancu_gate": "EXECUTE"},
    "FUNCTION citizen_same()": {"dancu_app": "EXECUTE"},
    "FUNCTION citizen_asked(bytea[])": {"dancu_app": "EXECUTE"},
    "FUNCTION citizen_exporters()": {"dancu_app": "EXECUTE"},
    "FUNCTION citizen_household()": {"dancu_app": "EXECUTE"},
    "FUNCTION citizen_looks(timestamptz, bigint, timestamptz, timestamptz, uuid, integer)": {"dancu_app": "EXECUTE"},
}  # fmt: skip
