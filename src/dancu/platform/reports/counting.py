"""Figures of any indicator: of any unit of any era, at any cut-off, as known then or as known now; and their records.

Sums are counted for whoever may see figures; records are read by the page's own role, so that row-level security
shows those of the own territory alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from django.db import connections

from dancu.engine.report import cells
from dancu.engine.report.cells import Cell, Months, Sums
from dancu.engine.report.indicators import Asked, Figure, Indicator, Query, counted
from dancu.engine.report.indicators import records as listed
from dancu.platform.reports import registry
from dancu.reference import units as reference_units
from dancu.reference.units import belonging

By = Literal["unit", "all"]
EVERYTHING = "*"
"""The key of all units together."""


@dataclass(frozen=True)
class Record:
    """A fact that a figure was counted from: what it opens to, and whether it is in the numerator."""

    subject: str
    unit_code: str
    since: dt.date
    hit: bool
    amount: Decimal | None


def figures(
    code: str, asked: Asked, *, units: Sequence[str] | None = None, by: By = "unit", of: dt.date | None = None,
    using: str = "default",
) -> dict[str, Figure]:  # fmt: skip
    """The figure of each unit, rolled up over the tree of the day `of` (None: of the last day asked for).

    `units`: these, also those without any record; None: every unit that has one, and the lines of what was divided
    (`CODE@FIRST-DAY`) or is no unit (`?`). `by="all"`: all together, under `EVERYTHING`.
    """
    return many([code], asked, units=units, by=by, of=of, using=using)[code]


def many(
    codes: Iterable[str], asked: Asked, *, units: Sequence[str] | None = None, by: By = "unit",
    of: dt.date | None = None, using: str = "default",
) -> dict[str, dict[str, Figure]]:  # fmt: skip
    """`figures` of several indicators: those that share kept sums in one statement, the others one each."""
    wanted = [registry.get(code) for code in codes]
    found = _single(wanted, asked, using)
    told = {}
    for one in wanted:
        if by == "all":
            told[one.code] = {EVERYTHING: _figure(one, None, _total(found[one.code]))}
            continue
        meaning = cells.meaning_of(one, asked.first, asked.last)
        pairs = cells.rolled_up(found[one.code], meaning, of or asked.last)
        told[one.code] = _figures(one, pairs, units)
    return told


def months(
    codes: Iterable[str], *, last: dt.date, n: int = 24, of: dt.date | None = None, known: dt.datetime | None = None,
    using: str = "default",
) -> dict[str, dict[tuple[str, dt.date], Figure]]:  # fmt: skip
    """Every unit × each of the `n` months up to that of `last`, by (unit, first day of the month).

    In the units of the day `of`; None: of each month's own last day. One statement for an indicator or its kept sums.
    """
    wanted, span = [registry.get(code) for code in codes], Months.up_to(last, n)
    found = _monthly(wanted, span, known, using)
    return {one.code: _by_month(one, found[one.code], span, of) for one in wanted}


def records(
    code: str, asked: Asked, *, unit: str | None = None, hit: bool | None = None, of: dt.date | None = None,
    limit: int | None = None, offset: int = 0, using: str = "default",
) -> list[Record]:  # fmt: skip
    """The records behind a figure, by day and subject; `hit`: in the numerator or outside it (None: both).

    Read as the connection's role: pages see those of the own territory.
    """
    indicator = registry.get(code)
    sql, given = listed(
        indicator, asked, hit=hit, also=of_unit(indicator, asked, unit, of, using=using)
    )
    sql += " LIMIT %s OFFSET %s"
    return [Record(*row) for row in _rows(using, _escaped(sql, indicator), [*given, limit, offset])]


def count_records(
    code: str, asked: Asked, *, unit: str | None = None, hit: bool | None = None, of: dt.date | None = None,
    using: str = "default",
) -> int:  # fmt: skip
    """How many `records` would give, to this connection's role."""
    indicator = registry.get(code)
    sql, given = counted(indicator, asked, by=())
    also, more = of_unit(indicator, asked, unit, of, using=using)
    inside = {None: "", True: " AND hit", False: " AND NOT hit"}[hit]
    sql += f" AND ({also}){inside}" if also else inside
    return int(_rows(using, _escaped(sql, indicator), [*given, *more])[0][1])


