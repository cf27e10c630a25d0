"""Persons as the matcher put them together: their records, the links between, and two of them side by side."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from dancu.platform.duplicates import queue, shown, sides
from dancu.platform.duplicates.explaining import reader
from dancu.platform.duplicates.sides import Looked, Side
from dancu.platform.register.door import Citizen, NoCitizen, access_citizen
from dancu.platform.register.parts import Record, Row, ask, records, sources
from dancu.platform.register.words_of import worded

_SHOWN = 20


def number_of(citizen: UUID) -> int | None:
    """The engine's number of a citizen whom the log-in may see."""
    found = ask(
        "SELECT person_id FROM register.person WHERE citizen_id = register.went(%s::uuid)",
        str(citizen),
    )
    return int(found[0]["person_id"]) if found else None


def person(citizen: UUID, look: Looked) -> dict[str, Any]:
    """A person's records with what holds them together. NoCitizen when the log-in may not see it."""
    of = access_citizen(citizen_id=citizen, by=look.by, purpose=look.purpose, on=look.on)
    found = records(of)
    ids = [record.record_id for record in found]
    told = reader().pair(ids[0], ids[-1], lang=shown.lang()) if len(ids) > 1 else None
    return {
        "of": of,
        "name": of.values.get("full_name") or "",
        "born": sides.born(of.birth_parts),
        "records": [_line(record, of) for record in found],
        "graph": _drawn(told.graphs[0]) if told else None,
        "judgements": shown.judgement_lines(_judged(ids)),
    }


def _drawn(graph: dict[str, Any]) -> dict[str, Any]:
    from dancu.engine.link import picture

    return {"graph": graph, "net": picture.net(graph["members"], graph["links"])}


def _line(record: Record, of: Citizen) -> dict[str, Any]:
    spec = sources().get(record.source, {}).get("spec") or {}
    told = record.standard
    return {
        "record_id": record.record_id,
        "source": spec.get("name_vi") or record.source,
        "list_date": record.list_date,
        "place": record.place,
        "name": told.get("full_name") or "",
        "born": worded("birth_date", told.get("birth_date"), on=of.on),
        "number": worded("personal_number", told.get("personal_number"), on=of.on),
    }


def _judged(ids: list[int]) -> list[Row]:
    """Conclusions about these records, the newest first; `current`: nothing later was said of the pair."""
    return ask(
        "SELECT j.*, NOT EXISTS (SELECT 1 FROM register.judgement l WHERE l.record_a = j.record_a"
        " AND l.record_b = j.record_b AND l.judgement_no > j.judgement_no) AND j.verdict <> 'withdrawn' AS current"
        " FROM register.judgement j WHERE (j.record_a = ANY(%s) OR j.record_b = ANY(%s))"
        " AND j.event_no IS NOT NULL ORDER BY j.judgement_no DESC LIMIT %s", ids, ids, 5 * _SHOWN,
    )[:_SHOWN]  # fmt: skip


def two(a: UUID, b: UUID, look: Looked) -> dict[str, Any]:
    """Why two citizens are two: the records between which the evidence is strongest. NoCitizen, NoRecord."""
    members = []
    for citizen in (a, b):
        number = number_of(citizen)
        if number is None:
            raise NoCitizen(str(citizen))
        rows = ask(
            "SELECT record_id FROM register.standard WHERE person_id = %s ORDER BY 1", number
        )
        members.append([row["record_id"] for row in rows])
    if members[0] == members[1]:
        return {"one_record": True, "citizen": a}
    waiting = ask(
        "SELECT duplicate_no, record_a, record_b FROM register.duplicate WHERE settled_at IS NULL"
        " AND (record_a = ANY(%s) AND record_b = ANY(%s) OR record_a = ANY(%s) AND record_b = ANY(%s))"
        " ORDER BY probability DESC LIMIT 1", *members, *reversed(members),
    )  # fmt: skip
    x, y = (
        (waiting[0]["record_a"], waiting[0]["record_b"]) if waiting else reader().nearest(*members)
    )
    x, y = (x, y) if x in members[0] else (y, x)
    told = reader().pair(x, y, lang=shown.lang())
    left, right = sides.of_record(x, look), sides.of_record(y, look)
    return shown.explained(told, left, right) | {"waiting": waiting[0] if waiting else None}


def of_proposal(row: Row, look: Looked) -> dict[str, Any]:
    """The two sides of the first pair that a proposal is about, as far as this officer may see them."""
    first, second, _verdict = row["answers"][0]
    found = queue.find(row["duplicate_no"]) if row["duplicate_no"] else None
    try:
        a, b = sides.of_pair(found, look) if found else _each(first, second, look)
    except NoCitizen:
        return {"out": _taken_out(row)}
    told = reader().pair(first, second, lang=shown.lang())
    return shown.explained(told, a, b) | {"out": _taken_out(row)}


def _each(first: int, second: int, look: Looked) -> tuple[Side, Side]:
    return sides.of_record(first, look), sides.of_record(second, look)


def _taken_out(row: Row) -> list[tuple[int, int]]:
    return [(a, b) for a, b, _verdict in row["answers"]]


def open_pair_of(event: int) -> int | None:
    """The pair of the queue that an event's conclusion was about, if it is open again."""
    found = ask(
        "SELECT d.duplicate_no FROM register.judgement j JOIN register.duplicate d ON d.record_a = j.record_a"
        " AND d.record_b = j.record_b AND d.settled_at IS NULL WHERE j.event_no = %s LIMIT 1", event,
    )  # fmt: skip
    return int(found[0]["duplicate_no"]) if found else None
