"""Lawful citizens fail no rule; one flaw at a time, the rule that names the flaw finds it."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest
from tests.spec.rules.citizens import lawful
from tests.spec.rules.engines import Duck, Postgres
from tests.spec.rules.tables import COLUMNS, OTHERS, arrow

from dancu.engine.ports import Context, Sql
from dancu.engine.validate import check_group, check_rows, plan
from dancu.reference.fields import fields
from dancu.rules import LEVELS, Rule, all_rules, on

DAYS = {dt.date(2024, 6, 21): 2_000, dt.date(2025, 8, 1): 600}
FIRST = next(iter(DAYS))
# Whoever has only the old number already fails another rule.
NOBODY_LAWFUL = {"old-number-live-beside-new"}
PEOPLE = {c: t for c, t in COLUMNS.items() if c not in ("case_no", "in_register")}
GIVEN = {name: OTHERS[name] for name in ("contested", "events", "links")}


def world(day: dt.date) -> Duck:
    """A DuckDB with lawful `people` (and their age), each with one record; `contested`, `events` empty."""
    duck = Duck()
    duck.put("people", arrow(lawful(on=day, number=DAYS[day]), PEOPLE), PEOPLE)
    duck.con.execute("ALTER TABLE people ADD COLUMN age INTEGER")
    duck.con.execute("UPDATE people SET age = date_sub('year', birth_date, on_date)")
    for name, columns in GIVEN.items():
        kinds = ", ".join(f"{c} {t}" for c, t in columns.items() if c != "case_no")
        duck.con.execute(f"CREATE TABLE {name} ({kinds})")
    duck.con.execute("INSERT INTO links SELECT id, id FROM people")
    return duck


def judged(duck: Duck, day: dt.date) -> dict[str, set[int]]:
    """Rule id → ids it finds, by the stage's own plan over both levels."""
    for level, name in (("record", "standard"), ("person", "persons")):
        duck.con.execute(
            f"CREATE OR REPLACE VIEW {name} AS SELECT id AS {level}_id, * EXCLUDE (id) FROM people"
        )
    for step in plan(Context(on=day)):
        if isinstance(step, Sql):
            duck.con.execute(f"CREATE OR REPLACE TABLE {step.name} AS {step.query}")
    found: dict[str, set[int]] = {}
    for rule_id, person in duck.ask("SELECT DISTINCT rule_id, id FROM findings"):
        found.setdefault(rule_id, set()).add(person)
    return found


def written_flaws() -> dict[str, tuple[str, str]]:
    text = resources.files("tests.spec.rules").joinpath("flaws.csv").read_text("utf-8")
    return {row["rule"]: (row["who"], row["flaw"]) for row in csv.DictReader(text.splitlines())}


def flaw_of(rule: Rule) -> tuple[str, str]:
    """Who gets the flaw of this rule (SQL) and what it is; families of fields share one form."""
    written = written_flaws()
    if rule.slug in written:
        return written[rule.slug]
    value = "birth_year" if rule.field == "birth_date" else rule.field
    forms = {
        "format": f"{value} = NULL, {rule.field}_issue = 'not_lawful'",
        "placeholder": f"{value} = NULL, {rule.field}_issue = 'placeholder'",
        "repaired": f"{rule.field}_fix = 'separators'",
        "missing": f"{value} = NULL",
        "differs-from-register": "INSERT INTO contested VALUES "
        f"(1, '{rule.field}', 'x', {{id}}, 'trust', 'y')",
        "sources-disagree": f"INSERT INTO contested VALUES ({{id}}, '{rule.field}', 'x', 1, 'trust', 'y')",
    }
    form = next(f for f in forms if rule.slug.endswith(f) or rule.slug.startswith(f))
    return f"{value} IS NOT NULL" if form != "format" else "TRUE", forms[form]


