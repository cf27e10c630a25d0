"""What a finding costs its commune, from the live counts: the engine's own shares, for communes alone, in PostgreSQL.

Few rows (rules times communes); the engine's definition of the shares (`engine.score.index.SHARES`) is the one used.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

from django.db import connections

from dancu.engine.score.index import SHARES
from dancu.reference.fields import fields
from dancu.reference.weights import criterion_weights
from dancu.rules import on as rules_on
from dancu.store.register.statements import rendered


@lru_cache(maxsize=4)
def shares(on: dt.date) -> str:
    """CTEs up to `_shares` for communes; one parameter: the communes (NULL: all)."""
    return f"""
_rules(rule_id, criterion, field, rule_weight) AS (VALUES {_rules(on)}),
_fields(field, field_weight, identifier) AS (VALUES {_fields()}),
_criteria(criterion, criterion_weight) AS (VALUES {_criteria(on)}),
_counted AS (
    SELECT unit_code, rule_id, sum(evaluated)::bigint AS evaluated, sum(failed)::bigint AS failed
    FROM register.score WHERE level = 'person' AND unit_code <> '?'
      AND (%(units)s::text[] IS NULL OR unit_code = ANY (%(units)s::text[]))
    GROUP BY unit_code, rule_id HAVING sum(evaluated) > 0
),
_rule_counts AS (
    SELECT 'commune' AS scope, c.unit_code AS scope_code, c.rule_id, r.criterion, r.field, r.rule_weight,
           coalesce(f.field_weight, 1.0) AS field_weight, coalesce(f.identifier, false) AS identifier,
           w.criterion_weight, c.evaluated, c.failed
    FROM _counted c JOIN _rules r ON r.rule_id = c.rule_id JOIN _criteria w ON w.criterion = r.criterion
    LEFT JOIN _fields f ON f.field = r.field
),
_shares AS ({rendered(SHARES).replace("%", "%%")})"""


def unit_score(unit: str, on: dt.date, *, using: str = "default") -> float | None:
    """The commune's index now (0 to 100); None where nothing could be judged."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"WITH {shares(on)} SELECT 100.0 * (1.0 - sum(in_index * failed / evaluated)) FROM _shares",
            {"units": [unit]},
        )
        found: Any = cursor.fetchone()[0]
    return None if found is None else float(found)


def _rules(on: dt.date) -> str:
    return ", ".join(
        f"('{r.id}', '{r.dimension}', '{r.field}', {float(r.weight)}::float8)" for r in rules_on(on)
    )


def _fields() -> str:
    return ", ".join(
        f"('{f.field}', {float(f.weight)}::float8, {str(f.identifier).lower()})"
        for f in fields().values()
    )


def _criteria(on: dt.date) -> str:
    return ", ".join(f"('{c}', {float(w)}::float8)" for c, w in criterion_weights(on=on).items())
