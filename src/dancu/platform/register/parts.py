"""What hangs on a citizen who was let through the door: records, lost values, residences, events, findings, the log.

Every function takes the view that the door gave, asks by its keys, and leaves out what the role does not open;
row-level security holds for each table on its own.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from dancu import rules
from dancu.platform.register.door import Citizen
from dancu.platform.register.words_of import group_of
from dancu.reference.fields import fields as dictionary

Row = dict[str, Any]
_SHOWN = 30
_JSON = (114, 3802)


def ask(query: str, *given: Any) -> list[Row]:
    """Rows by column; JSON is read, since Django's cursors give its text."""
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        columns = [(column.name, column.type_code in _JSON) for column in cursor.description]
        rows = cursor.fetchall()
    return [
        {
            name: json.loads(value) if is_json and isinstance(value, str) else value
            for (name, is_json), value in zip(columns, row, strict=True)
        }
        for row in rows
    ]


@dataclass(frozen=True)
class Record:
    """A row of a list that is part of the person: where it stands, its cells as given, its standard values."""

    record_id: int
    source: str
    place: str
    list_date: dt.date | None
    entered: bool
    cells: Mapping[str, Any]
    standard: Mapping[str, Any]
    event_no: int | None


def records(of: Citizen) -> list[Record]:
    """The source records, the newest list first."""
    rows = ask(
        "SELECT s.*, r.cells AS given, r.sheet, r.event_no, f.name AS file, f.entered"
        " FROM register.standard s JOIN register.record r ON r.record_id = s.record_id"
        " LEFT JOIN register.file f ON f.file_no = r.file_no AND f.sheet = r.sheet"
        " WHERE s.person_id = %s ORDER BY s.list_date DESC NULLS LAST, s.record_id", of.person_id,
    )  # fmt: skip
    return [_record(row, of) for row in rows]


def _record(row: Row, of: Citizen) -> Record:
    opened = {f.field for f in dictionary().values() if f.group in of.groups}
    given = row["given"] or {}
    return Record(
        record_id=row["record_id"],
        source=row["source"],
        place=_place(row),
        list_date=row["list_date"],
        entered=bool(row["entered"]),
        cells={role: value for role, value in given.items() if role in opened},
        standard={f: row[f] for f in dictionary() if f in opened and row.get(f) is not None},
        event_no=row["event_no"],
    )


def _place(row: Row) -> str:
    sheet = f", {row['sheet']}" if row["sheet"] else ""
    return f"{row['file'] or row['source']}{sheet}, {_('dòng')} {row['row']}"


def contested(of: Citizen) -> list[Row]:
    """Values of the open groups that lost against another, with the record that says them."""
    rows = ask(
        "SELECT field, value, record_id, reason FROM register.contested WHERE person_id = %s"
        " ORDER BY field, record_id", of.person_id,
    )  # fmt: skip
    return [row for row in rows if group_of(row["field"]) in of.groups]


def residences(of: Citizen) -> list[Row]:
    """Periods of residence, the newest first."""
    if not of.sees("residence"):
        return []
    return ask(
        "SELECT kind, unit_code, address_head, valid_from, valid_to, record_id FROM register.residence"
        " WHERE person_id = %s ORDER BY valid_from DESC NULLS LAST, kind", of.person_id,
    )  # fmt: skip


def life_events(of: Citizen) -> list[Row]:
    """What happened to the person; births, deaths and marriages for who sees family or history."""
    if not (of.sees("history") or of.sees("family")):
        return []
    return ask(
        "SELECT kind, valid_on, recorded_on, record_id FROM register.life_event WHERE person_id = %s"
        " ORDER BY valid_on DESC NULLS LAST, event_id", of.person_id,
    )  # fmt: skip


def findings(of: Citizen, record_ids: list[int]) -> list[Row]:
    """Open findings, then those closed last, of the person and of its records; each with its rule."""
    which = "(level = 'person' AND subject_id = %s OR level = 'record' AND subject_id = ANY(%s))"
    columns = (
        "finding_no, rule_id, level, subject_id, source, group_key, opened_at, closed_at, closed_by"
    )
    rows = ask(
        f"(SELECT {columns} FROM register.finding WHERE {which} AND closed_at IS NULL)"
        f" UNION ALL (SELECT {columns} FROM register.finding WHERE {which} AND closed_at IS NOT NULL"
        f" ORDER BY closed_at DESC LIMIT {_SHOWN}) ORDER BY closed_at DESC NULLS FIRST, rule_id, finding_no",
        of.person_id, record_ids, of.person_id, record_ids,
    )  # fmt: skip
    for row in rows:
        row["rule"] = rules.get(row["rule_id"])
    return rows


def sources() -> dict[str, Row]:
    """What each source is called and how far it is trusted."""
    return {row["source"]: row for row in ask("SELECT source, spec FROM register.source")}


def log(of: Citizen) -> list[Row]:
    """Who looked at the person last."""
    if not of.sees("history"):
        return []
    return ask(
        "SELECT at, by, role, purpose, basis, fields, extraordinary FROM register.access_log"
        f" WHERE citizen_id = %s ORDER BY at DESC, access_no DESC LIMIT {_SHOWN}", of.citizen_id,
    )  # fmt: skip
