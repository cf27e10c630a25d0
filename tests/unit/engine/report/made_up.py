"""A small invented run in an embedded store: the tables of all stages before the report, with known flaws.

Nobody here is real: numbers begin with 924 (a province that does not exist), names are drawn from four.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

import pyarrow as pa

from dancu.engine import score, validate
from dancu.engine.ports import Context, Drop, Kernel, Sql, Step
from dancu.reference import units
from dancu.reference.fields import citizen_columns, fields, raw_roles, standard_fields
from dancu.rules import loader as rules
from dancu.store.duckdb import DuckStore

DAY = dt.date(2024, 6, 21)
NEW_DAY = dt.date(2025, 7, 15)
MANIFEST: dict[str, Any] = {
    "code": "abc123",
    "on": "2024-06-21",
    "started": "2024-06-21T08:00:00+07:00",
}
_TYPES = {
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
    "BIGINT": pa.int64(),
    "SMALLINT": pa.int16(),
    "TINYINT": pa.int8(),
    "BOOLEAN": pa.bool_(),
}
_NAMES = ("Nguyễn Văn Thử", "Trần Thị Mẫu", "Lê Văn Ví Dụ", "Phạm Thị Kiểm")
_FLAWS = ("no_number", "no_ethnic", "bad_phone", "year_only", "wrong_sex")
_COLUMNS = {
    "Họ và tên": "full_name",
    "Số định danh": "personal_number",
    "Ngày sinh": "birth_date",
    "Giới tính": "sex",
    "Điện thoại": "phone",
}
_TEXTS = (
    *("name", "sha256", "source", "sheet", "encoding", "delimiter"),
    *("mapping", "unread", "notes", "error", "message_vi"),
)
_NUMBERS = ["header_row", "rows_in", "rows_kept", "rows_rejected"]
_FILES = pa.schema(
    [
        ("file_no", pa.int32()),
        ("list_date", pa.date32()),
        *((n, pa.int64()) for n in _NUMBERS),
        *((n, pa.string()) for n in _TEXTS),
    ]
)
_EXPECTED = ["personal_number", "full_name", "birth_date", "sex", "permanent_unit", "ethnic"]


def context(day: dt.date = DAY) -> Context:
    """The context of the invented run."""
    return Context(on=day, test_people=True)


@cache
def shared(day: dt.date = DAY) -> DuckStore:
    """The run of a day, made once in this process (3 s, mostly the rules); for reading, never closed."""
    return store(day=day)


def store(*, day: dt.date = DAY, per_commune: int = 3, seed: int = 7) -> DuckStore:
    """A store with every table that the report reads; the caller closes it."""
    made = DuckStore(threads=1, memory_limit="1GB")
    people = _people(day, per_commune, Random(seed))
    made.put("persons", _persons(people, day))
    made.put("golden", made.fetch("SELECT * EXCLUDE (last_confirmed) FROM persons"))
    _put_records(made, people, day)
    _put_small(made, people)
    judged = replace(context(day), settings={"validate": {"rules": _rules(day)}})
    for step in (*validate.plan(judged), *score.plan(judged)):
        _do(made, step)
    return made


def _rules(day: dt.date) -> list[str]:
    """The rules about the fields that the invented people have; all would take twice the time."""
    about = set(_EXPECTED) | {"phone", "life_status"}
    return [rule.id for rule in rules.on(day) if rule.field in about]


def _do(made: DuckStore, step: Step) -> None:
    match step:
        case Sql(name, query, _):
            made.create(name, query)
        case Kernel(name, inputs, function, _):
            made.put(name, function(**{key: made.fetch(query) for key, query in inputs.items()}))
        case Drop(names):
            for name in names:
                made.drop(name)


def _people(day: dt.date, per_commune: int, dice: Random) -> list[dict[str, Any]]:
    communes = [
        c for c in units.on(day).communes_of("24") if day < dt.date(2025, 7, 1) or _old_bac_giang(c)
    ]
    found = []
    for place, commune in enumerate(sorted(communes, key=lambda c: c.code)):
        rate = (0.02, 0.1, 0.25, 0.5, 0.9)[
            (int(commune.district_code or place) * 7 + place % 2) % 5
        ]
        count = range(1, per_commune + place % 3)
        found += [_person(len(found) + k, commune.code, day, rate, dice) for k in count]
    for person in found[:5]:
        person["unit_code"] = None
    found[6]["unit_code"] = "00001" if units.on(day).find("00001") else "00004"
    return [{**p, "id": i + 1} for i, p in enumerate(found)]


def _old_bac_giang(commune: units.Unit) -> bool:
    return any(s.unit.province_code == "24" for s in commune.predecessors(on=DAY))


def _person(n: int, commune: str, day: dt.date, rate: float, dice: Random) -> dict[str, Any]:
    birth = dt.date(1950 + dice.randrange(60), dice.randrange(1, 13), dice.randrange(1, 29))
    woman = dice.random() < 0.5
    century = (2 if birth.year >= 2000 else 0) + woman
    flaws = {flaw for flaw in _FLAWS if dice.random() < rate}
    return {
        "unit_code": commune,
        "full_name": _NAMES[n % 4],
        "sex": "2" if woman != ("wrong_sex" in flaws) else "1",
        "number_sex": "2" if woman else "1",
        "birth": birth,
        "flaws": flaws,
        "personal_number": None
        if "no_number" in flaws
        else f"924{century}{birth.year % 100:02d}{n:06d}",
        "ethnic": None if "no_ethnic" in flaws else "01",
        "phone_issue": "length" if "bad_phone" in flaws else None,
        "phone": None if "bad_phone" in flaws else f"09{n:08d}",
        "day": day,
    }


def _citizen(p: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(citizen_columns()) | {"in_register": True}
    only_year = "year_only" in p["flaws"]
    row |= {
        k: p[k]
        for k in (
            "full_name",
            "sex",
            "personal_number",
            "ethnic",
            "phone",
            "phone_issue",
            "unit_code",
        )
    }
    row |= {
        "birth_date": None if only_year else p["birth"],
        "birth_year": p["birth"].year,
        "birth_month": None if only_year else p["birth"].month,
        "birth_day": None if only_year else p["birth"].day,
        "birth_earliest": dt.date(p["birth"].year, 1, 1) if only_year else p["birth"],
        "birth_latest": dt.date(p["birth"].year, 12, 31) if only_year else p["birth"],
        "permanent_unit": p["unit_code"],
        "permanent_unit_status": "in_force" if p["unit_code"] else "unknown",
        "nationality": "VNM",
        "life_status": "1",
        "address_head": '=HYPERLINK("x")' if p["id"] % 10 == 9 else f"Thôn {p['id'] % 9}",
        "name_key": p["full_name"].lower(),
    }
    if p["personal_number"]:
        row["personal_number_province"] = p["personal_number"][:3]
        row["personal_number_sex"] = p["number_sex"]
        row["personal_number_birth_year"] = p["birth"].year
    return row


def _schema(*before: tuple[str, pa.DataType]) -> pa.Schema:
    citizen = {"in_register": "BOOLEAN"} | citizen_columns()
    return pa.schema([*before, *((n, _TYPES[t]) for n, t in citizen.items())])


def _persons(people: list[dict[str, Any]], day: dt.date) -> pa.Table:
    schema = _schema(
        ("person_id", pa.int64()),
        ("n_records", pa.int32()),
        ("n_sources", pa.int32()),
        ("sources", pa.list_(pa.string())),
        ("expected_fields", pa.list_(pa.string())),
        ("on_date", pa.date32()),
        ("last_confirmed", pa.date32()),
    )
    for name in standard_fields():
        if fields()[name].survivorship:
            schema = schema.append(pa.field(f"{name}_from", pa.int64()))
    rows = []
    for p in people:
        twice = _twice(p)
        rows.append(
            {
                name: p["id"]
                for name in schema.names
                if name.endswith("_from") and name != "bhyt_from"
            }
            | _citizen(p)
            | {
                "person_id": p["id"],
                "n_records": 1 + twice,
                "n_sources": 1 + twice,
                "sources": ["population", "health"][: 1 + twice],
                "expected_fields": _EXPECTED,
                "on_date": day,
                "last_confirmed": day,
            }
        )
    return pa.Table.from_pylist(rows, schema)


def _twice(p: dict[str, Any]) -> bool:
    return p["id"] % 4 == 0


def _put_records(made: DuckStore, people: list[dict[str, Any]], day: dt.date) -> None:
    cells = [(p, "population", 1) for p in people] + [(p, "health", 2) for p in people if _twice(p)]
    records, standard, links = [], [], []
    at = {1: 4, 2: 1}
    for n, (p, source, file_no) in enumerate(cells, start=1):
        at[file_no] += 1
        key = {"record_id": n, "source": source, "file_no": file_no, "row": at[file_no]}
        records.append(key | {"sheet": "DS" if file_no == 1 else ""} | _raw(p, n))
        fix = {"full_name_fix": "blanks,capitals"} if n % 3 == 0 else {}
        standard.append(
            key
            | {"list_date": day, "on_date": day, "expected_fields": _EXPECTED}
            | _citizen(p)
            | fix
        )
        links.append({"record_id": n, "person_id": p["id"]})
    made.put("records", pa.Table.from_pylist(records, _records_schema()))
    made.put("standard", pa.Table.from_pylist(standard, _standard_schema()))
    made.put("links", pa.Table.from_pylist(links))
    made.put("pairs", _pairs(len(people), links))


def _raw(p: dict[str, Any], n: int) -> dict[str, Any]:
    return dict.fromkeys(raw_roles()) | {
        "full_name": "  " + p["full_name"].upper() if n % 3 == 0 else p["full_name"],
        "personal_number": p["personal_number"],
        "birth_date": f"{p['birth']:%d/%m/%Y}",
        "sex": "Nữ" if p["sex"] == "2" else "Nam",
        "phone": "=1+1" if "bad_phone" in p["flaws"] else p["phone"],
        "extra": json.dumps({"Ghi riêng": f"ô {n}"}, ensure_ascii=False),
    }


def _records_schema() -> pa.Schema:
    keys = [("record_id", pa.int64()), ("source", pa.string()), ("file_no", pa.int32())]
    keys += [("sheet", pa.string()), ("row", pa.int64())]
    return pa.schema([*keys, *((r, pa.string()) for r in raw_roles()), ("extra", pa.string())])


def _standard_schema() -> pa.Schema:
    return _schema(
        ("record_id", pa.int64()),
        ("source", pa.string()),
        ("file_no", pa.int32()),
        ("row", pa.int64()),
        ("list_date", pa.date32()),
        ("on_date", pa.date32()),
        ("expected_fields", pa.list_(pa.string())),
    )


def _pairs(people: int, links: list[dict[str, int]]) -> pa.Table:
    why = json.dumps(
        {
            "personal_number": ["same", 26.6],
            "full_name": ["no_marks", 9.1],
            "sex": ["different", -5.6],
        }
    )
    rows = [
        {
            "record_a": link["person_id"],
            "record_b": link["record_id"],
            "key": "personal_number",
            "score": 30.1,
            "probability": 0.999,
            "why": why,
            "joined": True,
            "blocked_by": None,
        }
        for link in links[people:]
    ]
    apart = {
        **rows[0],
        "record_a": 1,
        "record_b": 2,
        "joined": False,
        "blocked_by": "two_personal_numbers",
    }
    return pa.Table.from_pylist([*rows, apart])


def _put_small(made: DuckStore, people: list[dict[str, Any]]) -> None:
    records = made.fetch("SELECT record_id FROM records").num_rows
    made.put("files", _files(len(people), records - len(people)))
    made.put("rejects", pa.table({
        "file_no": pa.array([1], pa.int32()), "sheet": ["DS"], "row": pa.array([3], pa.int64()),
        "reason": ["total_row"], "message_vi": ["Dòng cộng, không phải một người."],
        "cells": [json.dumps(["Tổng cộng", "=SUM(A1)"], ensure_ascii=False)],
    }))  # fmt: skip
    made.put("dialects", pa.table({
        "file_no": pa.array([2], pa.int32()), "sheet": [""], "field": ["full_name"], "dialect": ["tcvn3"],
        "score": [0.99], "samples": ["[]"],
    }))  # fmt: skip
    made.put("contested", pa.table({
        "person_id": pa.array([p["id"] for p in people if _twice(p)], pa.int64()),
        "field": ["phone" for p in people if _twice(p)],
        "value": ["0911111111" for p in people if _twice(p)],
        "record_id": pa.array([p["id"] for p in people if _twice(p)], pa.int64()),
        "reason": ["trust" for p in people if _twice(p)],
        "winner": ["x" for p in people if _twice(p)],
    }))  # fmt: skip
    names = ("event_id", "kind", "person_id", "record_id", "valid_on", "recorded_on", "payload")
    kinds = (
        pa.string(),
        pa.string(),
        pa.int64(),
        pa.int64(),
        pa.date32(),
        pa.date32(),
        pa.string(),
    )
    made.put("events", pa.schema(list(zip(names, kinds, strict=True))).empty_table())


def _files(population: int, health: int) -> pa.Table:
    def row(
        no: int, name: str, source: str, sheet: str, kept: int, rejected: int
    ) -> dict[str, Any]:
        return {
            "file_no": no,
            "name": name,
            "sha256": hashlib.sha256(name.encode()).hexdigest(),
            "source": source,
            "sheet": sheet,
            "encoding": "utf-8",
            "delimiter": ",",
            "header_row": 4,
            "list_date": DAY,
            "rows_in": kept + rejected,
            "rows_kept": kept,
            "rows_rejected": rejected,
            "mapping": json.dumps(_COLUMNS, ensure_ascii=False),
            "unread": json.dumps(["Ghi riêng"], ensure_ascii=False),
            "notes": "[]",
        }

    refused = {
        "file_no": 3,
        "name": "hong.xlsx",
        "sha256": "f" * 64,
        "sheet": "",
        "rows_in": 0,
        "rows_kept": 0,
        "rows_rejected": 0,
        "error": "truncated",
        "message_vi": "Tệp bị cắt cụt; hãy gửi lại.",
    }
    rows = [
        row(1, "dan_cu.xlsx", "population", "DS", population, 1),
        row(2, "y_te.csv", "health", "", health, 0),
        refused,
    ]
    return pa.Table.from_pylist(rows, _FILES)
