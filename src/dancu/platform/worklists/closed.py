"""Which rows of the worklists the role of the pages sees, and the one way from a task to its person.

A unit that a task was referred to works on a person of another commune: the functions below belong to the owner and
open that one person to who may see the task, never more, and never without a line in the person's access log.
"""

from __future__ import annotations

from dancu.platform.access import sql

APP = "dancu_app"
_TASK = (
    f"({sql.territory('unit_code')} OR {sql.territory('with_unit')}"
    " OR citizen_id::text = ANY ((SELECT access.persons())::text[]))"
)
_OF_TASK = "EXISTS (SELECT 1 FROM worklists_task t WHERE t.id = task_id)"
_ROUND = "((SELECT access.all_units()) OR communes && (SELECT access.units())::varchar[])"

CONDITIONS = {
    "worklists_task": _TASK,
    "worklists_taskstep": _OF_TASK,
    "worklists_fix": _OF_TASK,
    "worklists_evidence": _OF_TASK,
    "worklists_correctionrequest": sql.territory("unit_code"),
    "worklists_surveyround": _ROUND,
    "worklists_reinspection": _ROUND,
    "worklists_surveyvisit": sql.territory("unit_code"),
    "worklists_reinspectionitem": sql.territory("unit_code"),
}

_MAY = (
    "access.all_units() OR t.unit_code = ANY (access.units()) OR t.with_unit = ANY (access.units())"
    " OR t.citizen_id::text = ANY (access.persons())"
)
_HEAD = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"

LINES = f"""
CREATE OR REPLACE FUNCTION worklists_lines(tasks bigint[])
RETURNS TABLE (id bigint, full_name text, birth_year smallint, address_head text, number text)
LANGUAGE plpgsql STABLE {_HEAD} AS $$
BEGIN
    RETURN QUERY SELECT t.id, p.full_name, p.birth_year, p.address_head,
        left(p.personal_number, 3) || '•••••' || right(p.personal_number, 4)
    FROM public.worklists_task t JOIN register.person p ON p.citizen_id = t.citizen_id
    WHERE t.id = ANY (tasks) AND ({_MAY});
END $$;
"""
"""What a line of the list shows of each task's person; numbers come out masked."""

OPEN_RULES = f"""
CREATE OR REPLACE FUNCTION worklists_open_rules(task bigint) RETURNS text[]
LANGUAGE plpgsql STABLE {_HEAD} AS $$
BEGIN
    RETURN (SELECT coalesce(array_agg(f.rule_id ORDER BY f.rule_id), '{{}}')
    FROM public.worklists_task t JOIN register.person p ON p.citizen_id = t.citizen_id
    JOIN register.finding f ON f.subject_id = p.person_id AND f.level = 'person' AND f.closed_at IS NULL
    WHERE t.id = task AND ({_MAY}));
END $$;
"""

PERSON = f"""
CREATE OR REPLACE FUNCTION worklists_person(task bigint, purpose text, fields text[]) RETURNS jsonb
LANGUAGE plpgsql VOLATILE {_HEAD} AS $$
DECLARE
    found public.worklists_task;
    someone register.person;
    who text := (SELECT u.username FROM public.accounts_user u WHERE u.id = access.user_id());
BEGIN
    SELECT t.* INTO found FROM public.worklists_task t WHERE t.id = task AND ({_MAY});
    IF found.id IS NULL OR who IS NULL THEN RETURN NULL; END IF;
    SELECT p.* INTO someone FROM register.person p WHERE p.citizen_id = found.citizen_id;
    IF someone.person_id IS NULL THEN RETURN NULL; END IF;
    INSERT INTO register.access_log (citizen_id, by, unit_code, purpose, basis, fields)
    VALUES (found.citizen_id, who, found.unit_code, purpose, 'task ' || found.id, fields);
    RETURN jsonb_build_object(
        'person', jsonb_strip_nulls(to_jsonb(someone)),
        'findings', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'no', f.finding_no, 'rule', f.rule_id, 'group', f.group_key, 'opened', f.opened_at)
                ORDER BY f.rule_id), '[]')
            FROM register.finding f WHERE f.level = 'person' AND f.subject_id = someone.person_id
            AND f.closed_at IS NULL),
        'contested', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'field', c.field, 'value', c.value, 'record', c.record_id)), '[]')
            FROM register.contested c WHERE c.person_id = someone.person_id),
        'records', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'record', r.record_id, 'source', r.source, 'sheet', r.sheet, 'row', r.row, 'file', f.name,
                'day', s.list_date, 'values', jsonb_strip_nulls(to_jsonb(s))) ORDER BY r.record_id), '[]')
            FROM register.standard s JOIN register.record r ON r.record_id = s.record_id
            LEFT JOIN register.file f ON f.file_no = r.file_no AND f.sheet = r.sheet
            WHERE s.person_id = someone.person_id)
    );
END $$;
"""
"""The person of a task with findings and sources: the door of the worklists, which writes the log as it opens."""

FUNCTIONS = {
    "worklists_lines(bigint[])": LINES,
    "worklists_open_rules(bigint)": OPEN_RULES,
    "worklists_person(bigint, text, text[])": PERSON,
}

FOLLOWED = (
    "CREATE INDEX IF NOT EXISTS finding_opened_by ON register.finding (opened_by) WHERE opened_by IS NOT NULL;"
    "CREATE INDEX IF NOT EXISTS finding_closed_by ON register.finding (closed_by) WHERE closed_by IS NOT NULL;"
    "CREATE INDEX IF NOT EXISTS finding_of_event_subject ON register.finding (subject_id) WHERE level = 'person'"
    " AND closed_at IS NULL;"
)
"""What an event opened or closed is found by its number."""


def statements() -> list[str]:
    """Policies and functions; the tables must be there."""
    made = [FOLLOWED]
    for table, condition in CONDITIONS.items():
        made.append(
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
            f"CREATE POLICY own_territory ON {table} TO {APP} USING ({condition}) WITH CHECK ({condition});"
        )
    for name, body in FUNCTIONS.items():
        made.append(f"{body} REVOKE ALL ON FUNCTION {name} FROM PUBLIC;")
    return made