def of_unit(
    indicator: Indicator,
    asked: Asked,
    unit: str | None,
    of: dt.date | None,
    *,
    using: str = "default",
) -> Query:
    """The condition on the facts that they count for a unit of the day: pairs of code and state of the units."""
    if unit is None:
        return "", []
    on = of or asked.last
    meaning = cells.meaning_of(indicator, asked.first, asked.last)
    days = list(cells.changes(indicator, asked.first, asked.last))
    carriers = _carriers(indicator, asked, using)
    own = [(c, s) for c, s in carriers if unit in belonging.above(c, meaning[s], on)]
    state = cells.state(indicator, days="%s", known="%s")
    condition = (
        f"(coalesce(unit_code, '?'), {state}) IN (SELECT * FROM unnest(%s::text[], %s::int[]))"
    )
    given = cells.state_given(indicator, days, asked.known)
    return condition, [*given, [c for c, _ in own], [s for _, s in own]]


def _carriers(indicator: Indicator, asked: Asked, using: str) -> list[tuple[str, int]]:
    """The codes, each with its state, that the facts of the question carry."""
    found = _single([indicator], asked, using)[indicator.code]
    return sorted({(c.unit_code, c.state) for c in found})


def is_kept(code: str, *, known: dt.datetime | None = None) -> bool:
    """Whether the figure is read from sums that are kept, and not counted from its records."""
    return _way(code, known) is not None


def _way(code: str, known: dt.datetime | None) -> Sums | None:
    way = registry.sums().get(code)
    return way if way and (known is None or way.as_known) else None


def _ways(wanted: Sequence[Indicator], known: dt.datetime | None) -> list[Sums]:
    """The faster ways that serve some of these, each once."""
    return list(dict.fromkeys(way for i in wanted if (way := _way(i.code, known))))


def _single(wanted: Sequence[Indicator], asked: Asked, using: str) -> dict[str, Sequence[Cell]]:
    found: dict[str, Sequence[Cell]] = {}
    for way in _ways(wanted, asked.known):
        found |= way.single([i for i in wanted if i.code in way.codes], asked, using)
    for one in wanted:
        if one.code not in found:
            days = list(cells.changes(one, asked.first, asked.last))
            given = [one.code, one.version, asked.first, asked.last, asked.known, days]
            found[one.code] = _cells(
                using, "SELECT * FROM reports.cells(%s, %s, %s, %s, %s, %s::date[])", given
            )
    return found


def _monthly(
    wanted: Sequence[Indicator], span: Months, known: dt.datetime | None, using: str
) -> dict[str, Sequence[Cell]]:
    found: dict[str, Sequence[Cell]] = {}
    for way in _ways(wanted, known):
        found |= way.monthly([i for i in wanted if i.code in way.codes], span, known, using)
    for one in wanted:
        if one.code not in found:
            days = list(cells.changes(one, span.first, span.last(span.n)))
            given = [one.code, one.version, span.first, span.n, known, days]
            found[one.code] = _cells(
                using, "SELECT * FROM reports.month_cells(%s, %s, %s, %s, %s, %s::date[])", given
            )
    return found


def _by_month(
    one: Indicator, found: Sequence[Cell], span: Months, of: dt.date | None
) -> dict[tuple[str, dt.date], Figure]:
    meaning = cells.meaning_of(one, span.first, span.last(span.n))
    return {
        (unit, span.day(month)): _figure(one, unit, pair)
        for month, own in cells.by_month(one, found, span).items()
        for unit, pair in cells.rolled_up(own, meaning, of or span.last(month)).items()
    }


def _figures(
    one: Indicator, pairs: dict[str, cells.Pair], units: Sequence[str] | None
) -> dict[str, Figure]:
    nothing = (Decimal(0), Decimal(0))
    wanted = sorted(pairs) if units is None else units
    return {unit: _figure(one, unit, pairs.get(unit, nothing)) for unit in wanted}


def _figure(one: Indicator, unit: str | None, pair: cells.Pair) -> Figure:
    return Figure(unit, pair[0], pair[1], one.measure, one.decimals)


def _total(found: Sequence[Cell]) -> cells.Pair:
    return (
        sum((c.numerator for c in found), Decimal(0)),
        sum((c.denominator for c in found), Decimal(0)),
    )


def _cells(using: str, sql: str, given: list[Any]) -> list[Cell]:
    return [Cell(*row) for row in _rows(using, sql, given)]


def _escaped(sql: str, indicator: Indicator) -> str:
    """A per cent sign in the facts (of LIKE) is no placeholder."""
    return sql.replace(indicator.facts, indicator.facts.replace("%", "%%"))


def _rows(using: str, sql: str, given: list[Any]) -> list[Any]:
    with connections[using].cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()


def units_on(day: dt.date) -> reference_units.UnitTree:
    """The tree of a day; of a day before there are lists, the first."""
    return reference_units.on(belonging.known(day))
