"""Runs a stage's steps on a small `standard` written by hand; every column not told is NULL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from dancu.engine.ports import Context, Drop, Kernel, Part, Sql, Step
from dancu.engine.spec import SectorSpec
from dancu.lib.text import fold
from dancu.reference.fields import citizen_columns
from dancu.store.duckdb import DuckStore

ON = dt.date(2024, 6, 21)
_ARROW = {
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
    "BIGINT": pa.int64(),
    "SMALLINT": pa.int16(),
    "TINYINT": pa.int8(),
}
_OWN = {
    "record_id": pa.int64(),
    "source": pa.string(),
    "file_no": pa.int32(),
    "row": pa.int64(),
    "list_date": pa.date32(),
    "on_date": pa.date32(),
    "expected_fields": pa.list_(pa.string()),
}
SOURCES = {
    "population": SectorSpec("population", "", "", "", "", trust={"*": 90, "phone": 40}),
    "health": SectorSpec("health", "", "", "", "", trust={"*": 60}),
    "school": SectorSpec("school", "", "", "", "", trust={"*": 60}),
    "civil_status": SectorSpec("civil_status", "", "", "", "", subject="event", trust={"*": 80}),
    "cards": SectorSpec("cards", "", "", "", "", subject="event", trust={"*": 60}),
    "moves": SectorSpec(
        "moves", "", "", "", "", subject="event", trust={"*": 50}, event_kind="move"
    ),
}


def context(on: dt.date = ON) -> Context:
    return Context(on=on, test_people=True, sources=SOURCES)


def standard(records: Iterable[Mapping[str, Any]], on: dt.date = ON) -> pa.Table:
    """`standard` from plain rows; derives name_key, unit_code and the parts of a full birth date."""
    kinds = _OWN | {c: _ARROW[t] for c, t in citizen_columns().items()}
    rows = [_filled(r, number, on) for number, r in enumerate(records, 1)]
    return pa.Table.from_pylist(rows, schema=pa.schema(list(kinds.items())))


def _filled(given: Mapping[str, Any], number: int, on: dt.date) -> dict[str, Any]:
    row = {"record_id": number, "source": "population", "on_date": on, "list_date": on, **given}
    if row.get("full_name"):
        row["name_key"] = fold(row["full_name"])
    if row.get("birth_date"):
        day = row["birth_date"]
        row |= {"birth_year": day.year, "birth_month": day.month, "birth_day": day.day}
    row.setdefault("unit_code", row.get("permanent_unit"))
    unknown = set(row) - set(_OWN) - set(citizen_columns()) - {"person"}
    assert not unknown, unknown
    return {k: v for k, v in row.items() if k != "person"}


def links(records: Iterable[Mapping[str, Any]]) -> pa.Table:
    """`links`: the `person` told in each row, else everybody is the first record."""
    persons = [int(r.get("person", 1)) for r in records]
    return pa.table({"record_id": range(1, len(persons) + 1), "person_id": persons})


def perform(store: DuckStore, steps: Iterable[Step]) -> None:
    """What the pipeline does, with parts gathered in memory."""
    for step in steps:
        match step:
            case Drop(names):
                for name in names:
                    store.drop(name)
            case Part(name, _, query):
                before = f"SELECT * FROM {name} UNION ALL " if _has(store, name) else ""
                store.create(name, f"{before}{query}")
            case Sql(name, query):
                store.create(name, query)
            case Kernel(name, inputs, function):
                store.put(name, function(**{k: store.fetch(q) for k, q in inputs.items()}))


def _has(store: DuckStore, name: str) -> bool:
    found = store.fetch(f"SELECT 1 FROM information_schema.tables WHERE table_name = '{name}'")
    return len(found) > 0
