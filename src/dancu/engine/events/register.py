"""`persons`: golden as changed by the events that were true and known by the asked day.

Order of arrival does not matter: for each person the event latest in valid time decides. A list that still repeats
what was true before an event does not undo it.
"""

from __future__ import annotations

import datetime as dt

from dancu.reference.fields import citizen_columns, fields

_MOVED = ("permanent_unit", "permanent_unit_status", "unit_code", "address_head",
          "permanent_unit_issue", "permanent_unit_fix", "address_head_issue")  # fmt: skip


def known_events(on: dt.date) -> str:
    """Events true and known by the day."""
    day = f"DATE '{on.isoformat()}'"
    return (
        f"SELECT * FROM events WHERE person_id IS NOT NULL AND valid_on <= {day}"
        f" AND (recorded_on IS NULL OR recorded_on <= {day})"
    )


def _latest(name: str, kinds: str) -> str:
    """The one event of these kinds that is last in valid time, for each person."""
    return (
        f"{name} AS (SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY person_id ORDER BY"
        f" valid_on DESC, recorded_on DESC, event_id) AS choice FROM _event_known WHERE kind IN ({kinds}))"
        " ranked WHERE choice = 1)"
    )


def moves() -> str:
    """person_id and what the last move says, where golden's residence is older or repeats an older one."""
    columns = ", ".join(f"s.{c}" for c in _MOVED if c in citizen_columns())
    return (
        f"WITH {_latest('last', chr(39) + 'move' + chr(39))}"
        f" SELECT m.person_id, m.record_id AS move_record, {columns} FROM last m"
        " JOIN standard s ON s.record_id = m.record_id"
        " JOIN golden g ON g.person_id = m.person_id"
        " LEFT JOIN _event_spoken r ON r.record_id = g.permanent_unit_from"
        " WHERE s.permanent_unit IS NOT NULL AND (g.permanent_unit_from IS NULL"
        " OR m.valid_on > r.day OR m.recorded_on > r.day"
        " OR EXISTS (SELECT 1 FROM _event_spoken b WHERE b.person_id = m.person_id"
        " AND b.day < m.valid_on AND b.unit_code = g.unit_code))"
    )


def deaths() -> str:
    """person_id, day and record of the death; a day that is not known stays unknown."""
    return (
        f"WITH {_latest('last', chr(39) + 'death' + chr(39))}"
        " SELECT person_id, record_id AS death_record,"
        " CASE WHEN strpos(payload, 'day_known') = 0 THEN valid_on END AS death_day FROM last"
    )


def marriages() -> str:
    """person_id and the state after the last marriage or divorce, where golden's is older or says never married."""
    return (
        f"WITH {_latest('last', chr(39) + 'marriage' + chr(39) + ', ' + chr(39) + 'divorce' + chr(39))}"
        " SELECT m.person_id, m.record_id AS wedding_record,"
        " CASE m.kind WHEN 'marriage' THEN '2' ELSE '3' END AS state,"
        " CASE m.kind WHEN 'marriage' THEN m.valid_on END AS wedding_day"
        " FROM last m JOIN golden g ON g.person_id = m.person_id"
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
    changed = _changed()
    columns = [changed.get(c, f"g.{c}") for c in citizen_columns()]
    origins = [
        changed.get(f"{f.field}_from", f"g.{f.field}_from")
        for f in fields().values()
        if f.survivorship and f.standard
    ]
    head = "g.person_id, g.n_records, g.n_sources, g.sources, g.expected_fields, g.on_date"
    return (
        f"SELECT {', '.join([head, *columns, *origins])}, c.last_confirmed FROM golden g"
        " LEFT JOIN _event_moves m ON m.person_id = g.person_id"
        " LEFT JOIN _event_deaths d ON d.person_id = g.person_id"
        " LEFT JOIN _event_marriages w ON w.person_id = g.person_id"
        " LEFT JOIN _event_confirmed c ON c.person_id = g.person_id"
    )


def _changed() -> dict[str, str]:
    moved = {c: _case("m.move_record", f"m.{c}", c) for c in _MOVED if c in citizen_columns()}
    for field in ("permanent_unit", "address_head"):
        moved[f"{field}_from"] = _case("m.move_record", "m.move_record", f"{field}_from")
    return moved | {
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


def _case(when: str, then: str, column: str) -> str:
    return f"CASE WHEN {when} IS NOT NULL THEN {then} ELSE g.{column} END AS {column}"
