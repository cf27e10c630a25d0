"""Figures for every unit and procedure in one statement: from cold (dossiers) or from the kept sums; both say the same.

The statement makes cells (unit, procedure) of counters and turns each into numerators and denominators; these are added
up here over the places of `places`, which a server does several times slower: each cell counts for every unit above
it. Of a period whose ends lie within a month, kept sums give the whole months and the days at its ends are counted from
dossiers. The sums are of now: as known at an earlier moment, every dossier is counted as it was held then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from django.db import connection, connections

from dancu.engine.report.indicators import Asked, Figure, Indicator, Query, figure
from dancu.reference.units.belonging import UNKNOWN
from dancu.sectors.public_services.figures.places import Places, places, state_of
from dancu.sectors.public_services.indicators import (
    ACCEPTED,
    COUNTERS,
    ENDED,
    OF_ACCEPTANCE,
    OF_THE_END,
    kinds_sql,
)

Source = Literal["kept", "dossiers"]
By = Literal["", "procedure", "service", "agency"]
_BY = {
    "": "''",
    "procedure": "up.procedure",
    "service": "coalesce(service, '?')",
    "agency": "coalesce(agency, '?')",
}
BASE = (*COUNTERS, "online", "online_electronic")
_KEYS = "unit_code, state, procedure, version"
_C = ' COLLATE "C"'
"""Codes are compared by bytes: sorting them as words of a language takes most of the time."""
_COUNTED = {
    "received": "count(*)",
    "saved_papers": "sum(d.saved_papers)",
    "reused": "count(*) FILTER (WHERE d.saved_papers > 0)",
    "asked_twice": "count(*) FILTER (WHERE d.supplements > 1)",
    "identified": "count(d.applicant)",
    "received_electronic": "count(*) FILTER (WHERE d.electronic_result)",
    "completed": "count(d.ended_at)",
    "completed_minutes": "sum(d.minutes)",
    "online": "count(*) FILTER (WHERE d.channel = 2)",
    "online_electronic": "count(*) FILTER (WHERE d.channel = 2 AND d.electronic_result)",
    "ended": "count(*)",
    "on_time": "count(*) FILTER (WHERE d.on_time)",
    "minutes": "sum(d.minutes)",
    "resulted": "count(*) FILTER (WHERE d.status IN (9, 10))",
    "electronic": "count(*) FILTER (WHERE d.electronic_result AND d.status IN (9, 10))",
    "paid_online": "count(*) FILTER (WHERE d.paid_online)",
}


@dataclass(frozen=True)
class Wanted:
    """What is counted: which indicators, of which period, in the units of `on` (None: of its last day) under `root`.

    `units`: of these alone (None: of all); `by`: also apart by procedure, by service of the 25 or by lead agency.
    """

    indicators: tuple[Indicator, ...]
    asked: Asked
    root: str
    units: tuple[str, ...] | None = None
    by: By = "procedure"
    on: dt.date | None = None

    def places(self) -> Places:
        """Where the codes of the period belong."""
        return places(self.root, self.asked.first, self.asked.last, self.on or self.asked.last)


@dataclass(frozen=True)
class Counted:
    """Sums by unit and part ('' for the whole), and where among them an indicator's numerator and denominator stand."""

    rows: Mapping[tuple[str, str], Sequence[int]]
    by_code: Mapping[str, Indicator]
    at: Mapping[str, tuple[int, int]]

    def pair(self, code: str, unit: str, part: str = "") -> tuple[int, int]:
        """Numerator and denominator; of nothing when no dossier is there."""
        row = self.rows.get((unit, part))
        top, bottom = self.at[code]
        return (row[top], row[bottom]) if row is not None else (0, 0)

    def figure(self, code: str, unit: str, part: str = "") -> Figure:
        """The figure of these."""
        return figure(self.by_code[code], unit, [self.pair(code, unit, part)])

    def units(self) -> list[str]:
        """The units with any dossier."""
        return sorted({unit for unit, part in self.rows if not part})

    def of(self, unit: str) -> list[str]:
        """The parts of which a unit has dossiers: procedures, services or agencies."""
        return sorted(part for found, part in self.rows if found == unit and part)


def count(wanted: Wanted, *, source: Source = "kept", using: str = "") -> Counted:
    """One statement; as many rows as there are units with dossiers, and their parts. `using`: of a page, its own."""
    sql, given = statement(wanted, source)
    with (connections[using] if using else connection).cursor() as cursor:
        cursor.execute(sql, given)
        found = cursor.fetchall()
    terms = _terms(wanted)
    at = {i.code: (terms.index(i.kept[0]), terms.index(i.kept[1])) for i in wanted.indicators}
    return Counted(_added_up(wanted, found), {i.code: i for i in wanted.indicators}, at)


def _added_up(wanted: Wanted, found: Sequence[Any]) -> dict[tuple[str, str], list[int]]:
    """Cells (code, state, part, terms …) summed over the units of the day, by part and ('') as a whole.

    Cells stay when all that was in them has moved elsewhere: of those there are no dossiers, and no row.
    """
    if not found:
        return {}
    spots = {spot: n for n, spot in enumerate(dict.fromkeys(row[:2] for row in found))}
    parts = {part: n for n, part in enumerate(dict.fromkeys(row[2] for row in found))}
    cells = np.zeros((len(spots), len(parts), len(found[0]) - 3), np.int64)
    cells[[spots[row[:2]] for row in found], [parts[row[2]] for row in found]] = [
        row[3:] for row in found
    ]
    below: dict[str, list[int]] = {}
    known = set()
    for code, state, unit in wanted.places():
        if (spot := spots.get((code, state))) is not None:
            known.add(spot)
            if wanted.units is None or unit in wanted.units:
                below.setdefault(unit, []).append(spot)
    if wanted.units is None and len(known) < len(spots):
        others = [spot for spot in spots.values() if spot not in known]
        below.setdefault(UNKNOWN, []).extend(others)
    rows = {}
    for unit, those in below.items():
        summed = cells[those].sum(axis=0)
        whole = summed.sum(axis=0)
        if whole.any():
            rows[unit, ""] = whole.tolist()
        if wanted.by:
            some = summed.any(axis=1)
            rows |= {
                (unit, part): row
                for part, row, counts in zip(parts, summed.tolist(), some.tolist(), strict=True)
                if counts
            }
    return rows


