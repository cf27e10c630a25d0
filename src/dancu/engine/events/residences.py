"""Where a person lived and when: periods of residence out of moves and stays, each from its first day to the next.

What was written down before the first move reaches back without a known beginning; striking off ends a period without
a next one. Half-open: the day of a move belongs to the new place.
"""

from __future__ import annotations

COLUMNS = "person_id, kind, unit_code, address_head, valid_from, valid_to, record_id"


def residences() -> str:
    """Query for periods: person_id, kind, unit_code, address_head, valid_from, valid_to, record_id.

    Reads `events`, `standard`, `golden`; `kind` is permanent or temporary, `valid_from` is NULL where the beginning is
    not known, `valid_to` where the period goes on.
    """
    moved = _stated("permanent", "move", "s.permanent_unit", "s.address_head")
    stayed = _stated(
        "temporary", "temporary_residence", "s.temporary_unit", "CAST(NULL AS VARCHAR)"
    )
    struck = (
        "SELECT e.person_id, 'permanent' AS kind, e.valid_on, e.record_id,"
        " CAST(NULL AS VARCHAR) AS unit_code, CAST(NULL AS VARCHAR) AS address_head, 1 AS turn"
        " FROM events e WHERE e.kind = 'residence_cancelled'"
    )
    # A move that only repeats golden's place is its beginning; any other golden place was there before.
    before = (
        "SELECT g.person_id, 'permanent' AS kind, CAST(NULL AS DATE) AS valid_on,"
        " g.permanent_unit_from AS record_id, g.permanent_unit AS unit_code, g.address_head, 0 AS turn"
        " FROM golden g WHERE g.permanent_unit IS NOT NULL AND g.permanent_unit_from IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM events m JOIN standard t ON t.record_id = m.record_id"
        " WHERE m.person_id = g.person_id AND m.kind = 'move'"
        " AND (m.record_id = g.permanent_unit_from OR t.permanent_unit = g.permanent_unit))"
    )
    places = " UNION ALL ".join((moved, stayed, struck, before))
    periods = (
        "SELECT person_id, kind, unit_code, address_head, valid_on AS valid_from, lead(valid_on) OVER"
        " (PARTITION BY person_id, kind ORDER BY coalesce(valid_on, DATE '0001-01-01'), turn)"
        f" AS valid_to, record_id FROM ({places}) AS places"
    )
    return (
        f"SELECT {COLUMNS} FROM ({periods}) AS periods"
        " WHERE unit_code IS NOT NULL AND coalesce(valid_from <> valid_to, TRUE)"
    )


def _stated(kind: str, event: str, unit: str, head: str) -> str:
    """The places that events of one kind tell, each from its day on."""
    return (
        f"SELECT e.person_id, '{kind}' AS kind, e.valid_on, e.record_id, {unit} AS unit_code,"
        f" {head} AS address_head, 0 AS turn FROM events e JOIN standard s ON s.record_id = e.record_id"
        f" WHERE e.kind = '{event}' AND {unit} IS NOT NULL"
    )
