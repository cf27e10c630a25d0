"""Small wrong turns of a rule's SQL: what a slip of the pen could make of it.

Each mutant is one change: a number by one, a comparison or a logic operator swapped, a NOT, a branch or a NULL
handling dropped, an interval's unit, a word of a list. The examples of the rule must tell it from the rule.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import sqlglot
from sqlglot import exp

Change = Callable[[exp.Expression], Iterator[exp.Expression]]

_COMPARISONS = {
    exp.EQ: (exp.NEQ,),
    exp.NEQ: (exp.EQ,),
    exp.LT: (exp.LTE, exp.GT),
    exp.LTE: (exp.LT, exp.GTE),
    exp.GT: (exp.GTE, exp.LT),
    exp.GTE: (exp.GT, exp.LTE),
}
_UNITS = {"YEAR": "MONTH", "MONTH": "DAY", "DAY": "MONTH"}


def mutants(sql: str) -> dict[str, str]:
    """Label → SQL of every mutant of a predicate or query, without doubles."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    found: dict[str, str] = {}
    plain = tree.sql("duckdb")
    seen = {plain}
    for place, node in enumerate(tree.walk()):
        for changed in _changes(node):
            mutant = _with(tree, place, changed)
            if mutant in seen:
                continue
            seen.add(mutant)
            label = f"{node.sql('duckdb')} → {changed.sql('duckdb')}"
            found[label if label not in found else f"{label} (node {place})"] = mutant
    return found


def _with(tree: exp.Expression, place: int, changed: exp.Expression) -> str:
    copy = tree.copy()
    node = next(n for i, n in enumerate(copy.walk()) if i == place)
    if node is copy:
        return changed.sql("duckdb")
    node.replace(changed)
    return copy.sql("duckdb")


def _changes(node: exp.Expression) -> Iterator[exp.Expression]:
    for kind, changes in _BY_KIND:
        if isinstance(node, kind):
            for change in changes:
                yield from change(node)


def _swap(node: exp.Expression) -> Iterator[exp.Expression]:
    for other in _COMPARISONS[type(node)]:
        yield other(this=node.this.copy(), expression=node.expression.copy())


def _logic(node: exp.Expression) -> Iterator[exp.Expression]:
    other = exp.Or if isinstance(node, exp.And) else exp.And
    yield exp.paren(other(this=node.this.copy(), expression=node.expression.copy()))
    yield node.this.copy()
    yield node.expression.copy()


def _drop(node: exp.Expression) -> Iterator[exp.Expression]:
    yield node.this.copy()


def _null_test(node: exp.Expression) -> Iterator[exp.Expression]:
    if isinstance(node.expression, exp.Null) and not isinstance(node.parent, exp.Not):
        yield exp.Not(this=node.copy())


def _literal(node: exp.Expression) -> Iterator[exp.Expression]:
    parent = node.parent
    if isinstance(parent, exp.Cast):
        day = dt.date.fromisoformat(node.name)
        for step in (-1, 1):
            yield exp.Literal.string(str(day + dt.timedelta(days=step)))
    elif node.is_string and not isinstance(parent, exp.Interval):
        yield exp.Literal.string(node.name + "x")
    elif isinstance(parent, exp.Interval):
        for step in (-1, 1):
            yield exp.Literal.string(str(int(node.name) + step))
    else:
        for step in (-1, 1):
            yield exp.Literal.number(int(node.name) + step)


def _boolean(node: exp.Expression) -> Iterator[exp.Expression]:
    yield exp.Boolean(this=not node.this)


def _unit(node: exp.Expression) -> Iterator[exp.Expression]:
    changed = node.copy()
    changed.set("unit", exp.var(_UNITS[node.text("unit").upper()]))
    yield changed


def _members(node: exp.Expression) -> Iterator[exp.Expression]:
    if len(node.expressions) > 1:
        for i in range(len(node.expressions)):
            changed = node.copy()
            changed.set("expressions", [e for j, e in enumerate(changed.expressions) if j != i])
            yield changed


def _branches(node: exp.Expression) -> Iterator[exp.Expression]:
    for i in range(len(node.args["ifs"])):
        if len(node.args["ifs"]) > 1:
            changed = node.copy()
            changed.set("ifs", [e for j, e in enumerate(changed.args["ifs"]) if j != i])
            yield changed
    if len(node.args["ifs"]) == 1 and not node.args.get("default"):
        yield exp.paren(node.args["ifs"][0].args["true"].copy())


def _coalesce(node: exp.Expression) -> Iterator[exp.Expression]:
    """COALESCE dropped, and each of its further arguments."""
    yield node.this.copy()
    for i in range(1, len(node.expressions)) if len(node.expressions) > 1 else ():
        changed = node.copy()
        changed.set("expressions", [e for j, e in enumerate(node.expressions) if j != i])
        yield changed


def _where(node: exp.Expression) -> Iterator[exp.Expression]:
    yield exp.Where(this=exp.true())


_BY_KIND: tuple[tuple[type | tuple[type, ...], tuple[Change, ...]], ...] = (
    (tuple(_COMPARISONS), (_swap,)),
    ((exp.And, exp.Or), (_logic,)),
    (exp.Not, (_drop,)),
    (exp.Is, (_null_test,)),
    (exp.Literal, (_literal,)),
    (exp.Boolean, (_boolean,)),
    (exp.Interval, (_unit,)),
    (exp.In, (_members,)),
    (exp.Case, (_branches,)),
    (exp.Coalesce, (_coalesce,)),
    (exp.Where, (_where,)),
)
