"""The twenty indicators of Decision 766/QĐ-TTg, their five groups and what is known of their points.

Sources: `services/index766_indicators.csv` (formulae and counting rules), `services/index766.json` (groups). A maximum
or a rule that our sources do not say is None: nobody fills it in.

>>> sum(g.max_points for g in groups()), len(indicators())
(Decimal('100'), 20)
>>> [i.indicator_id for i in indicators() if i.max_points is not None]
['1.2', '2.1', '5.4']
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from dancu.reference.loader import json_of, rows

LAW = "Quyết định 766/QĐ-TTg ngày 23/6/2022"


@dataclass(frozen=True, slots=True)
class Group:
    """One of the five, with the points that its indicators share."""

    group_id: str
    name_vi: str
    name_en: str
    max_points: Decimal


@dataclass(frozen=True, slots=True)
class Indicator766:
    """An indicator as the decision's formula document has it.

    `full_from`: the percentage from which all points are given, below it in proportion; None: the rule is not known.
    """

    indicator_id: str
    group_id: str
    name_vi: str
    name_en: str
    formula: str
    rule: str
    max_points: Decimal | None
    full_from: Decimal | None


@cache
def groups() -> tuple[Group, ...]:
    """1 to 5."""
    said = json_of("services/index766.json")["groups"]
    return tuple(
        Group(number, g["name_vi"], g["name_en"], Decimal(str(g["max_points"])))
        for number, g in sorted(said.items())
    )


@cache
def indicators() -> tuple[Indicator766, ...]:
    """1.1 to 5.4, in order; there is no 3.4."""
    return tuple(
        Indicator766(
            r["indicator_id"], r["group_id"], r["name_vi"], r["name_en"], r["formula"], r["counting_rule"],
            _known(r["max_points_if_known"]), _known(r["full_score_from_percent"]),
        )
        for r in rows("services/index766_indicators.csv")
    )  # fmt: skip


def _known(text: str) -> Decimal | None:
    return Decimal(text) if text else None
