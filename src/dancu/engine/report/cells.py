"""The cells that figures are rolled up from: by code of unit as the facts carry it, and by month where asked.

An indicator's statement of cells is made here once and kept with its definition, so that the database can carry it out
for somebody who may see sums and not records. Cells say in which `state` of the units (counted from nought between the
days of change) a code stands; whoever rolls up knows what a code meant in that state.

Parameters: `single`: $1 first day, $2 last day, $3 moment of knowledge (NULL: now), $4 days of change;
`monthly`: $1 first day of the first month, $2 how many months, $3 and $4 the same. Of a flow a monthly cell is what
belongs to the month. Of a stock or a cumulative figure it is what was added and taken in that month, and month 0 is
all that came before: their running sum is the figure, in one reading of the facts however many months there are.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from dancu.engine.report.indicators import Asked, Indicator
from dancu.reference import units
from dancu.reference.units import belonging

_KNOWN = (
    "(($3::timestamptz IS NULL AND known_to IS NULL) OR ($3::timestamptz IS NOT NULL"
    " AND (known_from IS NULL OR known_from <= $3::timestamptz) AND (known_to IS NULL OR known_to > $3::timestamptz)))"
)


class Cell(NamedTuple):
    """`unit_code` meant what it meant in `state`; `month` counts from 1, 0 being before (or: no months were asked)."""

    unit_code: str
    state: int
    month: int
    numerator: Decimal
    denominator: Decimal


@dataclass(frozen=True)
class Months:
    """`n` whole months from the first day of the first."""

    first: dt.date
    n: int

    @classmethod
    def up_to(cls, last: dt.date, n: int) -> Months:
        """The month of the day and those before it.

        >>> Months.up_to(dt.date(2024, 6, 21), 24).first
        datetime.date(2022, 7, 1)
        """
        start = last.year * 12 + last.month - n
        return cls(dt.date(start // 12, start % 12 + 1, 1), n)

    def day(self, month: int) -> dt.date:
        """The first day of a month, counted from 1."""
        at = self.first.year * 12 + self.first.month - 2 + month
        return dt.date(at // 12, at % 12 + 1, 1)

    def last(self, month: int) -> dt.date:
        """The last day of a month, counted from 1."""
        return self.day(month + 1) - dt.timedelta(days=1)


@dataclass(frozen=True)
class Sums:
    """A faster way to the cells of some indicators, by sums that are kept: the same cells, of all of them at once.

    The last argument names the connection, the one before it in `monthly` is the moment of knowledge (None: now). Both
    give cells by code of indicator. Unless `as_known`, they are asked only about what is known now.
    """

    codes: frozenset[str]
    single: Callable[[Sequence[Indicator], Asked, str], Mapping[str, Sequence[Cell]]]
    monthly: Callable[
        [Sequence[Indicator], Months, dt.datetime | None, str], Mapping[str, Sequence[Cell]]
    ]
    as_known: bool = False


def changes(indicator: Indicator, first: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    """The days of change between which a code of the facts means one unit; all of them where it may be any day's."""
    if _is_of_the_period(indicator):
        return belonging.breaks(first, last)
    return units.days_of_change()


