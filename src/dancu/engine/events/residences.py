"""Where a person lived and when: periods of permanent residence out of the moves, each from its first day to the next.

What was written down before the first move reaches back without a known beginning. Half-open: the day of a move
belongs to the new place.
"""

from __future__ import annotations

COLUMNS = "person_id, kind, unit_code, address_head, valid_from, valid_to, record_id"


def residences() -> str:
    """Query for periods: person_id, kind, unit_code, address_head, valid_from, valid_to, record_id.

    Reads `events`, `standard`, `golden`, `links`; `valid_from` is NULL where the beginning is not known, `valid_to`
    where the period goes on.
    """
    moved = (
        "SELECT e.person_id, e.valid_on, e.record_id, s.permanent_unit AS unit_code, s.address_head"
        " FROM events e JOIN standard s ON s.record_id = e.record_id"
        " WHERE e.kind = 'move' AND s.permanent_unit IS NOT NULL"
    )
    # A move that only repeats golden's place is its beginning; any other golden place was there before.
    before = (
        "SELECT g.person_id, CAST(NULL AS DATE) AS valid_on, g.permanent_unit_from AS record_id,"
        " g.permanent_unit AS unit_code, g.address_head FROM golden g"
        " WHERE g.permanent_unit IS NOT NULL AND g.permanent_unit_from IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM events m JOIN standard t ON t.record_id = m.record_id"
        " WHERE m.person_id = g.person_id AND m.kind = 'move'"
        " AND (m.record_id = g.permanent_unit_from OR t.permanent_unit = g.permanent_unit))"
    )
    return (
        "SELECT person_id, 'permanent' AS kind, unit_code, address_head, valid_on AS valid_from,"
        " lead(valid_on) OVER (PARTITION BY person_id ORDER BY coalesce(valid_on, DATE '0001-01-01'))"
        f" AS valid_to, record_id FROM ({moved} UNION ALL {before}) AS places"
    )
