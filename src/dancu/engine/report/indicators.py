"""An indicator: what a figure of a report means, who answers for it, and the facts it is counted from.

The facts are one SQL query, a row for each thing that counts, so that a figure, the sums that are kept of it, and the
list of records that it opens to are the same query, asked in three ways. A unit's figure is rolled up from numerators
and denominators, never averaged. Nothing is opened here: the queries go to whoever holds the tables.

Columns of the facts: `subject` (what the figure opens to, as text), `unit_code`, `since` (date: of a flow the day, of
a stock the first day), `until` (date, the first day on which it is no longer so; NULL while it is), `hit` (boolean:
counts in the numerator), `amount` (what is summed, where something is), `known_from`, `known_to` (timestamptz: from
when and until when the register held it so; NULL: always).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from dancu.engine.report.printed import rounded

Basis = Literal["flow", "stock", "cumulative"]
UnitKind = Literal["case", "occurrence", "dossier", "person", "document", "unit"]
Measure = Literal["share", "count", "sum", "mean"]
Comparison = Literal["gt", "ge", "eq", "le", "lt"]
Better = Literal["high", "low", "neither"]
FACTS = ("subject", "unit_code", "since", "until", "hit", "amount", "known_from", "known_to")


@dataclass(frozen=True)
class Indicator:
    """`code` is for ever; a changed definition is a new version. `decimals` are those of the printed figure.

    `moved_by`: what makes it rise or fall. `kept`: numerator and denominator as SQL over a row of kept sums, where
    some are kept; the facts give the same. `utility`: the group of the programme; `better`: which way is up; `few`: of
    fewer than so many in the denominator a share is not ranked. `unit_day`: SQL over the facts, the day on which
    `unit_code` was a unit's code (`{known}` in it: the moment of knowledge that is asked for); `weight`: SQL over the
    facts, for how many things one of them stands (empty: one). `exact` is False where a text may say "hơn" of a figure
    rounded down. `amount_unit` is of what is summed (`minute`, `dong`); `opens` names the page of a record, which
    takes the subject.
    """

    code: str
    version: int
    name_vi: str
    name_en: str
    meaning_vi: str
    meaning_en: str
    owner: str
    law: str
    basis: Basis
    unit_kind: UnitKind
    measure: Measure
    facts: str
    decimals: int = 2
    pillar: str = ""
    moved_by_vi: str = ""
    moved_by_en: str = ""
    kept: tuple[str, str] = ("", "")
    utility: str = ""
    better: Better = "high"
    few: int = 30
    unit_day: str = "since"
    weight: str = ""
    exact: bool = True
    amount_unit: str = ""
    opens: str = ""


@dataclass(frozen=True)
class Asked:
    """What is asked for: from the first to the last day, both in it, as it was `known` at a moment (None: now).

    Of a stock the last day alone counts; cumulative is a flow since ever up to the last day.
    """

    first: dt.date
    last: dt.date
    known: dt.datetime | None = None

    def year_before(self) -> Asked:
        """The same days of the year before, up to the same day; 29 February becomes the 28th."""
        return Asked(_year_before(self.first), _year_before(self.last), self.known)


@dataclass(frozen=True)
class Figure:
    """A figure with the parts it was counted from. `unit_code` None: all units together."""

    unit_code: str | None
    numerator: Decimal
    denominator: Decimal
    measure: Measure
    decimals: int

    @property
    def value(self) -> Decimal | None:
        """Per cent of a share or a mean (None without a denominator), else the count or sum; rounded half up."""
        if self.measure in ("count", "sum"):
            return self.numerator
        exact = _exact(self)
        return None if exact is None else rounded(exact, self.decimals)


@dataclass(frozen=True)
class Change:
    """How a figure moved: in points (of shares) and in per cent of what it was. None where it cannot be said."""

    points: Decimal | None
    percent: Decimal | None


def where(indicator: Indicator, asked: Asked) -> tuple[str, list[Any]]:
    """The condition on the facts for what is asked, and its values in order."""
    parts, given = [], []
    if indicator.basis == "flow":
        parts.append("since BETWEEN %s AND %s")
        given += [asked.first, asked.last]
    else:
        parts.append("since <= %s")
        given.append(asked.last)
    if indicator.basis == "stock":
        parts.append("(until IS NULL OR until > %s)")
        given.append(asked.last)
    if asked.known is None:
        parts.append("known_to IS NULL")
    else:
        parts.append(
            "(known_from IS NULL OR known_from <= %s) AND (known_to IS NULL OR known_to > %s)"
        )
        given += [asked.known, asked.known]
    return " AND ".join(parts), given


Query = tuple[str, list[Any]]
"""A statement and its values in order."""


def counted(indicator: Indicator, asked: Asked, *, by: Sequence[str] = ("unit_code",)) -> Query:
    """A query of `by`, numerator and denominator, and its values. `by` may name further columns of the facts."""
    condition, given = where(indicator, asked)
    each = f"sum({indicator.weight})" if indicator.weight else "count(*)"
    top = "sum(amount)" if indicator.measure in ("sum", "mean") else each
    listed = ", ".join(by)
    head, tail = (f"{listed}, ", f" GROUP BY {listed} ORDER BY {listed}") if by else ("", "")
    counts = (
        f"coalesce({top} FILTER (WHERE hit), 0) AS numerator, coalesce({each}, 0) AS denominator"
    )
    return f"SELECT {head}{counts} FROM ({indicator.facts}) AS fact WHERE {condition}{tail}", given


def records(
    indicator: Indicator,
    asked: Asked,
    *,
    units: Sequence[str] | None = None,
    hit: bool | None = None,
    also: Query = ("", []),
) -> tuple[str, list[Any]]:
    """A query of the facts themselves: the records that a figure opens to. `hit`: those inside or outside it.

    `also`: a further condition on columns of the facts, and its values.
    """
    condition, given = where(indicator, asked)
    if also[0]:
        condition, given = f"{condition} AND ({also[0]})", [*given, *also[1]]
    if units is not None:
        condition, given = condition + " AND unit_code = ANY (%s)", [*given, list(units)]
    if hit is not None:
        condition += " AND hit" if hit else " AND NOT hit"
    return (
        f"SELECT subject, unit_code, since, hit, amount FROM ({indicator.facts}) AS fact WHERE {condition}"
        " ORDER BY since, subject",
        given,
    )


def figure(indicator: Indicator, unit: str | None, parts: Sequence[tuple[Any, Any]]) -> Figure:
    """The figure of a unit rolled up from (numerator, denominator) of its parts.

    >>> from decimal import Decimal
    >>> one = Indicator("X", 1, "", "", "", "", "", "", "flow", "dossier", "share", "")
    >>> figure(one, None, [(321335, 332400)]).value, figure(one, None, [(3535, 6556)]).value
    (Decimal('96.67'), Decimal('53.92'))
    >>> figure(one, None, [(1, 2), (0, 8)]).value
    Decimal('10.00')
    """
    tops = sum((Decimal(a) for a, _ in parts), Decimal(0))
    bottoms = sum((Decimal(b) for _, b in parts), Decimal(0))
    return Figure(unit, tops, bottoms, indicator.measure, indicator.decimals)


def change(now: Figure, before: Figure) -> Change:
    """Both readings of a rise, so that none is taken for the other; from the parts, not from rounded figures.

    >>> now, before = (Figure(None, Decimal(n), Decimal(10000), "share", 2) for n in (7715, 7015))
    >>> change(now, before)
    Change(points=Decimal('7.00'), percent=Decimal('9.98'))
    """
    new, old = _exact(now), _exact(before)
    if new is None or old is None:
        return Change(None, None)
    points = rounded(new - old, 2) if now.measure == "share" else None
    return Change(points, rounded(100 * (new - old) / old, 2) if old else None)


def reaches(figure: Figure, target: Decimal, comparison: Comparison) -> bool | None:
    """Whether the figure, unrounded, fulfils the target; None when there is no figure."""
    value = _exact(figure)
    if value is None:
        return None
    return {
        "gt": value > target, "ge": value >= target, "eq": value == target, "le": value <= target, "lt": value < target,
    }[comparison]  # fmt: skip


def missing(figure: Figure, target: Decimal, comparison: Comparison = "ge") -> int:
    """How many more records in the numerator reach the target, of the same denominator; 0 when it is reached.

    >>> missing(Figure(None, Decimal(3535), Decimal(6556), "share", 2), Decimal(60), "gt")
    399
    >>> missing(Figure(None, Decimal(6), Decimal(10), "share", 2), Decimal(60), "gt")
    1
    """
    if figure.measure == "share":
        goal = target * figure.denominator / 100
    else:
        goal = target
    wanted = math.floor(goal) + 1 if comparison == "gt" else math.ceil(goal)
    return max(0, wanted - int(figure.numerator))


def missing_new(figure: Figure, target: Decimal, comparison: Comparison = "ge") -> int | None:
    """How many further records, all of them in the numerator, reach a share's target; None when no number does.

    The other reading of a distance: they come on top, so the denominator grows with them.

    >>> missing_new(Figure(None, Decimal(3535), Decimal(6556), "share", 2), Decimal(60), "gt")
    997
    """
    if reaches(figure, target, comparison):
        return 0
    if target >= 100:
        return None
    goal = (target * figure.denominator - 100 * figure.numerator) / (100 - target)
    return max(1, math.floor(goal) + 1 if comparison == "gt" else math.ceil(goal))


def _exact(figure: Figure) -> Decimal | None:
    if figure.measure in ("count", "sum"):
        return figure.numerator
    if not figure.denominator:
        return None
    times = 100 if figure.measure == "share" else 1
    return times * figure.numerator / figure.denominator


def _year_before(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
