"""A slip of the pen in a rule is caught by its examples; the few that mean the same are listed."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from zlib import crc32

import duckdb
import pytest
import yaml
from tests.spec.rules.mutation import mutants
from tests.spec.rules.tables import (
    BEFORE_EACH,
    COLUMNS,
    OTHERS,
    arrow,
    group_branch,
    group_cases,
    put_duckdb,
    row_cases,
)

from dancu.rules import Rule, all_rules

Survivors = set[tuple[str, str]]


@dataclass(frozen=True)
class Survey:
    """How many mutants were made of which rules, and which of them live."""

    total: int
    alive: Survivors
    tried: set[str]


def row_survivors(con: duckdb.DuckDBPyConnection, rule: Rule) -> tuple[int, Survivors]:
    """Mutants of a row rule that answer all its examples as the rule does: one query a rule."""
    rows, _ = row_cases([rule])
    columns = used_columns(rule)
    put_duckdb(con, "all_rows", arrow(rows, columns))
    wrong = mutants(rule.sql)
    same = compared(con, "all_rows", "({0}) IS NOT DISTINCT FROM ({1})", wrong, rule.sql)
    return len(wrong), {(rule.id, label) for label in same}


def group_survivors(con: duckdb.DuckDBPyConnection, rule: Rule) -> tuple[int, Survivors]:
    """The same for a group rule: its two texts are mutated apart, one query for each."""
    tables, about = group_cases([rule])
    put_duckdb(con, "all_people", arrow(tables["people"], used_columns(rule)))
    for name, columns in OTHERS.items():
        put_duckdb(con, f"all_{name}", arrow(tables[name], columns))
    examined, failing = mutants(rule.examined), mutants(rule.failing)
    cases = [case for _, case, _ in about]
    found = failing_of(con, rule, cases, [rule.failing, *failing.values()])
    alive = {label for i, label in enumerate(failing, 1) if found[i] == found[0]}
    same = "(({0}) IS TRUE) = (({1}) IS TRUE)"
    alive |= compared(con, "all_people", same, examined, rule.examined)
    return len(examined) + len(failing), {(rule.id, label) for label in alive}


def used_columns(rule: Rule) -> dict[str, str]:
    """The columns the rule reads and its examples name: the fewer, the faster."""
    named = {column for example in rule.examples for row in example.rows for column in row}
    used = named | set(rule.columns) | set(BEFORE_EACH)
    return {c: t for c, t in COLUMNS.items() if c in used}


def compared(
    con: duckdb.DuckDBPyConnection, table: str, same: str, wrong: dict[str, str], right: str
) -> set[str]:
    """Labels of the mutants whose answer is the same on every row of the table."""
    if not wrong:
        return set()
    judged = ", ".join(f"bool_and({same.format(sql, right)})" for sql in wrong.values())
    (row,) = con.execute(f"SELECT {judged} FROM {table}").fetchall()
    return {label for label, alive in zip(wrong, row, strict=True) if alive}


def failing_of(
    con: duckdb.DuckDBPyConnection, rule: Rule, cases: list[int], texts: list[str]
) -> list[set[tuple[int, int]]]:
    """What each text of the failing query finds, over all the rule's examples."""
    parts = [
        f"SELECT {i} AS text_no, case_no, id FROM ({group_branch(rule, case, sql)}) AS branch_{i}"
        for i, sql in enumerate(texts)
        for case in cases
    ]
    found: list[set[tuple[int, int]]] = [set() for _ in texts]
    for text, case, person in con.execute(" UNION ALL ".join(parts)).fetchall():
        found[text].add((case, person))
    return found


def of_this_third(rule_id: str) -> bool:
    """One rule in three, the same ones always: what every commit tries; `make slow` tries all."""
    return crc32(rule_id.encode()) % 3 == 0


@pytest.fixture(
    scope="module",
    params=["a third", pytest.param("all", marks=pytest.mark.slow)],
)
def survey(request: pytest.FixtureRequest) -> Survey:
    con = duckdb.connect(config={"threads": "1"})
    total, alive, tried = 0, set(), set()
    for rule in all_rules():
        if request.param == "all" or of_this_third(rule.id):
            made, survived = (group_survivors if rule.is_group else row_survivors)(con, rule)
            total += made
            alive |= survived
            tried.add(rule.id)
    return Survey(total, alive, tried)


@pytest.fixture(scope="module")
def listed(survey: Survey) -> Survivors:
    """Those of the rules that were tried."""
    text = resources.files("tests.spec.rules").joinpath("equivalent_mutants.yml").read_text("utf-8")
    entries = yaml.safe_load(text)
    assert all(entry["why"].strip() for entry in entries)
    return {(entry["rule"], entry["mutant"]) for entry in entries if entry["rule"] in survey.tried}


def test_no_mutant_lives_that_is_not_listed(survey: Survey, listed: Survivors) -> None:
    assert sorted(survey.alive - listed) == []


def test_every_listed_mutant_still_lives(survey: Survey, listed: Survivors) -> None:
    assert sorted(listed - survey.alive) == []


def test_at_most_two_mutants_in_a_hundred_live(survey: Survey) -> None:
    assert survey.total > 8 * len(survey.tried)
    assert len(survey.alive) <= 0.02 * survey.total
