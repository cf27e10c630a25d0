"""Which value survives: a few records of one person in, the golden value and its origin out."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pytest
import sqlglot
import yaml
from tests.spec.golden import stage

from dancu.engine import golden
from dancu.engine.ports import Context, Part, Sql
from dancu.reference.fields import citizen_columns, fields, mandatory_fields
from dancu.store.duckdb import DuckStore

CASES = yaml.safe_load(Path(__file__).with_name("cases.yml").read_text("utf-8"))


def made(records: list[Mapping[str, Any]], parts: int = 2) -> dict[str, list[dict[str, Any]]]:
    with DuckStore() as store:
        store.put("standard", stage.standard(records))
        store.put("links", stage.links(records))
        stage.perform(store, golden.plan(settings_of_parts(parts)))
        return {
            "golden": store.fetch("SELECT * FROM golden ORDER BY person_id").to_pylist(),
            "contested": store.fetch(
                "SELECT * FROM contested ORDER BY person_id, field, record_id"
            ).to_pylist(),
        }


@functools.cache
def every_case() -> dict[str, list[dict[str, Any]]]:
    """All cases as one register, each a person by its number: a run of the plan costs the same for one as for many."""
    return made([{**r, "person": n} for n, c in enumerate(CASES, 1) for r in c["records"]])


@pytest.mark.parametrize("number", range(1, len(CASES) + 1), ids=[c["case"] for c in CASES])
def test_the_value_that_deserves_it_survives(number: int) -> None:
    case, out = CASES[number - 1], every_case()
    before = sum(len(c["records"]) for c in CASES[: number - 1])
    (person,) = (p for p in out["golden"] if p["person_id"] == number)
    for column, value in case["golden"].items():
        told = person[column]
        assert (told and told - before if column.endswith("_from") else told) == value, column
    lost = [
        [c["field"], c["value"], c["record_id"] - before, c["reason"]]
        for c in out["contested"] if c["person_id"] == number
    ]  # fmt: skip
    assert [x for x in lost if x[0] in {y[0] for y in case["lost"]}] == case["lost"]


def test_every_survivor_of_the_dictionary_is_in_one_group() -> None:
    chosen = [f for g in golden.groups() for f in g.survivors()]
    assert sorted(chosen) == sorted(
        f.field for f in fields().values() if f.survivorship and f.standard
    )
    columns = [c for g in golden.groups() for c in g.columns()]
    assert len(columns) == len(set(columns))


def test_golden_has_the_columns_of_the_contract_in_every_part() -> None:
    records = [{"person": 1}, {"person": 1}, {"person": 3, "full_name": "Lê Thị Na"}]
    alone, several = sorted(made(records)["golden"], key=lambda p: p["n_records"])
    assert list(alone) == list(several)
    assert set(citizen_columns()) <= set(alone)
    assert alone["expected_fields"] == list(mandatory_fields())
    assert (alone["full_name_from"], alone["sources"]) == (3, ["population"])
    assert (several["n_records"], several["n_sources"]) == (2, 1)


def test_the_number_of_parts_changes_nothing() -> None:
    records = [
        {
            "person": p,
            "source": s,
            "full_name": n,
            "phone": f"09{p}",
            "list_date": dt.date(2024, m, 1),
        }
        for p in (1, 3, 5)
        for s, n, m in (("population", "Lê Văn An", 1), ("health", "Le Van An", 5))
    ]
    assert made(records, 1) == made(records, 3)


@pytest.mark.postgres
def test_postgresql_makes_the_same_golden_person(postgres: str) -> None:
    """The same queries, rendered by sqlglot, over the records of every case as one register."""
    records = [{**r, "person": 1000 * n + 1} for n, c in enumerate(CASES, 1) for r in c["records"]]
    embedded = made(records, 1)
    with psycopg.connect(postgres, autocommit=True) as con:
        load(con, "standard", stage.standard(records))
        load(con, "links", stage.links(records))
        for step in golden.plan(settings_of_parts(1)):
            if isinstance(step, Part | Sql):
                run(con, step)
        for name, order in (("golden", "person_id"), ("contested", "person_id, field, record_id")):
            cursor = con.execute(f"SELECT * FROM {name} ORDER BY {order}")
            columns = [c.name for c in cursor.description or ()]
            rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
            assert rows == embedded[name]


def settings_of_parts(parts: int) -> Context:
    given = stage.context()
    return Context(given.on, True, given.sources, {"golden": {"parts": parts}})


def load(con: psycopg.Connection[Any], name: str, table: pa.Table) -> None:
    kinds = {"string": "text", "date32[day]": "date", "int64": "bigint", "int32": "integer"}
    kinds |= {"int16": "smallint", "int8": "smallint", "list<element: string>": "text[]"}
    columns = ", ".join(f"{f.name} {kinds.get(str(f.type), 'text[]')}" for f in table.schema)
    con.execute(f"CREATE TABLE {name} ({columns})")
    marks = ", ".join(["%s"] * table.num_columns)
    with con.cursor() as cursor:
        rows = [tuple(r.values()) for r in table.to_pylist()]
        cursor.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)


def run(con: psycopg.Connection[Any], step: Part | Sql) -> None:
    text = sqlglot.transpile(step.query, read="duckdb", write="postgres")[0]
    there = con.execute("SELECT to_regclass(%s)", [step.name]).fetchone()
    verb = f"INSERT INTO {step.name}" if there and there[0] else f"CREATE TABLE {step.name} AS"
    con.execute(f"{verb} {text}")
