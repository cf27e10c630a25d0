"""`persons`: golden as changed by the events that were true and known by the asked day.

Order of arrival does not matter: for each person the event latest in valid time decides. A list that still repeats
what was true before an event does not undo it.
"""

from __future__ import annotations

import datetime as dt

from dancu.engine.events import statuses
from dancu.engine.events.replaced import REPLACEMENTS, changed, joined, last_event
from dancu.reference.fields import citizen_columns, fields


def known_events(on: dt.date) -> str:
    """Events true and known by the day."""
    day = f"DATE '{on.isoformat()}'"
    return (
        f"SELECT * FROM events WHERE person_id IS NOT NULL AND valid_on <= {day}"
        f" AND (recorded_on IS NULL OR recorded_on <= {day})"
    )


def deaths() -> str:
    """person_id, day and record of the death; a day that is not known stays unknown."""
    return (
        "SELECT person_id, record_id AS death_record,"
        " CASE WHEN strpos(payload, 'day_known') = 0 THEN valid_on END AS death_day"
        f" FROM ({last_event(('death',), stated=False)}) d"
    )


def marriages() -> str:
    """person_id and the state after the last marriage or divorce, where golden's is older or says never married."""
    return (
        "SELECT m.person_id, m.record_id AS wedding_record,"
        " CASE m.kind WHEN 'marriage' THEN '2' ELSE '3' END AS state,"
        " CASE m.kind WHEN 'marriage' THEN m.valid_on END AS wedding_day"
        f" FROM ({last_event(('marriage', 'divorce'), stated=False)}) m"
        " JOIN golden g ON g.person_id = m.person_id"
        " LEFT JOIN _event_spoken r ON r.record_id = g.marital_status_from"
        " WHERE g.marital_status IS NULL OR g.marital_status IN ('0', '1') OR m.valid_on > r.day"
    )


def confirmed(on: dt.date) -> str:
    """person_id, last_confirmed: the latest day, not after the asked one, on which a record spoke."""
    day = f"DATE '{on.isoformat()}'"
    return (
        f"SELECT person_id, max(CASE WHEN day <= {day} THEN day END) AS last_confirmed"
        " FROM _event_spoken GROUP BY person_id"
    )


def persons() -> str:
    """Table `persons`, in the column order of `golden` with `last_confirmed` at the end."""
    made = _changed()
    columns = [made.get(c, f"g.{c}") for c in citizen_columns()]
    origins = [
        made.get(f"{f.field}_from", f"g.{f.field}_from")
        for f in fields().values()
        if f.survivorship and f.standard
    ]
    head = "g.person_id, g.n_records, g.n_sources, g.sources, g.expected_fields, g.on_date"
    return (
        f"SELECT {', '.join([head, *columns, *origins])}, c.last_confirmed FROM golden g"
        f"{''.join(joined(r) for r in REPLACEMENTS)}"
        " LEFT JOIN _event_statuses t ON t.person_id = g.person_id"
        " LEFT JOIN _event_cards k ON k.person_id = g.person_id"
        " LEFT JOIN _event_deaths d ON d.person_id = g.person_id"
        " LEFT JOIN _event_marriages w ON w.person_id = g.person_id"
        " LEFT JOIN _event_confirmed c ON c.person_id = g.person_id"
    )


def _changed() -> dict[str, str]:
    taken: dict[str, str] = {}
    for replacement in REPLACEMENTS:
        taken |= changed(replacement)
    return (
        taken
        | statuses.changed()
        | statuses.card_changed()
        | {
            "life_status": _case("d.death_record", "'2'", "life_status"),
            "life_status_from": (
                "CASE WHEN d.death_record IS NOT NULL AND g.life_status IS DISTINCT FROM '2'"
                " THEN d.death_record ELSE g.life_status_from END AS life_status_from"
            ),
            "death_date": "coalesce(g.death_date, d.death_day) AS death_date",
            "death_date_from": (
                "CASE WHEN g.death_date IS NULL AND d.death_day IS NOT NULL THEN d.death_record"
                " ELSE g.death_date_from END AS death_date_from"
            ),
            "marital_status": _case("w.state", "w.state", "marital_status"),
            "marital_status_from": _case("w.state", "w.wedding_record", "marital_status_from"),
            "marriage_date": "coalesce(w.wedding_day, g.marriage_date) AS marriage_date",
            "marriage_date_from": _case("w.wedding_day", "w.wedding_record", "marriage_date_from"),
        }
    )


def _case(when: str, then: str, column: str) -> str:
    return f"CASE WHEN {when} IS NOT NULL THEN {then} ELSE g.{column} END AS {column}"
