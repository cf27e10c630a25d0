"""The kept sums as the faster way to the cells of these figures: all of them from one statement.

Whole months come from the sums, the days at the ends of a period from the dossiers, counted by the database for
whoever may see sums (`day_cells.sql`): a leader's report is of all units, also of those whose dossiers he does not see.
The sums are of now; as known at an earlier moment every day is counted, once for all figures.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connections

from dancu.engine.report.cells import Cell, Months, Sums, changes
from dancu.engine.report.indicators import Asked, Indicator, Query
from dancu.sectors.public_services.figures.counting import BASE, kept_cells, whole_months
from dancu.sectors.public_services.indicators import INDICATORS, kinds_sql

Found = Mapping[str, Sequence[Cell]]
_KEYS = "unit_code, state, month, procedure, version"
_DAYS = f"SELECT {_KEYS}, {', '.join(BASE)} FROM services.day_cells(%s, %s, %s::date[], %s)"


def single(wanted: Sequence[Indicator], asked: Asked, using: str) -> Found:
    """Cells of one period."""
    return _count(wanted, asked, "0", using)


def monthly(
    wanted: Sequence[Indicator], months: Months, known: dt.datetime | None, using: str
) -> Found:
    """Cells of whole months."""
    start = months.first.year * 12 + months.first.month - 1
    at = f"(date_part('year', month) * 12 + date_part('month', month))::int - {start}"
    return _count(wanted, Asked(months.first, months.last(months.n), known), at, using)


def _count(wanted: Sequence[Indicator], asked: Asked, month: str, using: str) -> Found:
    """One statement; each numerator and denominator once, since many indicators share one."""
    terms = list(dict.fromkeys(term for i in wanted for term in i.kept))
    sums = ", ".join(f"coalesce(sum({name}::float8), 0) AS {name}" for name in BASE)
    told = ", ".join(f"coalesce(sum({term}), 0)::bigint" for term in terms)
    source, given = _source(asked, wanted[0])
    sql = (
        f"WITH cell AS (SELECT unit_code, state, {month} AS month, procedure, version, {sums} FROM ({source}) AS part"
        f" GROUP BY 1, 2, 3, 4, 5) SELECT unit_code, state, month, {told} FROM (SELECT cell.*, kind.* FROM cell"
        f" LEFT JOIN {kinds_sql().replace('AS kind(procedure, version,', 'AS kind(kind_procedure, kind_version,')}"
        " ON kind_procedure = procedure AND kind_version = version) AS each GROUP BY 1, 2, 3"
    )
    with connections[using].cursor() as cursor:
        cursor.execute(sql, given)
        rows = cursor.fetchall()
    at = {i.code: (3 + terms.index(i.kept[0]), 3 + terms.index(i.kept[1])) for i in wanted}
    return {code: _cells(rows, top, bottom) for code, (top, bottom) in at.items()}


def _cells(rows: Sequence[Any], top: int, bottom: int) -> list[Cell]:
    return [
        Cell(row[0], row[1], row[2], Decimal(row[top]), Decimal(row[bottom]))
        for row in rows
        if row[top] or row[bottom]
    ]


def _source(asked: Asked, one: Indicator) -> Query:
    """Kept months and counted days that make up the period."""
    days = list(changes(one, asked.first, asked.last))
    month, end = whole_months(asked.first, asked.last)
    by_sums = asked.known is None and month <= end
    day = dt.timedelta(days=1)
    spans = (
        [(asked.first, month - day), (end + day, asked.last)]
        if by_sums
        else [(asked.first, asked.last)]
    )
    parts: list[Query] = [(_DAYS, [a, b, days, asked.known]) for a, b in spans if a <= b]
    if by_sums:
        parts += kept_cells(month, end, asked, None, month=True)
    return " UNION ALL ".join(sql for sql, _ in parts), [v for _, given in parts for v in given]


SUMS = [Sums(frozenset(i.code for i in INDICATORS), single, monthly, as_known=True)]
