"""The small statements between the large ones: whom an event touched, and what of them is kept.

`live_touched`: persons to be chosen anew. `live_changed`: records whose content changed. `live_relabelled`: records
that went from one person to another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dancu.engine.events.queries import event_sources
from dancu.engine.ports import Context
from dancu.rules import Rule
from dancu.store.register import judging, schema

WORKING: Mapping[str, schema.Columns] = {
    "live_touched": {"person_id": "bigint"},
    "live_changed": {"record_id": "bigint"},
    "live_relabelled": {"record_id": "bigint"},
    "live_fresh": {"record_id": "bigint"},
    "live_identity": {"person_id": "bigint", "citizen_id": "uuid"},
    "live_old_record": schema.standard() | {"person_id": "bigint"},
    "live_seed": schema.person(),
    "live_seed_record": {
        "record_id": "bigint", "source": "text", "personal_number": "text", "spouse_number": "text",
    },
    "live_differs": {"person_id": "bigint"} | {f"l{k}": "boolean" for k in range(len(judging.LINKS))},
    "live_near": {"person_id": "bigint", "judged": "boolean"},
    "live_near_record": {"record_id": "bigint", "judged": "boolean"},
}  # fmt: skip
"""Further temporary tables of a writer's connection."""

_LATER = "greatest(now(), p.recorded_from + interval '1 microsecond')"
"""Recorded time never runs backwards, though the machine's clock may."""
_EVENT = "current_setting('dancu.event')::bigint"
_AS_IT_WAS = (
    f"SELECT p.person_id, p.citizen_id, tstzrange(p.recorded_from, {_LATER}),"
    f" jsonb_strip_nulls(to_jsonb(p)), {_EVENT}"
)
# An array first: the planner then takes the index, whatever it expects of a temporary table.
TOUCHED = "ANY(ARRAY(SELECT person_id FROM live_touched))"


CHANGED = "ANY(ARRAY(SELECT record_id FROM live_changed))"


def statements(context: Context, rules: Sequence[Rule]) -> dict[str, str]:
    """Name -> statement without parameters; each is prepared once a connection."""
    return _whom(context) | _near(rules) | _persons(", ".join(schema.person())) | _parts()


def _whom(context: Context) -> dict[str, str]:
    lists = ", ".join(f"'{name}'" for name in event_sources(context.sources)) or "NULL"
    named = (
        f"SELECT spouse_number FROM register.standard WHERE record_id = {CHANGED}"
        " OR record_id = ANY(ARRAY(SELECT record_id FROM live_relabelled))"
        " UNION SELECT spouse_number FROM live_seed_record"
    )
    return {
        # A wedding is an event of the person whom it names, too.
        "spouses": f"INSERT INTO live_touched SELECT DISTINCT p.person_id FROM ({named}) n CROSS JOIN LATERAL"
        " (SELECT person_id FROM register.standard q WHERE q.personal_number = n.spouse_number OFFSET 0) p"
        " WHERE n.spouse_number IS NOT NULL AND p.person_id NOT IN (SELECT person_id FROM live_touched)",
        "members": "INSERT INTO live_record SELECT r.record_id, r.person_id, TRUE FROM live_touched t"
        " CROSS JOIN LATERAL (SELECT record_id, person_id FROM register.standard s"
        " WHERE s.person_id = t.person_id OFFSET 0) r",
        "weddings": "INSERT INTO live_record SELECT DISTINCT r.record_id, r.person_id, FALSE FROM live_golden g"
        " CROSS JOIN LATERAL (SELECT record_id, person_id, source FROM register.standard s"
        f" WHERE s.spouse_number = g.personal_number OFFSET 0) r WHERE r.source IN ({lists})"
        " AND r.record_id NOT IN (SELECT record_id FROM live_record)",
    }


