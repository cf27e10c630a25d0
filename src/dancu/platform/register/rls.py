"""Row-level security of the register: which rows of citizens the role of the pages can see at all, said once.

A person belongs to the commune of its chosen residence; everything else belongs to its person, found by a key, so
that a page about one person asks a few indexes. Persons and rows without a commune («?») are seen by nobody but
who sees all units. The owner (migrations, loading, live events, background work) is not bound.
"""

from __future__ import annotations

from dancu.platform.access import sql

APP = "dancu_app"
_ALL = "(SELECT access.all_units())"
_OWN = sql.territory("unit_code")


def _person(condition: str) -> str:
    """Some visible person fulfils the condition: the policy of register.person holds inside."""
    return f"EXISTS (SELECT 1 FROM register.person p WHERE {condition})"


def _record(condition: str) -> str:
    return f"EXISTS (SELECT 1 FROM register.standard s WHERE {condition})"


def _by_person(table: str) -> str:
    return f"{_ALL} OR {_person(f'p.person_id = {table}.person_id')}"


# A merged identifier belongs to the person that it went into, also over several steps.
_BY_CITIZEN = _ALL + " OR " + _person("p.citizen_id = register.went({table}.citizen_id)")

CONDITIONS: dict[str, str] = {
    # A list's row counts in the commune that it names, and is part of the person it was matched to.
    "standard": f"{_OWN} OR {_person('p.person_id = standard.person_id')}",
    "record": f"{_ALL} OR {_record('s.record_id = record.record_id')}",
    "record_history": f"{_ALL} OR {_record('s.record_id = record_history.record_id')}"
    f" OR {_person('p.person_id = (record_history.standard ->> $$person_id$$)::bigint')}",
    "contested": _by_person("contested"),
    "life_event": _by_person("life_event"),
    "residence": _by_person("residence"),
    "finding": f"{_OWN} OR (level = 'person' AND {_person('p.person_id = finding.subject_id')})"
    f" OR (level = 'record' AND {_record('s.record_id = finding.subject_id')})",
    "person_history": _BY_CITIZEN.format(table="person_history"),
    "merged": _BY_CITIZEN.format(table="merged"),
    "judgement": f"{_ALL} OR {_record('s.record_id IN (judgement.record_a, judgement.record_b)')}",
    "event": f"{_ALL} OR EXISTS (SELECT 1 FROM jsonb_array_elements_text(event.result -> 'citizens') c"
    " JOIN register.person p ON p.citizen_id = register.went(c::uuid))"
    " OR EXISTS (SELECT 1 FROM register.judgement j WHERE j.event_no = event.event_no)",
}  # fmt: skip
"""Table -> when the role of the pages sees a row of it (register.person and access_log have their own, below)."""

# The log is read with the person it is about, and whole by the auditor; a line can only be written in one's own name.
_LOG_READ = "(SELECT access.has_role('auditor')) OR " + _BY_CITIZEN.format(table="access_log")
_LOG_WRITE = "by = (SELECT u.username FROM accounts_user u WHERE u.id = access.user_id())"

WENT = """
CREATE OR REPLACE FUNCTION register.went(citizen uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE step(id, n) AS (
        SELECT citizen, 0
        UNION ALL
        SELECT m.into_id, step.n + 1 FROM step JOIN register.merged m ON m.citizen_id = step.id
        WHERE m.into_id IS NOT NULL AND step.n < 50
    )
    SELECT id FROM step ORDER BY n DESC LIMIT 1
$$;
REVOKE ALL ON FUNCTION register.went(uuid) FROM PUBLIC;
"""
"""Where an identifier leads today: itself, or the one it was merged into. Tells identifiers only, never a person."""


def statements() -> list[str]:
    """All policies; the tables must be there."""
    made = [WENT, sql.policy("register.person", "unit_code", person="citizen_id")]
    for table, condition in CONDITIONS.items():
        made.append(
            f"ALTER TABLE register.{table} ENABLE ROW LEVEL SECURITY;"
            f"CREATE POLICY own_territory ON register.{table} FOR SELECT TO {APP} USING ({condition});"
        )
    made.append(
        "ALTER TABLE register.access_log ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY read_with_the_person ON register.access_log FOR SELECT TO {APP} USING ({_LOG_READ});"
        f"CREATE POLICY in_ones_own_name ON register.access_log FOR INSERT TO {APP} WITH CHECK ({_LOG_WRITE});"
    )
    return made


_HIDDEN = (
    "hidden_until IS NOT NULL AND hidden_until > (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"
)


def hidden_lines() -> str:
    """A line that the law lets be hidden for a while is read by the auditor and by whoever wrote it, until its day."""
    own = "by = (SELECT u.username FROM accounts_user u WHERE u.id = access.user_id())"
    return (
        "DROP POLICY IF EXISTS hidden_until_its_day ON register.access_log;"
        f"CREATE POLICY hidden_until_its_day ON register.access_log AS RESTRICTIVE FOR SELECT TO {APP}"
        f" USING (NOT ({_HIDDEN}) OR (SELECT access.has_role('auditor')) OR {own});"
    )