def meaning_of(indicator: Indicator, first: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    """For each state its first day: what a code meant then."""
    start = belonging.known(first) if _is_of_the_period(indicator) else units.FIRST_DAY
    return (start, *changes(indicator, first, last))


def _is_of_the_period(indicator: Indicator) -> bool:
    return indicator.basis == "flow" and indicator.unit_day == "since"


def single(indicator: Indicator) -> str:
    """The statement of cells of one period."""
    when = {
        "flow": "since BETWEEN $1::date AND $2::date",
        "cumulative": "since <= $2::date AND $1::date IS NOT NULL",
        "stock": "since <= $2::date AND (until IS NULL OR until > $2::date) AND $1::date IS NOT NULL",
    }[indicator.basis]
    top = f"coalesce(sum({_amount(indicator)}) FILTER (WHERE hit), 0)::numeric AS numerator"
    return (
        f"SELECT coalesce(unit_code, '?') AS unit_code, {_state(indicator)} AS state, 0 AS month, {top},"
        f" sum({_weight(indicator)})::numeric AS denominator"
        f" FROM ({indicator.facts}) AS fact WHERE {when} AND {_KNOWN} GROUP BY 1, 2"
    )


def monthly(indicator: Indicator) -> str:
    """The statement of cells of several months: one reading of the facts."""
    unit, state = "coalesce(unit_code, '?') AS unit_code", f"{_state(indicator)} AS state"
    moved = (
        f"SELECT {unit}, {state}, {_amount(indicator)} AS amount, {_weight(indicator)} AS weight"
    )
    turns = (
        "(VALUES (since, 1), (until, -1))" if indicator.basis == "stock" else "(VALUES (since, 1))"
    )
    lasts = " AND (until IS NULL OR until > since)" if indicator.basis == "stock" else ""
    began = " AND since >= $1::date" if indicator.basis == "flow" else ""
    end = "($1::date + make_interval(months => $2::int))::date"
    return (
        "SELECT unit_code, state, month, coalesce(sum(sign * amount) FILTER (WHERE hit), 0)::numeric AS numerator,"
        f" sum(sign * weight)::numeric AS denominator FROM ({moved}, {_index('turn.day')} AS month, turn.sign, hit"
        f" FROM ({indicator.facts}) AS fact CROSS JOIN LATERAL {turns} AS turn(day, sign)"
        f" WHERE turn.day < {end} AND {_KNOWN}{lasts}{began}) AS moved GROUP BY 1, 2, 3"
    )


def _index(day: str) -> str:
    """The month of a day counted from 1; 0: before."""
    starts = "ARRAY(SELECT ($1::date + make_interval(months => m))::date FROM generate_series(0, $2::int - 1) AS m)"
    return f"width_bucket({day}, {starts})"


def state(indicator: Indicator, *, days: str, known: str) -> str:
    """SQL over the facts: in which state of the units a fact's code is one. `days`, `known`: the parameters' names.

    >>> from dancu.engine.report.indicators import Indicator
    >>> one = Indicator("X", 1, "", "", "", "", "", "", "stock", "person", "count", "", unit_day="era({known})")
    >>> state(one, days="$4", known="$3")
    'coalesce(width_bucket((era($3::timestamptz))::date, $4::date[]), 0)'
    """
    day = indicator.unit_day.replace("{known}", f"{known}::timestamptz")
    return f"coalesce(width_bucket(({day})::date, {days}::date[]), 0)"


def state_given(
    indicator: Indicator, days: Sequence[dt.date], known: dt.datetime | None
) -> list[Any]:
    """The values of `state` where both parameters are written `%s`."""
    return [known] * indicator.unit_day.count("{known}") + [list(days)]


def _state(indicator: Indicator) -> str:
    return state(indicator, days="$4", known="$3")


def _amount(indicator: Indicator) -> str:
    return "amount::numeric" if indicator.measure in ("sum", "mean") else _weight(indicator)


def _weight(indicator: Indicator) -> str:
    return f"({indicator.weight})" if indicator.weight else "1"


Pair = tuple[Decimal, Decimal]
_NONE = Decimal(0)


def rolled_up(cells: Iterable[Cell], meaning: Sequence[dt.date], on: dt.date) -> dict[str, Pair]:
    """Numerator and denominator of every unit of the day `on` (and line of what was divided) that has any."""
    found: dict[str, list[Decimal]] = defaultdict(lambda: [_NONE, _NONE])
    for cell in cells:
        for unit in belonging.above(cell.unit_code, meaning[cell.state], on):
            sums = found[unit]
            sums[0] += cell.numerator
            sums[1] += cell.denominator
    return {unit: (top, bottom) for unit, (top, bottom) in found.items()}


def by_month(indicator: Indicator, cells: Iterable[Cell], months: Months) -> dict[int, list[Cell]]:
    """The cells as they stand in each month: of a flow its own, else all that is there at the month's end."""
    own: dict[int, list[Cell]] = defaultdict(list)
    for cell in cells:
        own[cell.month].append(cell)
    if indicator.basis == "flow":
        return {month: own[month] for month in range(1, months.n + 1)}
    stands: dict[tuple[str, int], Pair] = {}
    told = {}
    for month in range(months.n + 1):
        for c in own[month]:
            top, bottom = stands.get((c.unit_code, c.state), (_NONE, _NONE))
            stands[(c.unit_code, c.state)] = (top + c.numerator, bottom + c.denominator)
        told[month] = [Cell(code, state, month, *pair) for (code, state), pair in stands.items()]
    del told[0]
    return told