def _near(rules: Sequence[Rule]) -> dict[str, str]:
    person, record = ", ".join(schema.person()), "record_id, source, personal_number, spouse_number"
    unknown = "WHERE person_id NOT IN (SELECT person_id FROM live_near)"
    new_record = "WHERE record_id NOT IN (SELECT record_id FROM live_near_record)"
    of_record = "CROSS JOIN LATERAL (SELECT * FROM register.standard q WHERE q.record_id = n.record_id OFFSET 0) s"
    return {
        "seed": f"INSERT INTO live_seed SELECT {person} FROM register.person WHERE person_id = {TOUCHED}"
        f" UNION ALL SELECT {person} FROM live_person",
        "near_self": "INSERT INTO live_near SELECT person_id, TRUE FROM live_touched",
        "differs": f"INSERT INTO live_differs {judging.differs(rules)}",
        "near": "INSERT INTO live_near SELECT person_id, TRUE FROM"
        f" ({judging.near('live_seed', where_it_differs=True)}) f {unknown}",
        "unseed": "DELETE FROM live_seed",
        "reseed": f"INSERT INTO live_seed SELECT {', '.join(f'p.{c}' for c in schema.person())} FROM live_near n"
        " CROSS JOIN LATERAL (SELECT * FROM register.person q WHERE q.person_id = n.person_id OFFSET 0) p",
        "near_data": f"INSERT INTO live_near SELECT person_id, FALSE FROM ({judging.near('live_seed')}) f {unknown}",
        "near_record_self": "INSERT INTO live_near_record SELECT record_id, TRUE FROM live_record WHERE own",
        "seed_record": f"INSERT INTO live_seed_record SELECT {record} FROM register.standard"
        f" WHERE record_id = {CHANGED}",
        "near_record": "INSERT INTO live_near_record SELECT record_id, TRUE FROM"
        f" ({judging.near_records('live_seed_record')}) f {new_record}",
        "reseed_record": f"INSERT INTO live_seed_record SELECT s.{record.replace(', ', ', s.')}"
        f" FROM live_near_record n {of_record}",
        "near_record_data": "INSERT INTO live_near_record SELECT DISTINCT record_id, FALSE FROM"
        f" ({judging.near_records('live_seed_record')}) f {new_record}",
    }


def _persons(columns: str) -> dict[str, str]:
    old, new = (", ".join(f"{t}.{c}" for c in schema.person()) for t in "pn")
    differs = f"({old}) IS DISTINCT FROM ({new})"
    began = (
        "greatest(now(), (SELECT max(upper(h.recorded)) FROM register.person_history h"
        " WHERE h.person_id = n.person_id))"
    )
    return {
        "history": "INSERT INTO register.person_history (person_id, citizen_id, recorded, row, event_no)"
        f" {_AS_IT_WAS} FROM register.person p JOIN live_person n ON n.person_id = p.person_id WHERE {differs}"
        " RETURNING person_id",
        "update_person": f"UPDATE register.person p SET ({columns}) = ROW({new}), recorded_from = {_LATER},"
        f" event_no = {_EVENT}, sort_key = CASE WHEN n.full_name = p.full_name THEN p.sort_key END"
        f" FROM live_person n WHERE n.person_id = p.person_id AND {differs}",
        "insert_person": f"INSERT INTO register.person ({columns}, citizen_id, recorded_from, event_no)"
        f" SELECT {new}, i.citizen_id, {began}, {_EVENT} FROM live_person n"
        " JOIN live_identity i ON i.person_id = n.person_id",
    }


GONE = (
    "WITH p AS (DELETE FROM register.person WHERE person_id = ANY(%s) RETURNING *)"
    " INSERT INTO register.person_history (person_id, citizen_id, recorded, row, event_no)"
    f" {_AS_IT_WAS} FROM p"
)


def _parts() -> dict[str, str]:
    """What hangs on a person is put in anew: contested values, events, residences."""
    tables = {
        "contested": ("live_contested", schema.CONTESTED),
        "life_event": ("live_event", schema.LIFE_EVENT),
        "residence": ("live_residence", schema.RESIDENCE),
    }
    out = {}
    for name, (source, columns) in tables.items():
        listed = ", ".join(columns)
        out[f"clear_{name}"] = f"DELETE FROM register.{name} WHERE person_id = {TOUCHED}"
        out[f"fill_{name}"] = (
            f"INSERT INTO register.{name} ({listed}) SELECT {listed} FROM {source}"
        )
    return out


