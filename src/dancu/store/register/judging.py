"""Rules as prepared statements: the rows that an event touched, and the groups that it reaches.

A group rule looks from one person at others that share a value with it. `live_near` holds those persons: first the
ones whose finding may change (`judged`), then the ones that must be looked at to judge them. One step is enough,
since no rule goes from a person to the neighbours of its neighbours (a test holds every rule to that).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from dancu.engine.link.decided import ANSWERS
from dancu.engine.validate import group_rule_sql, row_rule_sql
from dancu.engine.validate.render import people_cte
from dancu.reference.fields import mandatory_fields
from dancu.rules import Rule
from dancu.store.register import schema
from dancu.store.register.statements import rendered

_PERSON = f"{schema.SCHEMA}.person"
_STANDARD = f"{schema.SCHEMA}.standard"


def persons_of(table: str, on: dt.date, which: str = "TRUE") -> str:
    """A subquery with all columns of the batch's `persons` over the rows of `table`."""
    promised = ", ".join(f"'{f}'" for f in mandatory_fields())
    columns = ", ".join(f"p.{c}" for c in schema.person())
    return (
        f"(SELECT {columns}, ARRAY[{promised}] AS expected_fields, DATE '{on.isoformat()}' AS on_date"
        f" FROM {table} p WHERE {which})"
    )


def standard_of(on: dt.date, which: str, table: str = _STANDARD) -> str:
    """A subquery with all columns of the batch's `standard` over the records `s` of `table`."""
    columns = ", ".join(f"s.{c}" for c in schema.standard())
    return (
        f"(SELECT {columns}, s.person_id, o.expected_fields, DATE '{on.isoformat()}' AS on_date"
        f" FROM {table} s JOIN {schema.SCHEMA}.source o ON o.source = s.source WHERE {which})"
    )


def verdicts(rules: Sequence[Rule], *, level: str, table: str) -> str:
    """id, unit_code, source and one boolean a rule (group rules: whether it can judge the row)."""
    judged = ", ".join(
        f"{row_rule_sql(rule, 'postgres')} AS v{k}"
        for k, rule in enumerate(rules)
        if level in rule.levels
    )
    source = "source" if level == "record" else "CAST(NULL AS text) AS source"
    people = people_cte(level, "postgres", table=f"{table} AS r")
    skip = " WHERE coalesce(source, '') <> 'register'" if level == "record" else ""
    return f"{people}SELECT id, coalesce(unit_code, '?') AS unit_code, {source}, {judged} FROM people{skip}"


class Link(NamedTuple):
    """A way from a person `s` to others `p`: the condition, and the columns that it takes (of either of them)."""

    on: str
    given: str
    takes: tuple[str, ...]


LINKS = (
    *(Link(f"p.{c} = s.{c}", c, (c,)) for c in schema.SAME_VALUE),
    *(Link(f"p.personal_number = s.{c}", c, ("personal_number", c)) for c in schema.RELATIVES),
    *(Link(f"p.{c} = s.personal_number", "personal_number", ("personal_number", c)) for c in schema.RELATIVES),
    Link("p.name_key = s.name_key AND p.birth_date = s.birth_date", "birth_date", ("name_key", "birth_date")),
)  # fmt: skip


def differs(rules: Sequence[Rule]) -> str:
    """person_id and `l0`, `l1` …: whether what a person has become can change the findings of whom that link leads to.

    A group rule reads of others what it names in `columns`; where none of these has changed, nobody else need be
    judged again. The person as it was stands in the register, as it is in `live_person`.
    """
    told = ", ".join(f"{_differ(_read_over(link, rules))} AS l{k}" for k, link in enumerate(LINKS))
    touched = "SELECT * FROM register.person WHERE person_id = ANY(ARRAY(SELECT person_id FROM live_touched))"
    return (
        f"SELECT coalesce(o.person_id, n.person_id), {told} FROM ({touched}) o"
        " FULL JOIN live_person n ON n.person_id = o.person_id"
    )


def _read_over(link: Link, rules: Sequence[Rule]) -> list[str]:
    """The columns of a person that group rules going over this link may read."""
    found: set[str] = set()
    for rule in rules:
        if rule.is_group and "person" in rule.levels and set(link.takes) <= set(rule.columns):
            found |= {"sources" if c == "in_register" else c for c in rule.columns}
    return [c for c in schema.person() if c in found]


def _differ(columns: Sequence[str]) -> str:
    if not columns:
        return "FALSE"
    old, new = (", ".join(f"{side}.{c}" for c in columns) for side in "on")
    return f"(ROW({old}) IS DISTINCT FROM ROW({new}))"


def near(seeds: str, *, where_it_differs: bool = False) -> str:
    """Persons that share a value with a row of `seeds` (a table of persons), by index, one value after the other.

    `where_it_differs`: only over the links that `live_differs` says can matter.
    """
    # OFFSET 0: row by row through the index, whatever the planner expects of a temporary table.
    found = (
        f"SELECT q.person_id FROM {seeds} s CROSS JOIN LATERAL"
        f" (SELECT p.person_id FROM {_PERSON} p WHERE {link.on} OFFSET 0) q WHERE s.{link.given} IS NOT NULL"
        + (f" AND s.person_id IN (SELECT person_id FROM live_differs WHERE l{k})" if where_it_differs else "")
        for k, link in enumerate(LINKS)
    )  # fmt: skip
    return " UNION ".join(found)


