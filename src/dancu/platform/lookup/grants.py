"""Pages call the functions, which write the log as they answer; who asked in vain is read by the owner's jobs alone."""

from __future__ import annotations

_CALLED = (
    "by_partner(text, text, text, text, text[], boolean, text, text, text, date, uuid, bytea, bytea, smallint)",
    "by_officer(text, text, text, text[], boolean, text, text, text, date, bytea, smallint)",
    "more(uuid)",
    "receipts(text, timestamptz, timestamptz, integer)",
)
"""Not `ask` and `bearer`: whoever called those could name any asker."""

GRANTS = {
    "SCHEMA lookup": {"dancu_app": "USAGE"},
    "lookup_batch": {"dancu_app": "SELECT, INSERT"},
    **{f"FUNCTION lookup.{name}": {"dancu_app": "EXECUTE"} for name in _CALLED},
}