def _terms(wanted: Wanted) -> list[str]:
    """The numerators and denominators, each once: many indicators share one."""
    return list(dict.fromkeys(term for i in wanted.indicators for term in i.kept))


def statement(wanted: Wanted, source: Source) -> Query:
    """The statement and its values: the indicators' numerators and denominators by code, state of the period and part.

    All sums are taken in float8, which is exact for whole numbers below 2^53 and several times as fast as numeric.
    """
    cells, given = _cells(wanted, source)
    counters = ", ".join(f"coalesce(sum({name}), 0) AS {name}" for name in BASE)
    terms = ", ".join(f"coalesce(sum({term}), 0)::bigint" for term in _terms(wanted))
    sql = (
        f"WITH up AS (SELECT {_KEYS}, {counters} FROM ({cells}) AS part GROUP BY {_KEYS})"
        f" SELECT unit_code, state, {_BY[wanted.by]} AS part, {terms} FROM up LEFT JOIN {kinds_sql()}"
        " ON kind.procedure = up.procedure AND kind.version = up.version GROUP BY 1, 2, 3"
    )
    return sql, given


def _cells(wanted: Wanted, source: Source) -> Query:
    """Cells of counters over the whole period, from where they are asked."""
    asked, codes = wanted.asked, None
    if wanted.units is not None:
        found = wanted.places()
        codes = sorted({code for code, _, unit in found if unit in wanted.units})
    first, last = asked.first, asked.last
    spans: list[Query] = []
    if source == "dossiers" or asked.known is not None:
        spans += _recount(first, last, asked, codes)
    else:
        month, end = whole_months(first, last)
        if month > end:
            return _cells(wanted, "dossiers")
        spans += kept_cells(month, end, asked, codes)
        if first < month:
            spans += _recount(first, month - dt.timedelta(days=1), asked, codes)
        if end < last:
            spans += _recount(end + dt.timedelta(days=1), last, asked, codes)
    return " UNION ALL ".join(sql for sql, _ in spans), [v for _, given in spans for v in given]


def whole_months(first: dt.date, last: dt.date) -> tuple[dt.date, dt.date]:
    """The first and the last day of the whole months within; the wrong way round when there is none."""
    begin = (
        first if first.day == 1 else (first.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    )
    after = last + dt.timedelta(days=1)
    return begin, after.replace(day=1) - dt.timedelta(days=1)


def kept_cells(
    first: dt.date, last: dt.date, asked: Asked, codes: list[str] | None, *, month: bool = False
) -> list[Query]:
    """The cells of whole months, as they are kept and as they have moved since; `month`: each month apart."""
    where, given = _of_units("unit_code", "month BETWEEN %s AND %s", [first, last], codes)
    state = state_of("month", asked.first, asked.last)
    keys = f"{'month, ' * month}procedure{_C} AS procedure, version"
    head = f"SELECT unit_code{_C} AS unit_code, {state} AS state, {keys}"
    own = [
        *COUNTERS,
        "CASE WHEN channel = 2 THEN received END",
        "CASE WHEN channel = 2 THEN received_electronic END",
    ]
    sums = ", ".join(f"({s})::float8 AS {b}" for s, b in zip(own, BASE, strict=True))
    return [
        (f"{head}, {sums} FROM {table} WHERE {where}", given)
        for table in ("services.kept", "services.delta")
    ]


def _recount(first: dt.date, last: dt.date, asked: Asked, codes: list[str] | None) -> list[Query]:
    made = []
    table = "dossier" if asked.known is None else "dossier_known"
    for day, own in (
        (ACCEPTED, (*OF_ACCEPTANCE, "online", "online_electronic")),
        (ENDED, OF_THE_END),
    ):
        where, given = f"{day} BETWEEN %s AND %s AND d.accepted_at IS NOT NULL", [first, last]
        if asked.known is not None:
            where += " AND (d.known_from IS NULL OR d.known_from <= %s) AND (d.known_to IS NULL OR d.known_to > %s)"
            given += [asked.known, asked.known]
        where, given = _of_units("d.unit_code", where, given, codes)
        columns = ", ".join(
            f"({_COUNTED[name] if name in own else '0'})::float8 AS {name}" for name in BASE
        )
        made.append(
            (f"SELECT d.unit_code{_C} AS unit_code, {state_of(day, asked.first, asked.last)} AS state,"
             f" d.procedure{_C} AS procedure, d.version, {columns}"
             f" FROM services.{table} d WHERE {where} GROUP BY 1, 2, 3, 4", given)
        )  # fmt: skip
    return made


def _of_units(
    column: str, where: str, given: list[Any], codes: list[str] | None
) -> tuple[str, list[Any]]:
    return (
        (where, given) if codes is None else (f"{where} AND {column} = ANY (%s)", [*given, codes])
    )


def one(wanted: Sequence[Indicator], asked: Asked, *, root: str, unit: str, on: dt.date) -> Counted:
    """Of one unit of the day alone, as a whole."""
    return count(Wanted(tuple(wanted), asked, root, (unit,), by="", on=on))
