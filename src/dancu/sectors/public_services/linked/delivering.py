"""What waits to be told is taken into the register, and what became of it is written down. Works as the owner.

One row is one event under one name for ever; a row is locked while it is told, so that two workers do not both tell.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db import DatabaseError, connections, transaction

from dancu.kit import events
from dancu.kit.events import Entry, Outcome, Problem, Recorder
from dancu.sectors.public_services.linked import entries

SOURCE = "dancu/services"
OWNER = "owner"
_log = logging.getLogger("dancu.services")


class Row(NamedTuple):
    """A row that waits."""

    number: int
    dossier_no: int
    code: str
    turn: int
    kind: str
    place: str
    data: Mapping[str, str]
    by: str
    same_as: int | None
    """A record of the person, where an earlier part of the linked service made one: no score has to find it."""


def name(code: str, turn: int) -> str:
    """The event's name under our source."""
    return f"{code}/{turn}"


def try_to(number: int) -> str:
    """Tell it; the state that it has then. What goes wrong by the way is noted and tried again by :func:`sweep`."""
    try:
        return deliver(number)
    except (events.StoreError, DatabaseError, TimeoutError):
        _log.exception("an event of a dossier was not told yet")
        with connections[OWNER].cursor() as cursor:
            cursor.execute("UPDATE services.told SET tries = tries + 1 WHERE told_no = %s", [number])  # fmt: skip
        return "waiting"


def deliver(number: int) -> str:
    """Tell it once; '' when it does not wait. Raises StoreError when the register cannot answer now."""
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        row = _waiting(cursor, number)
        if row is None:
            return ""
        try:
            outcome = events.do_record(_entry(row), by=_recorder(row))
        except events.Refused as error:
            return _refused(cursor, row, error.problems)
        except events.Outside:
            return _refused(cursor, row, [Problem("", "outside")])
        except events.Conflict:
            return _refused(cursor, row, [Problem("", "conflict")])
        return _taken(cursor, row, outcome)


def sweep() -> int:
    """What still waits is told, what was doubtful is looked at anew; how many rows moved on."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT told_no FROM services.told WHERE state = 'waiting' ORDER BY told_no")
        waiting = [number for (number,) in cursor.fetchall()]
        cursor.execute(_SETTLED)
        settled: int = cursor.rowcount
    return settled + sum(try_to(number) != "waiting" for number in waiting)


def _waiting(cursor: Any, number: int) -> Row | None:
    cursor.execute(
        f"SELECT t.told_no, t.dossier_no, d.code, t.turn, t.kind, t.place, t.data, t.by, ({_FIRST})"
        " FROM services.told t JOIN services.dossier d USING (dossier_no)"
        " WHERE t.told_no = %s AND t.state = 'waiting' FOR UPDATE OF t SKIP LOCKED",
        [number],
    )
    found = cursor.fetchone()
    if found is None:
        return None
    row = Row(*found)
    return row._replace(data=json.loads(row.data) if isinstance(row.data, str) else row.data)


def _entry(row: Row) -> Entry:
    return Entry(row.kind, row.data, SOURCE, name(row.code, row.turn), row.same_as)


def _recorder(row: Row) -> Recorder:
    """Who signed, for people of the dossier's commune alone."""
    return Recorder(row.by, frozenset({row.kind}), frozenset({row.place}))


def _refused(cursor: Any, row: Row, problems: Sequence[Problem]) -> str:
    cursor.execute(
        "UPDATE services.told SET state = 'refused', problems = %s, answered_at = now() WHERE told_no = %s",
        [json.dumps([list(p) for p in problems]), row.number],
    )
    return "refused"


def _taken(cursor: Any, row: Row, outcome: Outcome) -> str:
    cursor.execute(
        "UPDATE services.told SET state = CASE WHEN EXISTS (SELECT 1 FROM register.duplicate WHERE settled_at IS NULL"
        " AND (record_a = ANY(%(records)s) OR record_b = ANY(%(records)s))) THEN 'doubtful' ELSE 'taken' END,"
        " problems = '[]', event_no = %(event)s, citizen = %(citizen)s, answered_at = now()"
        " WHERE told_no = %(row)s RETURNING state",
        {"records": list(outcome.records), "event": outcome.event_no, "row": row.number,
         "citizen": outcome.citizens[0] if outcome.citizens else None},
    )  # fmt: skip
    (state,) = cursor.fetchone()
    _carry_on(cursor, row)
    if row.kind == "birth" and outcome.citizens:
        cursor.execute(_ALSO_THE_CHILDS, [outcome.citizens[0], row.dossier_no])
    return str(state)


def _carry_on(cursor: Any, row: Row) -> None:
    """The parts that waited for this one get what only its end could tell (a child's number)."""
    cursor.execute(
        "SELECT p.dossier_no, p.procedure, d.procedure, d.form FROM services.dossier d"
        " JOIN services.dossier p ON p.bundle = d.bundle AND p.dossier_no <> d.dossier_no AND p.status = 1"
        " WHERE d.dossier_no = %s",
        [row.dossier_no],
    )
    for number, part, procedure, form in cursor.fetchall():
        told = json.loads(form) if isinstance(form, str) else form
        if more := entries.carried(procedure, part, told):
            cursor.execute(
                "UPDATE services.dossier SET form = form || %s::jsonb WHERE dossier_no = %s",
                [json.dumps(more), number],
            )


_FIRST = """
SELECT (e.result -> 'records' ->> 0)::bigint FROM services.dossier f JOIN services.told o USING (dossier_no)
JOIN register.event e ON e.event_no = o.event_no
WHERE f.bundle = d.bundle AND f.dossier_no < d.dossier_no AND o.state = 'taken'
ORDER BY f.dossier_no, o.turn DESC LIMIT 1"""
_ALSO_THE_CHILDS = """
INSERT INTO services.paper_person (paper, citizen)
SELECT paper, %s FROM services.paper WHERE dossier_no = %s AND kind = 'result' ON CONFLICT DO NOTHING"""
_SETTLED = """
UPDATE services.told t SET state = 'taken' FROM register.event e
WHERE t.state = 'doubtful' AND e.event_no = t.event_no AND NOT EXISTS (
  SELECT 1 FROM register.duplicate p, jsonb_array_elements_text(e.result -> 'records') r
  WHERE p.settled_at IS NULL AND r.value::bigint IN (p.record_a, p.record_b))"""
