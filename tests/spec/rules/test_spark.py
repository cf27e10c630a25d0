"""Spark gives every answer of DuckDB: each example of each rule, and generated citizens with flaws.

Heavy (a JVM, minutes of query planning), so marked slow: `make slow` runs it in an environment of its
own that holds the extra `spark`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pytest
from tests.spec.rules.engines import Duck, Engine, Spark, spark_session
from tests.spec.rules.tables import COLUMNS, OTHERS, arrow, group_branch, group_cases, row_cases
from tests.spec.rules.test_citizens import DAYS, FIRST, GIVEN, PEOPLE, plant, world

from dancu.engine.validate import check_group, check_rows, group_rule_sql, row_rule_sql
from dancu.rules import LEVELS, Rule, all_rules, on

pytestmark = pytest.mark.slow
# All 190 in one SELECT give the same answers; fewer keep the code that Spark makes of them modest.
ROWS_AT_ONCE = 40
# A union is planned as one query, so unions are kept short.
GROUPS_AT_ONCE = 10
Answers = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def spark() -> Iterator[Spark]:
    why = "the extra «spark» is not installed here; `make slow` installs it into .env-spark"
    sql = pytest.importorskip("pyspark.sql", reason=why)
    session = spark_session(sql.SparkSession.builder)
    yield Spark(session)
    session.stop()


def by(size: int, things: Iterable[Any]) -> list[list[Any]]:
    every = list(things)
    return [every[at : at + size] for at in range(0, len(every), size)]


def asked(engine: Engine, branches: Iterable[str]) -> Answers:
    """All rows of the queries, in an order of their own."""
    chunks = by(GROUPS_AT_ONCE, branches)
    found = (row for chunk in chunks for row in engine.ask(" UNION ALL ".join(chunk)))
    return sorted(found, key=str)


def row_example_answers(engine: Engine) -> Answers:
    """(first rule of the chunk, case, answers): every row rule on the rows of all examples."""
    rows, _ = row_cases(all_rules())
    engine.put("all_rows", arrow(rows, COLUMNS), COLUMNS)
    found: Answers = []
    for rules in by(ROWS_AT_ONCE, (rule for rule in all_rules() if not rule.is_group)):
        judged = ", ".join(f"({row_rule_sql(rule, engine.dialect)})" for rule in rules)
        answers = engine.ask(f"SELECT case_no, {judged} FROM all_rows")
        found += [(rules[0].id, *answer) for answer in answers]
    return sorted(found, key=lambda answer: answer[:2])


def group_example_answers(engine: Engine) -> tuple[Answers, Answers]:
    """(case, id) that each group rule finds failing, and (case, id) that it can judge."""
    tables, about = group_cases(all_rules())
    engine.put("all_people", arrow(tables["people"], COLUMNS), COLUMNS)
    for name, columns in OTHERS.items():
        engine.put(f"all_{name}", arrow(tables[name], columns), columns)
    failing = (group_branch(r, case, group_rule_sql(r, engine.dialect)) for r, case, _ in about)
    examined = (
        f"SELECT case_no, id FROM all_people WHERE case_no = {case}"
        f" AND ({row_rule_sql(rule, engine.dialect)})"
        for rule, case, _ in about
    )
    return asked(engine, failing), asked(engine, examined)


def test_spark_gives_the_answer_of_every_row_example(spark: Spark) -> None:
    assert row_example_answers(spark) == row_example_answers(Duck())


def test_spark_gives_the_answer_of_every_group_example(spark: Spark) -> None:
    assert group_example_answers(spark) == group_example_answers(Duck())


def put_world(duck: Duck, engine: Engine) -> None:
    """The generated people as the tables `standard` and `persons` read, on another engine."""
    for name, columns in {"people": PEOPLE, **GIVEN}.items():
        kinds = {c: t for c, t in columns.items() if c != "case_no"}
        rows = duck.con.sql(f"SELECT {', '.join(kinds)} FROM {name}").to_arrow_table()
        if name != "people":
            engine.put(name, rows, kinds)
            continue
        others = {c: t for c, t in kinds.items() if c != "id"}
        for table, key in (("standard", "record_id"), ("persons", "person_id")):
            engine.put(table, rows.append_column(key, rows["id"]), {key: "BIGINT", **others})


def citizen_answers(engine: Engine, rules: Sequence[Rule], level: str) -> tuple[Answers, Answers]:
    """The verdicts of the row rules on everybody, and the findings of the group rules."""
    mine = [rule for rule in rules if level in rule.levels]
    verdicts: Answers = []
    for some in by(ROWS_AT_ONCE, (rule for rule in mine if not rule.is_group)):
        answers = engine.ask(check_rows(some, level=level, dialect=engine.dialect))
        verdicts += [(some[0].id, *answer) for answer in answers]
    found = (
        f"SELECT '{rule.id}' AS rule_id, id, group_key"
        f" FROM ({check_group(rule, level=level, dialect=engine.dialect)}) AS found"
        for rule in mine
        if rule.is_group
    )
    return sorted(verdicts, key=lambda verdict: verdict[:2]), asked(engine, found)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_spark_judges_generated_citizens_and_their_flaws_alike(spark: Spark, day: dt.date) -> None:
    rules = [rule for rule in on(day) if day == FIRST or not rule.in_force(on=FIRST)]
    duck = world(day)
    plant(duck, rules)
    put_world(duck, spark)
    for level, key in (("record", "standard"), ("person", "persons")):
        duck.con.execute(
            f"CREATE OR REPLACE VIEW {key} AS SELECT id AS {level}_id, * EXCLUDE (id) FROM people"
        )
    for level in LEVELS:
        verdicts, found = citizen_answers(spark, rules, level)
        assert (verdicts, found) == citizen_answers(duck, rules, level)
        assert any(False in verdict[2:] for verdict in verdicts), "no flaw was seen"
