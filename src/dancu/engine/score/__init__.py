"""Scores: rule -> criterion -> field -> list or unit, and how many records stand between a unit and its target.

Source: the formula of letter 4856/BCA-TTDLQG (`reference/data/domain/data_quality_formula.csv`): every level
is a weighted mean of the one below; a rule's score is 100 x passed / evaluated, and what a rule cannot tell
is in neither. Units are rolled up from numerators and denominators along the tree of the asked day; a
ratio is never averaged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache

import pyarrow as pa

from dancu.engine.ports import Context, Drop, Kernel, Sql, Step
from dancu.engine.score import gaps, index
from dancu.reference import thresholds, units
from dancu.reference.fields import fields
from dancu.reference.weights import criterion_weights
from dancu.rules import loader as rules

PROVINCE = "province"


def plan(context: Context) -> list[Step]:
    """Steps that make `scores`, `gaps` and `fix_order` from `counts` and `findings`."""
    levels = thresholds.on(context.on)
    return [
        *_reference_steps(context.on),
        Sql("_rule_counts", index.RULE_COUNTS),
        Sql("_shares", index.SHARES),
        Sql("scores", index.scores(green=levels.green, yellow=levels.yellow)),
        Sql("_gains", gaps.GAINS),
        Sql("fix_order", gaps.FIX_ORDER),
        Sql("gaps", gaps.gaps(green=levels.green, yellow=levels.yellow)),
        Drop(("_rule_counts", "_shares", "_gains", "_rules", "_fields", "_criteria", "_above")),
    ]


def _reference_steps(on: date) -> Iterable[Step]:
    """Small tables of the day: rules, fields, criteria, and each unit with all that stand above it."""
    return (
        Kernel("_rules", {}, _constant(lambda: _rules_table(on))),
        Kernel("_fields", {}, _constant(_fields_table)),
        Kernel("_criteria", {}, _constant(lambda: _criteria_table(on))),
        Kernel("_above", {}, _constant(lambda: _above_table(on))),
    )


def _constant(make: Callable[[], pa.Table]) -> Callable[..., pa.Table]:
    return lambda: make()


def _rules_table(on: date) -> pa.Table:
    known = rules.on(on)
    return pa.table(
        {
            "rule_id": [r.id for r in known],
            "criterion": [r.dimension for r in known],
            "field": [r.field for r in known],
            "rule_weight": [float(r.weight) for r in known],
        }
    )


def _fields_table() -> pa.Table:
    known = fields().values()
    return pa.table(
        {
            "field": [f.field for f in known],
            "field_weight": [f.weight for f in known],
            "identifier": [f.identifier for f in known],
        }
    )


def _criteria_table(on: date) -> pa.Table:
    weights = criterion_weights(on=on)
    return pa.table(
        {"criterion": list(weights), "criterion_weight": list(weights.values())},
        schema=pa.schema([("criterion", pa.string()), ("criterion_weight", pa.float64())]),
    )


@lru_cache(maxsize=4)
def _above_table(on: date) -> pa.Table:
    """unit_code -> every unit it counts for (itself, its district where there are any, its province)."""
    tree = units.table(on=on).to_pylist()
    pairs = [
        (unit["code"], above, level)
        for unit in tree
        if unit["level"] == "commune"
        for above, level in (
            (unit["code"], "commune"),
            (unit["district_code"], "district"),
            (unit["province_code"], PROVINCE),
        )
        if above
    ]
    return pa.table(
        {
            "unit_code": [p[0] for p in pairs],
            "above": [p[1] for p in pairs],
            "scope": [p[2] for p in pairs],
        }
    )