def plant(duck: Duck, rules: list[Rule]) -> dict[str, int]:
    """One flaw a rule, each in a person of its own household; rule id → person."""
    planted: dict[str, int] = {}
    used = {duck.ask("SELECT household_number FROM people WHERE id = 1")[0][0]}
    for rule in rules:
        who, flaw = flaw_of(rule)
        homes = ", ".join(f"'{home}'" for home in sorted(used))
        free = f"SELECT id, household_number FROM people WHERE ({who})"
        free += f" AND household_number NOT IN ({homes}) ORDER BY id LIMIT 1"
        chosen = duck.ask(free)
        assert chosen, f"nobody for the flaw of {rule.id} {rule.slug}: {who}"
        person, home = chosen[0]
        whole = flaw.startswith(("UPDATE", "INSERT"))
        sql = flaw if whole else f"UPDATE people SET {flaw} WHERE id = {{id}}"
        duck.con.execute(sql.replace("{id}", str(person)))
        planted[rule.id] = person
        used.add(home)
    return planted


@pytest.fixture(scope="module")
def flawed() -> Iterator[tuple[Duck, dict[str, int]]]:
    duck = world(FIRST)
    yield duck, plant(duck, list(on(FIRST)))


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_lawful_citizens_fail_no_rule(day: dt.date) -> None:
    slug = {rule.id: rule.slug for rule in all_rules()}
    duck = world(day)
    assert {slug[r]: len(ids) for r, ids in judged(duck, day).items()} == {}
    told = {r for (r,) in duck.ask("SELECT rule_id FROM counts WHERE evaluated > 0")}
    silent = {rule.slug for rule in on(day) if rule.id not in told}
    assert silent <= NOBODY_LAWFUL, "these rules had nobody to judge, so their silence says nothing"


def test_each_planted_flaw_is_found_by_the_rule_that_names_it(
    flawed: tuple[Duck, dict[str, int]],
) -> None:
    duck, planted = flawed
    found = judged(duck, FIRST)
    missed = [rule for rule, person in planted.items() if person not in found.get(rule, ())]
    assert missed == []


def test_rules_that_came_into_force_later_find_their_flaws_then() -> None:
    day = max(DAYS)
    later = [rule for rule in on(day) if not rule.in_force(on=FIRST)]
    duck = world(day)
    planted = plant(duck, later)
    found = judged(duck, day)
    assert later and [r for r, person in planted.items() if person not in found[r]] == []


def test_every_rule_is_in_force_on_one_of_the_days_and_no_flaw_is_left_over() -> None:
    rules = {rule.slug for day in DAYS for rule in on(day)}
    assert rules == {rule.slug for rule in all_rules()}
    assert set(written_flaws()) <= rules
    assert all(rule.field in fields() for rule in all_rules())


@pytest.mark.postgres
def test_postgresql_judges_the_same_people_alike(
    flawed: tuple[Duck, dict[str, int]], postgres: Any
) -> None:
    import psycopg

    duck, _ = flawed
    with psycopg.connect(postgres) as connection:
        other = Postgres(connection)
        for name, columns in {"people": PEOPLE, **GIVEN}.items():
            kinds = {c: t for c, t in columns.items() if c != "case_no"}
            rows = duck.con.sql(f"SELECT {', '.join(kinds)} FROM {name}").to_arrow_table()
            for key in ("record_id", "person_id") if name == "people" else ():
                kinds, rows = {**kinds, key: "BIGINT"}, rows.append_column(key, rows["id"])
            other.put(f"all_{name}" if name == "people" else name, rows, kinds)
        other.cur.execute("ALTER TABLE all_people DROP COLUMN id")
        for name in ("standard", "persons"):
            other.cur.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM all_people")
        duck.con.execute(
            "CREATE OR REPLACE VIEW all_people AS"
            " SELECT id AS record_id, id AS person_id, * EXCLUDE (id) FROM people"
        )
        for name in ("standard", "persons"):
            duck.con.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM all_people")
        for level in LEVELS:
            for query in questions(level):
                assert sorted(other.ask(query["postgres"]), key=str) == sorted(
                    duck.ask(query["duckdb"]), key=str
                ), query["duckdb"][:300]


def questions(level: str) -> list[dict[str, str]]:
    """All row rules in one query, and each group rule in its own, for both engines."""
    rules = [rule for rule in on(FIRST) if level in rule.levels]
    asked: list[dict[str, str]] = []
    for dialect in ("duckdb", "postgres"):
        queries = [check_rows(rules, level=level, dialect=dialect, table="all_people")]
        queries += [
            check_group(rule, level=level, dialect=dialect, table="all_people")
            for rule in rules
            if rule.is_group
        ]
        asked = asked or [{} for _ in queries]
        for place, query in enumerate(queries):
            asked[place][dialect] = query
    return asked
