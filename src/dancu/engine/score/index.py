"""The index itself, as SQL over `counts`: weighted means, level by level.

Every level's weights are normalised over what could be evaluated there, so the index of a scope is linear in the
share of passes of each rule; `_shares` holds that linear coefficient, from which the gaps are computed.
"""

from __future__ import annotations

RULE_COUNTS = """
SELECT c.scope, c.scope_code, c.rule_id, r.criterion, r.field, r.rule_weight,
       coalesce(f.field_weight, 1.0) AS field_weight, coalesce(f.identifier, false) AS identifier,
       w.criterion_weight, c.evaluated, c.failed
FROM (
    SELECT 'list' AS scope, source AS scope_code, rule_id,
           sum(evaluated)::BIGINT AS evaluated, sum(failed)::BIGINT AS failed
    FROM counts WHERE level = 'record' GROUP BY ALL
    UNION ALL
    SELECT a.scope, a.above AS scope_code, c.rule_id,
           sum(c.evaluated)::BIGINT AS evaluated, sum(c.failed)::BIGINT AS failed
    FROM counts c JOIN _above a ON a.unit_code = c.unit_code
    WHERE c.level = 'person' GROUP BY ALL
    UNION ALL
    SELECT 'register' AS scope, '*' AS scope_code, rule_id,
           sum(evaluated)::BIGINT AS evaluated, sum(failed)::BIGINT AS failed
    FROM counts WHERE level = 'person' GROUP BY ALL
) c
JOIN _rules r ON r.rule_id = c.rule_id
JOIN _criteria w ON w.criterion = r.criterion
LEFT JOIN _fields f ON f.field = r.field
WHERE c.evaluated > 0
"""
"""One row a scope and rule. Scopes: list, commune, district, province, register (everybody, also without a unit)."""

SHARES = """
WITH at_field AS (
    SELECT *, rule_weight / sum(rule_weight) OVER (PARTITION BY scope, scope_code, field, criterion) AS in_criterion
    FROM _rule_counts
), criteria AS (
    SELECT DISTINCT scope, scope_code, field, criterion, criterion_weight, field_weight FROM _rule_counts
), criterion_shares AS (
    SELECT scope, scope_code, field, criterion,
           criterion_weight / sum(criterion_weight) OVER (PARTITION BY scope, scope_code, field) AS in_field,
           field_weight / sum(field_weight) OVER (PARTITION BY scope, scope_code, criterion) AS of_criterion
    FROM criteria
), field_shares AS (
    SELECT scope, scope_code, field,
           field_weight / sum(field_weight) OVER (PARTITION BY scope, scope_code) AS in_index
    FROM (SELECT DISTINCT scope, scope_code, field, field_weight FROM criteria) AS weights
)
SELECT a.scope, a.scope_code, a.rule_id, a.field, a.criterion, a.identifier, a.evaluated, a.failed,
       a.in_criterion,
       a.in_criterion * c.in_field AS in_field,
       a.in_criterion * c.of_criterion AS in_dimension,
       a.in_criterion * c.in_field * f.in_index AS in_index
FROM at_field a
JOIN criterion_shares c USING (scope, scope_code, field, criterion)
JOIN field_shares f USING (scope, scope_code, field)
"""
"""Per scope and rule, its share in the criterion at the field, in the field, in the dimension and in the index."""

_LEVELS = (
    ("field", "criterion", "rule_id", "1.0"),
    ("field", "criterion", "'*'", "in_criterion"),
    ("field", "'*'", "'*'", "in_field"),
    ("'*'", "criterion", "'*'", "in_dimension"),
    ("'*'", "'*'", "'*'", "in_index"),
)


def scores(*, green: float, yellow: float) -> str:
    """Query for `scores`: one row a scope and level; thresholds in points of 100.

    `colour` of an identifier field's correct, complete and clean is green at 100 and red below: the formula demands it.
    """
    levels = " UNION ALL ".join(_level(*level) for level in _LEVELS)
    must = "identifier AND field <> '*' AND criterion IN ('correct', 'complete', 'clean')"
    return f"""
SELECT scope, scope_code, field, criterion, rule_id, evaluated - failed AS passed, evaluated, score,
       CASE WHEN {must} AND failed > 0 THEN 'red'
            WHEN score >= {green} THEN 'green'
            WHEN score >= {yellow} THEN 'yellow' ELSE 'red' END AS colour
FROM ({levels})
ORDER BY scope, scope_code, field, criterion, rule_id
"""


def _level(field: str, criterion: str, rule: str, share: str) -> str:
    # Summed in one order, so that the last digit is the same whatever order the counts come in.
    return f"""
    SELECT scope, scope_code, {field} AS field, {criterion} AS criterion, {rule} AS rule_id,
           bool_and(identifier) AS identifier,
           sum(evaluated)::BIGINT AS evaluated, sum(failed)::BIGINT AS failed,
           100.0 * (1.0 - sum({share} * failed / evaluated ORDER BY _shares.rule_id)) AS score
    FROM _shares GROUP BY ALL"""