_KEPT = "record_id, source, file_no, sheet, row, cells, event_no"
PUT_RECORDS = (
    f"INSERT INTO register.record ({_KEPT}) SELECT {_KEPT} FROM"
    " json_populate_recordset(NULL::register.record, %s::json)"
)
PUT_STANDARD = (
    "INSERT INTO register.standard"
    " SELECT * FROM json_populate_recordset(NULL::register.standard, %s::json)"
)
PUT_FRESH = (
    "INSERT INTO live_fresh SELECT n.id FROM unnest(%s::bigint[]) AS n(id)"
    " WHERE NOT EXISTS (SELECT 1 FROM live_old_record o WHERE o.record_id = n.id)"
)

KEEP_OLD = (
    "WITH gone AS (DELETE FROM register.record WHERE record_id = %s RETURNING *),"
    " was AS (DELETE FROM register.standard WHERE record_id = %s RETURNING *),"
    " seed AS (INSERT INTO live_seed_record SELECT record_id, source, personal_number, spouse_number FROM was),"
    " before AS (INSERT INTO live_old_record SELECT * FROM was"
    " WHERE NOT EXISTS (SELECT 1 FROM live_old_record b WHERE b.record_id = was.record_id)"
    " AND NOT EXISTS (SELECT 1 FROM live_fresh f WHERE f.record_id = was.record_id))"
    " INSERT INTO register.record_history (record_id, recorded, cells, standard, event_no)"
    " SELECT g.record_id, tstzrange(g.recorded_from, greatest(now(), g.recorded_from + interval '1 microsecond')),"
    " g.cells, jsonb_strip_nulls(to_jsonb(w)), %s FROM gone g JOIN was w ON w.record_id = g.record_id"
    " RETURNING (standard->>'person_id')::bigint"
)

_OF_FINDING = "finding_no, rule_id, level, subject_id, source, unit_code, group_key"


def open_findings(groups: Sequence[str]) -> str:
    """The open findings that may have changed: of group rules for the judged, of the others for the touched."""
    listed = ", ".join(f"'{g}'" for g in groups)
    changed = "SELECT record_id FROM live_changed"
    return " UNION ALL ".join(
        (
            _open(
                "person", "SELECT person_id FROM live_near WHERE judged", f"rule_id IN ({listed})"
            ),
            _open("person", "SELECT person_id FROM live_touched", f"rule_id NOT IN ({listed})"),
            _open(
                "record",
                f"SELECT record_id FROM live_near_record WHERE judged UNION {changed}",
                f"rule_id IN ({listed})",
            ),
            _open("record", changed, f"rule_id NOT IN ({listed})"),
        )
    )


def _open(level: str, subjects: str, which: str) -> str:
    return (
        f"SELECT f.* FROM ({subjects}) AS s(id) CROSS JOIN LATERAL (SELECT {_OF_FINDING} FROM register.finding"
        f" WHERE closed_at IS NULL AND level = '{level}' AND subject_id = s.id AND {which} OFFSET 0) f"
    )


OPENED = (
    "INSERT INTO register.finding (rule_id, level, subject_id, source, unit_code, group_key, opened_by)"
    " SELECT *, %s FROM unnest(%s::text[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[])"
)

DELTAS = "COPY register.score_delta (event_no, rule_id, level, source, unit_code, evaluated, failed) FROM STDIN"
"""As COPY, since one move counts hundreds of rules out of one commune and into another."""


def delta_line(
    event: int, rule: str, level: str, source: str | None, unit: str, evaluated: int, failed: int
) -> str:
    """A line for `DELTAS`; the texts are codes of ours, without tabs or backslashes."""
    return f"{event}\t{rule}\t{level}\t{source or NO_SOURCE}\t{unit}\t{evaluated}\t{failed}\n"


NO_SOURCE = "\\N"
