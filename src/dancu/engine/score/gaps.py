"""How many records stand between a unit and its target: computed, not guessed.

The index is linear in the failures, so putting one person right gains a known number of points: the sum, over the
rules that the person fails, of the rule's share / persons evaluated. The fewest persons that reach the
target are therefore the ones with the largest gains, and their number is exact for single findings. A group
finding (a duplicate) counts for each member, so putting one member right may free the others too:
the number is then an upper bound.
"""

from __future__ import annotations

GAINS = """
SELECT s.scope, s.scope_code, f.id AS person_id,
       sum(100.0 * s.in_index / s.evaluated) AS gain,
       count(*)::INTEGER AS findings
FROM findings f
JOIN _above a ON a.unit_code = f.unit_code
JOIN _shares s ON s.scope = a.scope AND s.scope_code = a.above AND s.rule_id = f.rule_id
WHERE f.level = 'person' AND a.scope = 'commune'
GROUP BY ALL
"""
"""Points of the commune's index that each of its persons with findings would give back."""

FIX_ORDER = """
SELECT scope, scope_code, person_id, findings, gain,
       row_number() OVER ranked AS rank,
       sum(gain) OVER (ranked ROWS UNBOUNDED PRECEDING) AS gained
FROM _gains
WINDOW ranked AS (PARTITION BY scope, scope_code ORDER BY gain DESC, person_id)
"""
"""Each commune's persons in the order in which putting them right raises its index fastest."""


def gaps(*, green: float, yellow: float) -> str:
    """Query for `gaps`: per commune its score, the next target above it, and the fewest persons to put right.

    `identifier_records`: persons to put right before every identifier is 100, as the formula demands.
    """
    return f"""
WITH now AS (
    SELECT scope, scope_code, score,
           CASE WHEN score >= {green} THEN NULL
                WHEN score >= {yellow} THEN {green}::DOUBLE ELSE {yellow}::DOUBLE END AS target
    FROM scores
    WHERE scope = 'commune' AND field = '*' AND criterion = '*'
), reach AS (
    SELECT n.scope, n.scope_code, min(o.rank) AS records_to_fix
    FROM now n JOIN fix_order o USING (scope, scope_code)
    WHERE n.score + o.gained >= n.target - 1e-9
    GROUP BY ALL
), identifiers AS (
    SELECT a.scope, a.above AS scope_code, count(DISTINCT f.id) AS identifier_records
    FROM findings f
    JOIN _above a ON a.unit_code = f.unit_code AND a.scope = 'commune'
    JOIN _rules r ON r.rule_id = f.rule_id AND r.criterion IN ('correct', 'complete', 'clean')
    JOIN _fields d ON d.field = r.field AND d.identifier
    WHERE f.level = 'person'
    GROUP BY ALL
), worst AS (
    SELECT scope, scope_code, list(rule_id ORDER BY lost DESC, rule_id)[1:5] AS first_rules
    FROM (
        SELECT scope, scope_code, rule_id, 100.0 * in_index * failed / evaluated AS lost
        FROM _shares WHERE scope = 'commune' AND failed > 0
    )
    GROUP BY ALL
)
SELECT n.scope, n.scope_code, n.score, n.target, n.target - n.score AS points_missing,
       r.records_to_fix, coalesce(i.identifier_records, 0) AS identifier_records, w.first_rules
FROM now n
LEFT JOIN reach r USING (scope, scope_code)
LEFT JOIN identifiers i USING (scope, scope_code)
LEFT JOIN worst w USING (scope, scope_code)
ORDER BY n.score, n.scope_code
"""