def near_records(seeds: str) -> str:
    """Records that share a personal number with a record of `seeds` in the same source."""
    return (
        f"SELECT q.record_id FROM {seeds} s CROSS JOIN LATERAL (SELECT t.record_id FROM {_STANDARD} t"
        " WHERE t.personal_number = s.personal_number AND t.source = s.source OFFSET 0) q"
        " WHERE s.personal_number IS NOT NULL"
    )


def person_groups(rules: Sequence[Rule], on: dt.date) -> str:
    """rule number, id, group_key, unit_code, source of every group finding of the judged persons of `live_near`."""
    inputs = {
        "people": f"SELECT {_read(rules, 'person')}, r.person_id AS id, n.judged, {_in_register()} AS in_register"
        f" FROM live_near n CROSS JOIN LATERAL {persons_of(_PERSON, on, 'p.person_id = n.person_id OFFSET 0')} r",
        "contested": _of_judged("contested", _UNSETTLED),
        "events": _of_judged("life_event"),
        "standard": "SELECT r.* FROM live_near n CROSS JOIN LATERAL "
        f"{standard_of(on, 's.person_id = n.person_id OFFSET 0')} r WHERE n.judged",
        "links": "SELECT record_id, person_id FROM standard",
        "persons": "SELECT * FROM people",
    }
    return _groups(rules, inputs, "person")


def record_groups(rules: Sequence[Rule], on: dt.date) -> str:
    """The same for the judged records of `live_near_record`."""
    one_person = persons_of(_PERSON, on, "p.person_id = n.person_id OFFSET 0")
    inputs = {
        "people": f"SELECT {_read(rules, 'record')}, r.record_id AS id, n.judged, TRUE AS in_register"
        " FROM live_near_record n"
        f" CROSS JOIN LATERAL {standard_of(on, 's.record_id = n.record_id OFFSET 0')} r",
        "links": "SELECT record_id, person_id FROM people WHERE judged",
        "theirs": "SELECT DISTINCT person_id FROM links",
        "persons": f"SELECT r.* FROM theirs n CROSS JOIN LATERAL {one_person} r",
        "contested": _of("theirs", "contested", _UNSETTLED),
        "events": _of("theirs", "life_event"),
        "standard": "SELECT r.* FROM theirs n CROSS JOIN LATERAL "
        f"{standard_of(on, 's.person_id = n.person_id OFFSET 0')} r",
    }
    return _groups(rules, inputs, "record")


def _read(rules: Sequence[Rule], level: str) -> str:
    """The columns of `r` that group rules of the level read: a narrow table is read over and over more quickly."""
    named = {c for rule in rules if rule.is_group and level in rule.levels for c in rule.columns}
    own = {"person": ("person_id", "sources"), "record": ("record_id", "person_id", "source")}
    first = [*own[level], "unit_code", "on_date", "expected_fields"]
    known = schema.person() if level == "person" else schema.standard()
    return ", ".join(f"r.{c}" for c in dict.fromkeys([*first, *(c for c in known if c in named)]))


def _groups(rules: Sequence[Rule], inputs: dict[str, str], level: str) -> str:
    parts = [
        f"SELECT {k} AS rule, v.id, min(CAST(f.group_key AS text)) AS group_key, v.unit_code,"
        f" {'v.source' if level == 'record' else 'CAST(NULL AS text)'} AS source"
        f" FROM ({group_rule_sql(rule, 'postgres')}) f JOIN people v ON v.id = f.id"
        f" WHERE v.judged AND ({rendered_predicate(rule)}) GROUP BY v.id, v.unit_code"
        + (", v.source" if level == "record" else "")
        for k, rule in enumerate(rules)
        if rule.is_group and level in rule.levels
    ]
    tables = ", ".join(f"{name} AS MATERIALIZED ({query})" for name, query in inputs.items())
    none = "SELECT 0 AS rule, CAST(0 AS bigint) AS id, '' AS group_key, '' AS unit_code, '' AS source WHERE FALSE"
    return f"WITH {tables} {' UNION ALL '.join(parts) or none}"


def rendered_predicate(rule: Rule) -> str:
    """Whether a group rule can judge the row `v`."""
    return _qualified(rule.examined, "v")


def _qualified(predicate: str, alias: str) -> str:
    import sqlglot
    from sqlglot import exp

    tree = sqlglot.parse_one(predicate, read="duckdb")
    for column in tree.find_all(exp.Column):
        column.set("table", exp.to_identifier(alias))
    return tree.sql(dialect="postgres")


def _in_register() -> str:
    return rendered(
        "(list_contains(r.sources, 'population') OR list_contains(r.sources, 'register'))"
    )


_UNSETTLED = (
    f" AND NOT EXISTS (SELECT 1 FROM {_STANDARD} a JOIN {schema.SCHEMA}.record c ON c.record_id = a.record_id"
    f" WHERE a.person_id = t.person_id AND a.source = '{ANSWERS}'"
    " AND t.field = ANY(string_to_array(c.cells->'extra'->>'answered', ',')))"
)
"""Once an officer has decided on a field, sources that differ are no open question (`engine.link.decided`)."""


def _of_judged(table: str, more: str = "") -> str:
    return f"{_of('live_near', table, more)} WHERE n.judged"


def _of(ids: str, table: str, more: str = "") -> str:
    return (
        f"SELECT r.* FROM {ids} n CROSS JOIN LATERAL (SELECT * FROM {schema.SCHEMA}.{table} t"
        f" WHERE t.person_id = n.person_id{more} OFFSET 0) r"
    )
