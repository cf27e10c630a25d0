"""Golden: one row a person, every field from the record that deserves it, and the values that lost.

`standard` and `links` in; `golden` and `contested` out, part by part, so that memory is that of one part.
"""

from __future__ import annotations

from dancu.engine.golden import merge, queries
from dancu.engine.golden.survivorship import Group, groups
from dancu.engine.ports import Context, Drop, Part, Sql, Step

__all__ = ["Group", "groups", "plan"]

PARTS = 3
"""Parts of the persons; at scale 1 one part of the many-record persons is about 660,000 records."""


def plan(context: Context) -> list[Step]:
    """Steps that make `golden` and `contested`. Setting `parts`: more for less memory."""
    parts = int(context.of("golden").get("parts", PARTS))
    steps: list[Step] = [
        Sql("_golden_sizes", queries.sizes()),
        Sql("_golden_origins", queries.origins(context.sources)),
        Part("golden", "single", merge.single()),
    ]
    for part in range(parts):
        steps += _part(context, part, parts)
    return [*steps, Drop(("_golden_sizes", "_golden_origins"))]


def _part(context: Context, part: int, parts: int) -> list[Step]:
    return [
        Sql("_golden_several", queries.several(context.sources, part, parts)),
        Sql("_golden_agreement", queries.agreement()),
        Sql("_golden_claims", queries.claims()),
        Sql("_golden_won", merge.won()),
        Sql("_golden_sets", merge.sets()),
        Sql("_golden_settled", merge.settled()),
        Drop(("_golden_agreement", "_golden_won", "_golden_sets")),
        Sql("_golden_merged", merge.merged()),
        Part("golden", f"several{part}", merge.shaped("SELECT * FROM _golden_merged")),
        Sql("_golden_lost", merge.lost()),
        Drop(("_golden_settled", "_golden_claims", "_golden_several")),
        Part("contested", f"several{part}", merge.contested()),
        Drop(("_golden_lost", "_golden_merged")),
    ]
