"""Events as SQL: from lists of events, and from what records of one person say at different times.

Every event has the day on which it was true (`valid_on`) and the day on which it was known (`recorded_on`).
Its id is a hash of kind, record and day, so it does not change when clusters do.
"""

from __future__ import annotations

from collections.abc import Mapping

from dancu.engine.spec import SectorSpec
from dancu.reference.events import stated_kinds

COLUMNS = "kind, person_id, record_id, valid_on, recorded_on, payload"


def event_sources(sources: Mapping[str, SectorSpec]) -> tuple[str, ...]:
    """Sources whose rows are events."""
    return tuple(sorted(n for n, spec in sources.items() if spec.subject == "event"))


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names) or "NULL"


def spoken(sources: Mapping[str, SectorSpec]) -> str:
    """What the events need of every record: its person, its day, and whether its list is one of events."""
    listed = _listed(event_sources(sources))
    is_event = f"s.source IN ({listed})" if event_sources(sources) else "FALSE"
    of_event = "coalesce(s.event_date, s.registered_on, s.updated_on, s.list_date)"
    columns = (
        "full_name, personal_number, birth_date, birth_year, permanent_unit, unit_code, temporary_unit, life_status,"
        " death_date, marriage_date, spouse_name, spouse_number, card_issued, event_kind, event_date, registered_on,"
        " updated_on, list_date"
    )
    named = ", ".join(f"s.{c.strip()}" for c in columns.split(","))
    return (
        f"SELECT l.person_id, s.record_id, s.source, {is_event} AS is_event,"
        f" CASE WHEN {is_event} THEN {of_event} ELSE coalesce(s.updated_on, s.list_date) END AS day,"
        f" {named} FROM standard s JOIN links l ON l.record_id = s.record_id"
    )


def listed_events(sources: Mapping[str, SectorSpec]) -> str:
    """Rows of event lists as events; a row whose kind nobody knows makes none."""
    return (
        f"SELECT {COLUMNS}, 0 AS priority, 'own' AS side FROM (SELECT kind, person_id, record_id,"
        f" coalesce(event_date, {_own_day()}, registered_on, list_date) AS valid_on,"
        f" coalesce(registered_on, updated_on, list_date) AS recorded_on, {_payload()} AS payload"
        f" FROM (SELECT *, {_kind(sources)} AS kind FROM _event_spoken WHERE is_event) named"
        " WHERE kind IS NOT NULL) made"
    )


def _own_day() -> str:
    return (
        "CASE kind WHEN 'death' THEN death_date WHEN 'marriage' THEN marriage_date"
        " WHEN 'birth' THEN birth_date WHEN 'card_issued' THEN card_issued END"
    )


def _kind(sources: Mapping[str, SectorSpec]) -> str:
    declared = {n: spec.event_kind for n, spec in sources.items() if spec.event_kind}
    alone = " ".join(f"WHEN '{n}' THEN '{kind}'" for n, kind in sorted(declared.items()))
    otherwise = f"CASE source {alone} END" if declared else "NULL"
    return (
        f"CASE WHEN event_kind IN ({_listed(stated_kinds())}) THEN event_kind ELSE {otherwise} END"
    )


def _payload() -> str:
    parts = {
        "move": _object({"unit": "permanent_unit"}),
        "marriage": _object({"spouse": "spouse_name"}),
        "birth": _object({"name": "full_name"}),
        "name_correction": _object({"to": "full_name"}),
        "date_correction": _object({"to": _BIRTH}),
        "number_correction": _object({"to": "personal_number"}),
        "number_cancelled": _object({"number": "personal_number"}),
        "number_reestablished": _object({"to": "personal_number"}),
        "temporary_residence": _object({"unit": "temporary_unit"}),
        "residence_cancelled": _object({"unit": "permanent_unit"}),
    }
    whens = " ".join(f"WHEN '{kind}' THEN {made}" for kind, made in parts.items())
    return f"CASE kind {whens} ELSE '{{}}' END"


