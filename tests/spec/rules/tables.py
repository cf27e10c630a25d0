"""The examples of the rules as typed tables, and the engines that judge them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from dancu.reference.fields import citizen_columns
from dancu.rules import Rule

BEFORE_EACH = {
    "case_no": "INTEGER",
    "id": "BIGINT",
    "source": "VARCHAR",
    "list_date": "DATE",
    "on_date": "DATE",
    "last_confirmed": "DATE",
    "expected_fields": "VARCHAR[]",
    "sources": "VARCHAR[]",
    "in_register": "BOOLEAN",
}
COLUMNS: dict[str, str] = BEFORE_EACH | citizen_columns()
OTHERS: dict[str, dict[str, str]] = {
    "contested": {
        "case_no": "INTEGER", "person_id": "BIGINT", "field": "VARCHAR", "value": "VARCHAR",
        "record_id": "BIGINT", "reason": "VARCHAR", "winner": "VARCHAR",
    },
    "events": {
        "case_no": "INTEGER", "event_id": "VARCHAR", "kind": "VARCHAR", "person_id": "BIGINT",
        "record_id": "BIGINT", "valid_on": "DATE",
    },
    "links": {"case_no": "INTEGER", "record_id": "BIGINT", "person_id": "BIGINT"},
    "persons": {
        "case_no": "INTEGER", "person_id": "BIGINT", "sources": "VARCHAR[]", "unit_code": "VARCHAR",
        "life_status": "VARCHAR", "death_date": "DATE", "birth_year": "SMALLINT",
        "personal_number_birth_year": "SMALLINT", "sex": "VARCHAR", "personal_number_sex": "VARCHAR",
    },
    "standard": {
        "case_no": "INTEGER", "record_id": "BIGINT", "source": "VARCHAR", "list_date": "DATE",
        "life_status": "VARCHAR", "event_kind": "VARCHAR", "unit_code": "VARCHAR",
    },
}  # fmt: skip
_ARROW = {
    "VARCHAR": pa.string(), "DATE": pa.date32(), "BIGINT": pa.int64(), "SMALLINT": pa.int16(),
    "TINYINT": pa.int8(), "INTEGER": pa.int32(), "VARCHAR[]": pa.list_(pa.string()), "BOOLEAN": pa.bool_(),
}  # fmt: skip
_POSTGRES = {"TINYINT": "SMALLINT", "VARCHAR": "TEXT", "VARCHAR[]": "TEXT[]"}
FIRST_DAY = dt.date(2024, 6, 21)

Cells = dict[str, Any]


def arrow(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> pa.Table:
    """The rows as Arrow; a column not named in a row is NULL, a name not in `columns` is an error."""
    for row in rows:
        assert not set(row) - set(columns), f"no such column: {set(row) - set(columns)}"
    return pa.table({c: pa.array([r.get(c) for r in rows], _ARROW[t]) for c, t in columns.items()})


def asked_day(rule: Rule) -> dt.date:
    """The asked day of an example that names none: in force for the rule."""
    return max(FIRST_DAY, rule.since or FIRST_DAY)


def unnamed(rule: Rule) -> Cells:
    """What an example says where it names nothing else: the asked day, and that the register knows the person."""
    return {"on_date": asked_day(rule), "in_register": True}


def row_cases(rules: Iterable[Rule]) -> tuple[list[Cells], list[tuple[Rule, str, str]]]:
    """One row an example of a row rule; beside it (rule, why, expect), case_no = position."""
    rows: list[Cells] = []
    about: list[tuple[Rule, str, str]] = []
    for rule in rules:
        for example in () if rule.is_group else rule.examples:
            number = len(rows)
            rows.append(unnamed(rule) | example.rows[0] | {"case_no": number, "id": number})
            about.append((rule, example.why, example.expect[0]))
    return rows, about


def group_cases(
    rules: Iterable[Rule],
) -> tuple[dict[str, list[Cells]], list[tuple[Rule, int, Any]]]:
    """Rows of `people` and the other tables by case; beside it (rule, case_no, example)."""
    tables: dict[str, list[Cells]] = {"people": [], **{name: [] for name in OTHERS}}
    about: list[tuple[Rule, int, Any]] = []
    for rule in rules:
        for example in rule.examples if rule.is_group else ():
            case = len(about)
            about.append((rule, case, example))
            for place, row in enumerate(example.rows, start=1):
                tables["people"].append(unnamed(rule) | {"id": place} | row | {"case_no": case})
            for name, others in example.others.items():
                tables[name] += [{**row, "case_no": case} for row in others]
    return tables, about


def put_duckdb(con: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    con.register("_arriving", table)
    con.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM _arriving")
    con.unregister("_arriving")


def put_postgres(cur: Any, name: str, table: pa.Table, columns: Mapping[str, str]) -> None:
    spelled = ", ".join(f"{c} {_POSTGRES.get(t, t)}" for c, t in columns.items())
    cur.execute(f"CREATE TEMP TABLE {name} ({spelled})")
    rows = zip(*(table[c].to_pylist() for c in columns), strict=True)
    with cur.copy(f"COPY {name} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def group_branch(rule: Rule, case: int, found: str) -> str:
    """The group query `found` of one example: (case_no, id), whatever the engine."""
    tables = ["people", *(t for t in OTHERS if re.search(rf"\b{t}\b", rule.failing))]
    ctes = ", ".join(f"{t} AS (SELECT * FROM all_{t} WHERE case_no = {case})" for t in tables)
    return f"SELECT {case} AS case_no, id FROM (WITH {ctes} {found}) AS found_{case}"
