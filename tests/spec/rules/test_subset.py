"""The rule files are whole, and their SQL stays in the subset that all engines understand alike."""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from tests.spec.rules.tables import COLUMNS, OTHERS

from dancu.reference.domain import error_groups
from dancu.reference.fields import fields, mandatory_fields, standard_fields
from dancu.rules import DIMENSIONS, Rule, all_rules
from dancu.rules.loader import rule_files

RULES = all_rules()
PREDICATE = {
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.And, exp.Or, exp.Not, exp.Paren,
    exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Is, exp.In, exp.Between, exp.Case, exp.If,
    exp.Coalesce, exp.Add, exp.Interval, exp.Var, exp.Cast, exp.DataType, exp.ArrayContains,
    exp.Substring, exp.StrPosition, exp.Length, exp.DPipe,
}  # fmt: skip
QUERY = PREDICATE | {
    exp.Select, exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.Window, exp.Count, exp.Min,
    exp.Max, exp.Star, exp.Subquery, exp.Alias, exp.TableAlias, exp.Table,
}  # fmt: skip
NOT_IN_REGISTER = {"source", "list_date"}
ONLY_IN_REGISTER = {"last_confirmed", "sources"}


def texts(rule: Rule) -> list[tuple[exp.Expression, set[type]]]:
    predicate, query = rule.sql or rule.examined, rule.failing
    found = [(sqlglot.parse_one(predicate, read="duckdb"), PREDICATE)]
    return found + ([(sqlglot.parse_one(query, read="duckdb"), QUERY)] if query else [])


def nodes() -> list[tuple[Rule, exp.Expression, set[type]]]:
    return [(r, node, allowed) for r in RULES for tree, allowed in texts(r) for node in tree.walk()]


NODES = nodes()


def test_only_words_of_the_subset_are_used() -> None:
    assert [(r.id, type(n).__name__) for r, n, allowed in NODES if type(n) not in allowed] == []


def test_nothing_but_a_date_literal_or_a_group_key_is_cast() -> None:
    for rule, node, _ in NODES:
        if isinstance(node, exp.Cast):
            literal_day = isinstance(node.this, exp.Literal) and node.to.this == exp.DType.DATE
            group_key = rule.is_group and node.this.name == "person_id"
            assert literal_day or group_key, rule.id


def test_intervals_are_added_to_dates_and_nothing_else_is_added() -> None:
    for rule, node, _ in NODES:
        if isinstance(node, exp.Add):
            assert isinstance(node.expression, exp.Interval), rule.id
            assert (COLUMNS | OTHERS["events"])[node.this.name] == "DATE", rule.id
        if isinstance(node, exp.Interval):
            assert node.text("unit").upper() in ("YEAR", "MONTH", "DAY"), rule.id


def test_list_contains_is_only_a_condition() -> None:
    for rule, node, _ in NODES:
        if isinstance(node, exp.ArrayContains):
            above = node.parent
            while isinstance(above, exp.And):
                above = above.parent
            assert isinstance(above, exp.If | exp.Where), rule.id


def test_the_columns_named_are_those_that_the_sql_reads() -> None:
    for rule in RULES:
        read = {
            node.name
            for tree, _ in texts(rule)
            for node in tree.find_all(exp.Column)
            if table_of(node) not in OTHERS and node.name in COLUMNS and node.name != "id"
        }
        assert set(rule.columns) == read, rule.id


def table_of(column: exp.Column) -> str:
    """The table that a column of a query is read from: by its alias, or the only one there is."""
    select = column.find_ancestor(exp.Select)
    joined = [select.args["from_"], *select.args.get("joins", ())] if select else []
    tables = {one.this.alias_or_name: one.this.name for one in joined}
    alone = next(iter(tables.values())) if len(tables) == 1 else ""
    return str(tables.get(column.table, alone))


def test_columns_of_further_tables_are_those_that_the_examples_can_give() -> None:
    for rule, node, _ in NODES:
        if isinstance(node, exp.Column) and (table := table_of(node)) in OTHERS:
            assert node.name in OTHERS[table], (rule.id, table, node.name)


def test_every_name_is_a_column_that_its_level_has() -> None:
    known = set(COLUMNS) | {c for other in OTHERS.values() for c in other}
    for rule, node, _ in NODES:
        if isinstance(node, exp.Column):
            named = {alias.alias for alias in node.root().find_all(exp.Alias)}
            assert node.name in known | named, (rule.id, node.name)
    for rule in RULES:
        missing = NOT_IN_REGISTER if "person" in rule.levels else ONLY_IN_REGISTER
        assert not missing & set(rule.columns), rule.id


def test_group_rules_read_only_the_tables_of_the_contract() -> None:
    for rule, node, _ in NODES:
        if isinstance(node, exp.Table):
            assert node.name in {"people", *OTHERS}, rule.id


def test_ids_and_files_agree() -> None:
    files = {f"{path.name}" for path in rule_files()}
    assert {f"{rule.slug}.yml" for rule in RULES} == files
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.id[:4] == f"{DIMENSIONS[rule.dimension]}-" and rule.id[4:].isdigit()


def test_every_rule_says_what_is_wrong_and_how_to_fix_it_in_both_languages() -> None:
    for rule in RULES:
        spoken = (rule.message.vi, rule.message.en, rule.fix.vi, rule.fix.en, rule.law)
        assert all(text.strip() for text in spoken), rule.id
        assert rule.message.vi.endswith(".") and rule.message.en.endswith("."), rule.id
        assert rule.severity in ("error", "warning") and 0 < rule.weight <= 10, rule.id
        assert rule.level in ("record", "person", "both") and rule.field in fields(), rule.id


def test_every_rule_shows_pass_fail_and_cannot_tell() -> None:
    for rule in RULES:
        shown = {expect for example in rule.examples for expect in example.expect}
        assert shown == {"pass", "fail", "unknown"}, rule.id


def test_all_official_error_groups_and_dimensions_are_covered() -> None:
    official = {int(group.group) for group in error_groups()}
    assert {rule.error_group for rule in RULES} == official == set(range(1, 9))
    assert {rule.dimension for rule in RULES} == set(DIMENSIONS)


def test_every_format_has_its_rule_and_every_mandatory_field_too() -> None:
    slugs = {rule.slug for rule in RULES}
    formats = {f for f in standard_fields() if fields()[f].format}
    assert {f"{f.replace('_', '-')}-format" for f in formats} <= slugs
    assert {f"{f.replace('_', '-')}-missing" for f in mandatory_fields()} <= slugs
    fixed = {f for f in standard_fields() if fields()[f].fix}
    assert {f"{f.replace('_', '-')}-repaired" for f in fixed} <= slugs
