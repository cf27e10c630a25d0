"""Every rule gives the answer of every one of its examples, on DuckDB and PostgreSQL (`test_spark` for Spark)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.spec.rules.engines import Duck, Engine, Postgres
from tests.spec.rules.tables import COLUMNS, OTHERS, arrow, group_branch, group_cases, row_cases

from dancu.engine.validate import group_rule_sql, row_rule_sql
from dancu.rules import all_rules

RULES = all_rules()
ROW_RULES = [rule for rule in RULES if not rule.is_group]
GROUP_RULES = [rule for rule in RULES if rule.is_group]
ANSWER = {True: "pass", False: "fail", None: "unknown"}


@pytest.fixture
def postgres_engine(postgres: Any) -> Iterator[Postgres]:
    import psycopg

    with psycopg.connect(postgres) as connection:
        yield Postgres(connection)


def row_answers(engine: Engine) -> list[list[Any]]:
    """Every row rule judged on every example row, also on the rows of other rules."""
    rows, _ = row_cases(RULES)
    engine.put("all_rows", arrow(rows, COLUMNS), COLUMNS)
    judged = ", ".join(f"({row_rule_sql(rule, engine.dialect)})" for rule in ROW_RULES)
    found = engine.ask(f"SELECT case_no, {judged} FROM all_rows ORDER BY case_no")
    return [list(row[1:]) for row in found]


def wrong_rows(answers: list[list[Any]]) -> list[str]:
    _, about = row_cases(RULES)
    place = {rule.id: i for i, rule in enumerate(ROW_RULES)}
    return [
        f"{rule.id} «{why}»: expected {expect}, got {got}"
        for (rule, why, expect), row in zip(about, answers, strict=True)
        if (got := ANSWER[row[place[rule.id]]]) != expect
    ]


def group_answers(engine: Engine) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """(case, id) that the group rules find failing, and (case, id) they can judge."""
    tables, about = group_cases(RULES)
    engine.put("all_people", arrow(tables["people"], COLUMNS), COLUMNS)
    for name, columns in OTHERS.items():
        engine.put(f"all_{name}", arrow(tables[name], columns), columns)
    branches = [
        group_branch(rule, case, group_rule_sql(rule, engine.dialect)) for rule, case, _ in about
    ]
    failing = engine.ask(" UNION ALL ".join(branches))
    can = " UNION ALL ".join(
        f"SELECT case_no, id FROM all_people WHERE case_no = {case}"
        f" AND ({row_rule_sql(rule, engine.dialect)})"
        for rule, case, _ in about
    )
    return set(failing), set(engine.ask(can))


def wrong_groups(answers: tuple[set[tuple[int, int]], set[tuple[int, int]]]) -> list[str]:
    failing, examined = answers
    wrong = []
    for rule, case, example in group_cases(RULES)[1]:
        for place, (row, expect) in enumerate(zip(example.rows, example.expect, strict=True), 1):
            key = (case, row.get("id", place))
            got = "unknown" if key not in examined else "fail" if key in failing else "pass"
            if got != expect:
                wrong.append(f"{rule.id} «{example.why}» row {place}: expected {expect}, got {got}")
    return wrong


Groups = tuple[set[tuple[int, int]], set[tuple[int, int]]]


@pytest.fixture(scope="module")
def duck_answers() -> tuple[list[list[Any]], Groups]:
    duck = Duck()
    return row_answers(duck), group_answers(duck)


def test_row_rules_answer_their_examples_on_duckdb(
    duck_answers: tuple[list[list[Any]], Groups],
) -> None:
    assert wrong_rows(duck_answers[0]) == []


def test_group_rules_answer_their_examples_on_duckdb(
    duck_answers: tuple[list[list[Any]], Groups],
) -> None:
    assert wrong_groups(duck_answers[1]) == []


@pytest.mark.postgres
def test_postgresql_gives_every_answer_of_duckdb(
    duck_answers: tuple[list[list[Any]], Groups], postgres_engine: Postgres
) -> None:
    assert (row_answers(postgres_engine), group_answers(postgres_engine)) == duck_answers
