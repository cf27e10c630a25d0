"""The validate stage: findings and counts of a small register, worked out by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from dancu.engine.ports import Context, Drop, Sql
from dancu.engine.validate import check_group, check_rows, findings_only, group_rule_sql, plan
from dancu.reference.fields import citizen_columns
from dancu.rules import get, on

DAY = dt.date(2024, 6, 21)
SEX, TWICE, SHARED = "COR-001", "CLE-058", "CLE-046"
ARROW = {
    "VARCHAR": pa.string(), "DATE": pa.date32(), "BIGINT": pa.int64(), "SMALLINT": pa.int16(),
    "TINYINT": pa.int8(), "VARCHAR[]": pa.list_(pa.string()), "INTEGER": pa.int32(),
}  # fmt: skip
BOTH = {"on_date": "DATE", "expected_fields": "VARCHAR[]"}
RECORD = {"record_id": "BIGINT", "source": "VARCHAR", "list_date": "DATE"} | BOTH
PERSON = {"person_id": "BIGINT", "sources": "VARCHAR[]", "last_confirmed": "DATE"} | BOTH
RECORDS = [
    # id, source, unit, number, sex, sex of the number
    (1, "population", "07276", "924099000001", "1", "1"),
    (2, "population", "07276", "924099000001", "2", "1"),
    (3, "population", None, "924199000002", "2", "2"),
    (4, "health", "07276", "924199000002", "1", "2"),
    (5, "health", "07277", None, "2", None),
]


def table(rows: list[dict[str, Any]], columns: dict[str, str]) -> pa.Table:
    kinds = columns | citizen_columns()
    return pa.table({c: pa.array([r.get(c) for r in rows], ARROW[t]) for c, t in kinds.items()})


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    names = ("source", "unit_code", "personal_number", "sex", "personal_number_sex")
    records = [
        {"record_id": number, "on_date": DAY, **dict(zip(names, rest, strict=True))}
        for number, *rest in RECORDS
    ]
    persons = [{"person_id": r["record_id"], **r} for r in records[:3]]
    con.register("standard", table(records, RECORD))
    con.register("persons", table(persons, PERSON))
    con.execute(
        "CREATE TABLE contested (person_id BIGINT, field VARCHAR, value VARCHAR, record_id BIGINT,"
        " reason VARCHAR, winner VARCHAR)"
    )
    con.execute(
        "CREATE TABLE events (event_id VARCHAR, kind VARCHAR, person_id BIGINT,"
        " record_id BIGINT, valid_on DATE)"
    )
    con.execute("CREATE TABLE links AS SELECT record_id, record_id AS person_id FROM standard")
    return con


def run(con: duckdb.DuckDBPyConnection, **settings: Any) -> None:
    for step in plan(Context(on=DAY, settings={"validate": settings})):
        if isinstance(step, Sql):
            con.execute(f"CREATE TABLE {step.name} AS {step.query}")
        elif isinstance(step, Drop):
            for name in step.names:
                con.execute(f"DROP TABLE {name}")


def test_findings_name_rule_level_row_source_unit_and_group(con: duckdb.DuckDBPyConnection) -> None:
    run(con, rules=[SEX, TWICE, SHARED])
    found = con.execute(
        "SELECT rule_id, level, id, source, unit_code, group_key FROM findings ORDER BY 1, 2, 3"
    ).fetchall()
    assert found == [
        (SHARED, "person", 1, None, "07276", "924099000001"),
        (SHARED, "person", 2, None, "07276", "924099000001"),
        (TWICE, "record", 1, "population", "07276", "population|924099000001"),
        (TWICE, "record", 2, "population", "07276", "population|924099000001"),
        (SEX, "person", 2, None, "07276", None),
        (SEX, "record", 2, "population", "07276", None),
        (SEX, "record", 4, "health", "07276", None),
    ]


def test_counts_leave_out_what_cannot_be_told_and_put_no_unit_under_a_question_mark(
    con: duckdb.DuckDBPyConnection,
) -> None:
    run(con, rules=[SEX, TWICE], levels=["record"])
    counts = con.execute(
        "SELECT rule_id, level, source, unit_code, evaluated, failed FROM counts ORDER BY ALL"
    ).fetchall()
    assert counts == [
        (TWICE, "record", "health", "07276", 1, 0),
        (TWICE, "record", "population", "07276", 2, 2),
        (TWICE, "record", "population", "?", 1, 0),
        (SEX, "record", "health", "07276", 1, 1),
        (SEX, "record", "population", "07276", 2, 1),
        (SEX, "record", "population", "?", 1, 0),
    ]


def test_every_finding_has_its_own_number_that_does_not_change(
    con: duckdb.DuckDBPyConnection,
) -> None:
    run(con, levels=["record"])
    ids = con.execute("SELECT count(*), count(DISTINCT finding_id) FROM findings").fetchone()
    assert ids and ids[0] == ids[1] > 3
    first = con.execute(f"SELECT finding_id FROM findings WHERE rule_id = '{SEX}' AND id = 4")
    assert first.fetchall() == [(f"{SEX}r4",)]


def test_all_rules_run_on_a_register_without_anybody(con: duckdb.DuckDBPyConnection) -> None:
    for name, columns in (("standard", RECORD), ("persons", PERSON)):
        con.unregister(name)
        con.register(name, table([], columns))
    run(con)
    assert con.execute("SELECT * FROM findings").fetchall() == []
    assert con.execute("SELECT * FROM counts").fetchall() == []


def test_only_the_rows_that_an_event_touched_are_judged_again(
    con: duckdb.DuckDBPyConnection,
) -> None:
    query = check_rows(
        [get(SEX), get(TWICE)], level="record", dialect="duckdb", where="id IN (4, 5)"
    )
    found = con.execute(f"SELECT * FROM ({query}) ORDER BY id").fetchall()
    assert found == [(4, False), (5, None)]


def test_only_the_group_that_an_event_touched_is_judged_again(
    con: duckdb.DuckDBPyConnection,
) -> None:
    for key, ids in {"924099000001": [(1,), (2,)], "924199000002": []}.items():
        query = check_group(
            get(SHARED), level="person", dialect="duckdb", where=f"group_key = '{key}'"
        )
        assert con.execute(f"SELECT id FROM ({query}) ORDER BY id").fetchall() == ids


def test_a_rule_is_spelled_for_each_engine() -> None:
    rule = get("LIV-021")
    assert group_rule_sql(rule, "duckdb") == rule.failing
    assert "CAST" not in group_rule_sql(rule, "postgres")
    key = group_rule_sql(get("CON-014"), "spark")
    assert "AS STRING" in key


def test_findings_alone_are_those_of_the_whole_stage(con: duckdb.DuckDBPyConnection) -> None:
    rules = [get(SEX), *[rule for rule in on(DAY) if not rule.is_group][1::5]]
    run(con, rules=[rule.id for rule in rules], levels=["person"])
    con.execute("CREATE TABLE whole AS SELECT * FROM findings WHERE level = 'person'")
    for step in findings_only(rules, level="person"):
        if isinstance(step, Sql):
            con.execute(f"CREATE OR REPLACE TABLE {step.name} AS {step.query}")
    rows = "SELECT * FROM {} WHERE group_key IS NULL ORDER BY finding_id"
    alone = con.execute(rows.format("findings")).fetchall()
    assert alone == con.execute(rows.format("whole")).fetchall() != []