_BIRTH = "coalesce(CAST(birth_date AS VARCHAR), CAST(birth_year AS VARCHAR))"
"""The birth date as far as the record knows it."""


def _object(members: Mapping[str, str]) -> str:
    """A JSON object of texts; quotes and backslashes escaped, NULL as null."""
    pairs = [
        f"'\"{key}\":' || coalesce('\"' || replace(replace({column}, '\\', '\\\\'), '\"', '\\\"') || '\"', 'null')"
        for key, column in members.items()
    ]
    return "'{' || " + " || ',' || ".join(pairs) + " || '}'"


def spouse_events() -> str:
    """A wedding in a list tells of two people: the other one is found by number in `golden`."""
    return (
        "SELECT e.kind, g.person_id, e.record_id, e.valid_on, e.recorded_on,"
        f" {_object({'spouse': 's.full_name'})} AS payload, 0 AS priority, 'spouse' AS side"
        " FROM _event_listed e JOIN _event_spoken s ON s.record_id = e.record_id"
        " JOIN golden g ON g.personal_number = s.spouse_number"
        " WHERE e.kind IN ('marriage', 'divorce') AND g.person_id <> e.person_id"
    )


def stated_events() -> str:
    """Deaths and marriages that records of persons state."""
    return (
        f"SELECT {COLUMNS}, 1 AS priority, 'own' AS side FROM (SELECT 'death' AS kind, person_id, record_id,"
        " coalesce(death_date, day) AS valid_on, day AS recorded_on,"
        " CASE WHEN death_date IS NULL THEN '{\"day_known\":false}' ELSE '{}' END AS payload"
        " FROM _event_spoken WHERE NOT is_event AND (death_date IS NOT NULL OR life_status = '2')"
        " UNION ALL SELECT 'marriage', person_id, record_id, marriage_date, day,"
        f" {_object({'spouse': 'spouse_name'})}"
        " FROM _event_spoken WHERE NOT is_event AND marriage_date IS NOT NULL) stated"
    )


def changes() -> str:
    """What one source says differently of a person on a later day: corrections and moves."""
    return (
        "SELECT person_id, record_id, day, full_name, personal_number, permanent_unit, unit_code,"
        " lag(full_name) OVER w AS old_name, lag(personal_number) OVER w AS old_number,"
        " lag(unit_code) OVER w AS old_unit, lag(day) OVER w AS old_day"
        " FROM _event_spoken WHERE NOT is_event AND person_id IN"
        " (SELECT person_id FROM links GROUP BY person_id HAVING count(*) > 1)"
        " WINDOW w AS (PARTITION BY person_id, source ORDER BY day, record_id)"
    )


def changed_events() -> str:
    """The events behind `changes`."""
    kinds = (
        ("name_correction", "old_name", "full_name", "full_name"),
        ("number_correction", "old_number", "personal_number", "personal_number"),
        ("move", "old_unit", "unit_code", "permanent_unit"),
    )
    return " UNION ALL ".join(
        f"SELECT '{kind}' AS kind, person_id, record_id, day AS valid_on, day AS recorded_on,"
        f" {_object({'from': old, 'to': new, 'unit': stated})} AS payload, 2 AS priority, 'own' AS side"
        f" FROM _event_changes WHERE old_day < day AND {old} <> {new}"
        for kind, old, new, stated in kinds
    )


def events() -> str:
    """Table `events`: one row a person, kind and day (the best source), and one a unit change."""
    # A wedding is one row of a list and an event of two people: the place tells them apart.
    key = "concat(kind, '|', record_id, '|', valid_on, '|', side)"
    return (
        f"SELECT md5({key}) AS event_id, {COLUMNS} FROM (SELECT *, row_number() OVER"
        " (PARTITION BY person_id, kind, valid_on ORDER BY priority, record_id) AS choice"
        " FROM _event_all WHERE valid_on IS NOT NULL) ranked WHERE choice = 1"
        " UNION ALL SELECT event_id, kind, CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), valid_on,"
        " recorded_on, payload FROM _event_units"
    )
