"""Golden: one row a person, every field from the record that deserves it, and the values that lost.

`standard` and `links` in; `golden` and `contested` out, part by part, so that memory is that of one part.
"""

from __future__ import annotations

from dancu.engine.golden import queries
from dancu.engine.golden.survivorship import Group, groups
from dancu.engine.ports import Context, Drop, Part, Sql, Step

__all__ = ["Group", "groups", "plan"]

PARTS = 4
"""Parts of the persons; at scale 1 one part of the many-record persons is about 450,000 records."""


def plan(context: Context) -> list[Step]:
    """Steps that make `golden` and `contested`. Setting `parts`: more for less memory."""
    parts = int(context.of("golden").get("parts", PARTS))
    steps: list[Step] = [
        Sql("_golden_sizes", queries.sizes()),
        Part("golden", "single", queries.single()),
    ]
    for part in range(parts):
        steps += _part(context, part, parts)
    return [*steps, Drop(("_golden_sizes",))]


def _part(context: Context, part: int, parts: int) -> list[Step]:
    return [
        Sql("_golden_agreement", queries.agreement(part, parts)),
        Sql("_golden_claims", queries.claims(context.sources, part, parts)),
        Drop(("_golden_agreement",)),
        Sql("_golden_won", queries.won()),
        Sql("_golden_settled", queries.settled()),
        Sql("_golden_merged", queries.merged()),
        Part("golden", f"several{part}", queries.shaped("SELECT * FROM _golden_merged")),
        Part("contested", f"several{part}", queries.contested()),
        Drop(("_golden_won", "_golden_settled", "_golden_claims", "_golden_merged")),
    ]
