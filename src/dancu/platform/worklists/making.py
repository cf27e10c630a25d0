"""Tasks from findings: made, kept true and settled by SQL, as the owner; pages only call what is quick.

`refresh_tasks` looks at everybody of some communes, or at some persons; `follow_events` at those whose findings the
register's events opened or closed since it was called last. Both may run at any time and as often as one likes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction
from django.utils import timezone

from dancu.platform.worklists import states
from dancu.platform.worklists.effects import shares

SYSTEM = "dancu"
_LOCK = 2406_2024
OWNER = "owner"


@dataclass(frozen=True)
class Refreshed:
    """How many tasks were made, opened again, settled."""

    made: int = 0
    reopened: int = 0
    settled: int = 0


def refresh_tasks(
    units: Sequence[str] | None = None,
    *,
    persons: Sequence[int] | None = None,
    today: dt.date | None = None,
) -> Refreshed:
    """Make the tasks of these communes (None: all), or of these persons, what the open findings say."""
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        on = _register_day(cursor)
        if on is None:
            return Refreshed()
        given = {
            "units": list(units) if units is not None else None,
            "persons": list(persons) if persons is not None else None,
        }
        found = _refresh(cursor, on, given, today or timezone.localdate())
        if units is None and persons is None:
            _mark_load(cursor)
            _mark_events(cursor)
        return found


def follow_events() -> Refreshed:
    """Bring the tasks up to the register's last event; next to nothing when there was none."""
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT coalesce((SELECT event_no FROM worklists_mark WHERE name = 'events'), 0),"
            " coalesce((SELECT max(event_no) FROM register.event), 0)"
        )
        last, now = cursor.fetchone()
        if now <= last:
            return Refreshed()
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(
            "SELECT DISTINCT subject_id FROM ("
            " SELECT subject_id, level FROM register.finding WHERE opened_by > %(last)s"
            " UNION ALL SELECT subject_id, level FROM register.finding WHERE closed_by > %(last)s) f"
            " WHERE level = 'person'",
            {"last": last},
        )
        persons = [row[0] for row in cursor.fetchall()]
        on = _register_day(cursor)
        found = Refreshed()
        if persons and on is not None:
            given = {"units": None, "persons": persons}
            found = _refresh(cursor, on, given, timezone.localdate())
        cursor.execute(
            "INSERT INTO worklists_mark VALUES ('events', %s)"
            " ON CONFLICT (name) DO UPDATE SET event_no = greatest(worklists_mark.event_no, excluded.event_no)",
            [now],
        )
        return found


def made_from_this_load() -> bool:
    """Whether the tasks were made from the register that is loaded now."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f"SELECT ({_LOADED}) IS NOT DISTINCT FROM"
                       " (SELECT event_no FROM worklists_mark WHERE name = 'load')")  # fmt: skip
        return bool(cursor.fetchone()[0])


_LOADED = "SELECT (extract(epoch FROM loaded_at) * 1000)::bigint FROM register.state"


def _mark_load(cursor: Any) -> None:
    cursor.execute(
        f"INSERT INTO worklists_mark SELECT 'load', ({_LOADED})"
        " ON CONFLICT (name) DO UPDATE SET event_no = excluded.event_no"
    )


def _mark_events(cursor: Any) -> None:
    cursor.execute(
        "INSERT INTO worklists_mark SELECT 'events', coalesce(max(event_no), 0) FROM register.event"
        " ON CONFLICT (name) DO UPDATE SET event_no = excluded.event_no"
    )


def _register_day(cursor: Any) -> dt.date | None:
    cursor.execute("SELECT on_day FROM register.state")
    row = cursor.fetchone()
    return row[0] if row else None


def _refresh(cursor: Any, on: dt.date, given: dict[str, Any], today: dt.date) -> Refreshed:
    cursor.execute("DROP TABLE IF EXISTS worklists_wanted, worklists_gain")
    _gains(cursor, on, given)
    cursor.execute(_wanted(by_person=given["persons"] is not None), given)
    cursor.execute("ANALYZE worklists_wanted")
    due = states.due(today)
    days = {**given, "review": due.review, "fix": due.fix, "by": SYSTEM}
    cursor.execute(_REOPEN, days)
    reopened = cursor.rowcount
    cursor.execute(_MOVED, days)
    cursor.execute(_SAME)
    cursor.execute(_MAKE, days)
    made = cursor.rowcount
    cursor.execute(_SETTLE, days)
    settled = cursor.rowcount
    cursor.execute(_WITHDRAW)
    cursor.execute("DROP TABLE worklists_wanted, worklists_gain")
    return Refreshed(made, reopened, settled)


_UNITS_OF = "SELECT array_agg(DISTINCT unit_code) FROM register.person WHERE person_id = ANY (%(persons)s::bigint[])"


def _gains(cursor: Any, on: dt.date, given: dict[str, Any]) -> None:
    """Points that each open finding of a rule costs its commune.

    The planner knows nothing of the size of a CTE and would join them in nested loops: measured, minutes for 209
    communes instead of half a second.
    """
    units = given["units"]
    if given["persons"] is not None:
        cursor.execute(_UNITS_OF, given)
        units = [code for code in cursor.fetchone()[0] or [] if code]
    cursor.execute("SET LOCAL enable_nestloop = off")
    cursor.execute(
        "CREATE TEMPORARY TABLE worklists_gain ON COMMIT DROP AS"
        f" WITH {shares(on)} SELECT scope_code, rule_id, 100.0 * in_index / evaluated AS gain FROM _shares",
        {"units": units},
    )
    cursor.execute("SET LOCAL enable_nestloop = on")
    cursor.execute("ANALYZE worklists_gain")


def _wanted(*, by_person: bool) -> str:
    """Everybody with open findings: which, and how many points of the commune's index they cost together."""
    whose = (
        "f.subject_id = ANY (%(persons)s::bigint[])"
        if by_person
        else "(%(units)s::text[] IS NULL OR f.unit_code = ANY (%(units)s::text[]))"
    )
    return f"""
CREATE TEMPORARY TABLE worklists_wanted ON COMMIT DROP AS
SELECT p.citizen_id, p.person_id, p.unit_code::varchar AS unit_code,
       array_agg(f.finding_no ORDER BY f.finding_no) AS findings,
       array_agg(f.rule_id::varchar ORDER BY f.rule_id) AS rules,
       coalesce(sum(g.gain), 0.0)::float8 AS effect
FROM register.finding f
JOIN register.person p ON p.person_id = f.subject_id AND p.unit_code IS NOT NULL
LEFT JOIN worklists_gain g ON g.scope_code = f.unit_code AND g.rule_id = f.rule_id
WHERE f.level = 'person' AND f.closed_at IS NULL AND {whose}
GROUP BY p.citizen_id, p.person_id, p.unit_code"""


