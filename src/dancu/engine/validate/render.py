"""A rule's SQL for each engine: DuckDB as written, PostgreSQL and Spark through sqlglot.

The rules keep to the subset of `rules/README.md`, which comes across with the same meaning; the conformance
suite demands the same answers of all engines.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from dancu.rules import Rule

Dialect = Literal["duckdb", "postgres", "spark"]
_KEY = {"record": "record_id", "person": "person_id"}
# A list owes what it promised; the register owes its fields only of whom it knows.
_IN_REGISTER = {
    "record": "TRUE",
    "person": "(list_contains(sources, 'population') OR list_contains(sources, 'register'))",
}
# Persons of an earlier register stand among the records to be matched; they are no list to be judged.
_TABLE = {"record": "standard WHERE coalesce(source, '') <> 'register'", "person": "persons"}


def row_rule_sql(rule: Rule, dialect: Dialect = "duckdb") -> str:
    """The predicate of a row rule, TRUE passes, FALSE fails, NULL cannot tell.

    For a group rule: TRUE for the rows it can judge, else NULL.
    """
    return _translated(rule.sql or f"CASE WHEN {rule.examined} THEN TRUE END", dialect)


def group_rule_sql(rule: Rule, dialect: Dialect = "duckdb") -> str:
    """The query of a group rule over `people` (and the further tables it reads): `id`, `group_key`."""
    return _translated(rule.failing, dialect)


def people_cte(level: str, dialect: Dialect = "duckdb", *, table: str = "") -> str:
    """`WITH people AS (…) ` for the rows of a level, from `standard` or `persons` or `table`.

    Inlined on every engine: a materialised copy of two million people would cost more than the rules.
    """
    inline = "" if dialect == "spark" else " NOT MATERIALIZED"
    derived = f"{_KEY[level]} AS id, {_translated(_IN_REGISTER[level], dialect)} AS in_register"
    return f"WITH people AS{inline} (SELECT *, {derived} FROM {table or _TABLE[level]}) "


def check_rows(
    rules: Iterable[Rule], *, level: str, dialect: Dialect, table: str = "", where: str = "TRUE"
) -> str:
    """A query that judges the rows of `where` by every row rule: `id` and one column a rule id.

    For the living register: the rows that one event touched. `where` is SQL of the dialect, with the
    driver's own placeholders.
    """
    judged = ", ".join(
        f"{row_rule_sql(rule, dialect)} AS {quoted(rule.id, dialect)}"
        for rule in rules
        if level in rule.levels and not rule.is_group
    )
    people = people_cte(level, dialect, table=table)
    return f"{people}SELECT id, {judged} FROM people WHERE {where}"


def check_group(
    rule: Rule, *, level: str, dialect: Dialect, table: str = "", where: str = "TRUE"
) -> str:
    """A query that runs a group rule again for the groups of `where` (over `id`, `group_key`)."""
    people = people_cte(level, dialect, table=table)
    found = group_rule_sql(rule, dialect)
    return f"{people}SELECT id, group_key FROM ({found}) AS found WHERE {where}"


def quoted(name: str, dialect: Dialect = "duckdb") -> str:
    """A column name that holds a dash, as the dialect quotes it."""
    return f"`{name}`" if dialect == "spark" else f'"{name}"'


@lru_cache(maxsize=2048)
def _translated(sql: str, dialect: Dialect) -> str:
    if dialect == "duckdb":
        return sql
    # Here, because the batch on DuckDB never needs it and its import costs 0.3 s.
    import sqlglot

    return sqlglot.transpile(sql, read="duckdb", write=dialect)[0]
