"""The demo's dossiers into the database: once, by COPY into a table of the session and set-based statements."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connections, transaction

from dancu.sectors.public_services.dossiers import aware
from dancu.sectors.public_services.figures import folding
from dancu.site import demo_dossiers
from dancu.site.demo_dossiers import DAY, Made, Person

__all__ = ["DAY", "load"]

_COLUMNS = (
    "procedure", "version", "essential", "procedure_group", "place", "unit_code", "channel", "applicant",
    "applicant_name", "status", "step", "holder", "filed_at", "accepted_at", "due_at", "paused_at", "ended_at",
    "returned_at", "minutes", "on_time", "supplements", "saved_papers", "electronic_result", "paid_online",
    "paper_reason",
)  # fmt: skip
_MOMENTS = frozenset(c for c in _COLUMNS if c.endswith("_at"))
_WHO = {"file": "citizen", "withdraw": "citizen", "sign": "leader"}
_BY = {"citizen": "công dân", "leader": "mau.unit.head", "officer": "mau.one.stop.officer"}


def load(*, scale: float, home: str) -> int:
    """How many dossiers were made; none when there are some already, or nobody in the register."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM services.dossier)")
        if cursor.fetchone()[0]:
            return 0
        cursor.execute(_PEOPLE)
        people = [Person(*row) for row in cursor.fetchall()]
        if not people:
            return 0
        cursor.execute(_TABLES)
        n = _copy(cursor.cursor, demo_dossiers.make(people, scale=scale, home=home))
        for statement in (_NUMBERED, _DOSSIERS, _MOVES, _LAST):
            cursor.execute(statement)
    folding.fold_all(connections["owner"])
    return n


def _copy(cursor: Any, found: Iterable[Made]) -> int:
    """Two tables, one after the other: the moves wait in memory."""
    moves: list[tuple[Any, ...]] = []
    n = 0
    names = ", ".join(("n", "agency", *_COLUMNS))
    with cursor.copy(f"COPY demo_dossier ({names}) FROM STDIN") as copy:
        for n, made in enumerate(found, 1):
            copy.write_row([n, demo_dossiers.agency(made), *(_value(made, c) for c in _COLUMNS)])
            before = None
            for place, (action, status, at) in enumerate(made.moves):
                role = _WHO.get(action, "officer")
                by = "" if role == "citizen" and made.row["channel"] == 2 else _BY["officer"]
                moves.append((n, place, action, before, status, aware(at), by or _BY[role], role))
                before = status
    with cursor.copy("COPY demo_move FROM STDIN") as copy:
        for move in moves:
            copy.write_row(move)
    return n


def _value(made: Made, column: str) -> Any:
    value = made.row.get(column)
    return aware(value) if column in _MOMENTS and value is not None else value


_PEOPLE = """
SELECT citizen_id, full_name, unit_code FROM register.person
WHERE unit_code IS NOT NULL AND full_name IS NOT NULL AND life_status = '1' AND birth_year BETWEEN 1950 AND 2004
ORDER BY person_id"""
_TABLES = f"""
CREATE TEMP TABLE demo_dossier ON COMMIT DROP AS
    SELECT 0 AS n, ''::text AS agency, ''::text AS code, 0::bigint AS dossier_no, d.* FROM (
        SELECT {", ".join(_COLUMNS)} FROM services.dossier LIMIT 0) d;
CREATE TEMP TABLE demo_move (n integer, place integer, action text, status_before smallint, status_after smallint,
    at timestamptz, by text, role text) ON COMMIT DROP"""
_NUMBERED = """
UPDATE demo_dossier d SET code = c.code FROM (
    SELECT n, agency || '-' || to_char(day, 'YYMMDD') || '-'
        || lpad(row_number() OVER (PARTITION BY agency, day ORDER BY filed_at, n)::text, 4, '0') AS code
    FROM (SELECT n, agency, filed_at, (filed_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day FROM demo_dossier) f) c
WHERE c.n = d.n"""
_DOSSIERS = f"""
INSERT INTO services.dossier (code, {", ".join(_COLUMNS)})
SELECT code, {", ".join(_COLUMNS)} FROM demo_dossier ORDER BY filed_at, n"""
_MOVES = """
INSERT INTO services.move (dossier_no, action, status_before, status_after, at, by, role)
SELECT s.dossier_no, m.action, m.status_before, m.status_after, m.at, m.by, m.role
FROM demo_move m JOIN demo_dossier d USING (n) JOIN services.dossier s ON s.code = d.code ORDER BY m.at, m.n, m.place"""
_LAST = """
INSERT INTO services.numbering (agency, day, last)
SELECT agency, (filed_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, count(*) FROM demo_dossier GROUP BY 1, 2
ON CONFLICT ON CONSTRAINT numbering_pkey DO UPDATE SET last = excluded.last"""