_STEP = "INSERT INTO worklists_taskstep (task_id, event_id, action, state_before, state_after, at, by, reason, detail)"

_REOPEN = f"""
WITH again AS (
    SELECT t.id, t.state, w.* FROM worklists_task t JOIN worklists_wanted w ON w.citizen_id = t.citizen_id
    WHERE t.closed_at IS NOT NULL AND (t.state = 'fixed' OR NOT w.rules <@ t.rules)
), opened AS (
    UPDATE worklists_task t SET state = 'new', version = t.version + 1, findings = a.findings, rules = a.rules,
        effect = a.effect, person_id = a.person_id, unit_code = a.unit_code, with_unit = '', closed_at = NULL,
        created_at = now(), review_due = %(review)s, fix_due = %(fix)s, house_visit = false, assigned_to = '',
        changed_at = now(), changed_by = %(by)s
    FROM again a WHERE t.id = a.id
)
{_STEP} SELECT a.id, gen_random_uuid(), 'reopen', a.state, 'new', now(), %(by)s, '',
    jsonb_build_object('rules', a.rules) FROM again a"""

_MOVED = f"""
WITH moved AS (
    SELECT t.id, t.state, t.unit_code AS before, w.unit_code AS now FROM worklists_task t
    JOIN worklists_wanted w ON w.citizen_id = t.citizen_id WHERE t.unit_code <> w.unit_code
)
{_STEP} SELECT m.id, gen_random_uuid(), 'moved', m.state, m.state, now(), %(by)s, '',
    jsonb_build_object('from', m.before, 'to', m.now) FROM moved m"""

_SAME = """
UPDATE worklists_task t SET findings = w.findings, effect = w.effect, person_id = w.person_id,
    rules = w.rules, unit_code = w.unit_code,
    with_unit = CASE WHEN t.with_unit = w.unit_code THEN '' ELSE t.with_unit END
FROM worklists_wanted w WHERE w.citizen_id = t.citizen_id
    AND (t.findings, t.effect, t.person_id, t.unit_code)
        IS DISTINCT FROM (w.findings, w.effect, w.person_id, w.unit_code)"""

_MAKE = """
INSERT INTO worklists_task (citizen_id, person_id, unit_code, with_unit, findings, rules, effect, state, version,
    created_at, review_due, fix_due, house_visit, assigned_to, changed_at, changed_by)
SELECT w.citizen_id, w.person_id, w.unit_code, '', w.findings, w.rules, w.effect, 'new', 1,
    now(), %(review)s, %(fix)s, false, '', now(), %(by)s
FROM worklists_wanted w WHERE NOT EXISTS (SELECT 1 FROM worklists_task t WHERE t.citizen_id = w.citizen_id)"""

# A task is settled when its person has no open finding anywhere, or is no more (merged, taken out), and asks nothing.
_SETTLE = f"""
WITH done AS (
    SELECT t.id, t.state, t.rules FROM worklists_task t
    WHERE t.state <> 'fixed' AND t.asked = '{{}}'
      AND (%(units)s::text[] IS NULL OR t.unit_code = ANY (%(units)s::text[]))
      AND (%(persons)s::bigint[] IS NULL OR t.person_id = ANY (%(persons)s::bigint[]))
      AND NOT EXISTS (
        SELECT 1 FROM register.person p JOIN register.finding f ON f.subject_id = p.person_id
        WHERE p.citizen_id = t.citizen_id AND f.level = 'person' AND f.closed_at IS NULL)
), closed AS (
    UPDATE worklists_task t SET state = 'fixed', version = t.version + 1, closed_at = now(), findings = '{{}}',
        rules = '{{}}', effect = 0, changed_at = now(), changed_by = %(by)s
    FROM done d WHERE t.id = d.id
)
{_STEP} SELECT d.id, gen_random_uuid(), 'settled', d.state, 'fixed', now(), %(by)s, '',
    jsonb_build_object('rules', d.rules) FROM done d"""

_WITHDRAW = """
UPDATE worklists_fix x SET state = 'declined' FROM worklists_task t
WHERE t.id = x.task_id AND x.state = 'waiting' AND t.state = 'fixed'"""
