"""Scores of the living register, by the batch's own SQL: now, as they stood on a closed day, and restated.

The counts are small (a rule and a unit: some ten thousand rows for a province), so they are fetched and rolled up in
an embedded store in half a second: the batch's own arithmetic to the last digit (its GROUP BY ALL has no rendering for
PostgreSQL). A day that was closed is kept rule by rule: what was asked for then reads the same for
ever, and can be rolled up along other units from its numerators and denominators, never from its ratios.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
import pyarrow as pa
from psycopg import sql

from dancu.engine import score
from dancu.engine.ports import Context, Drop
from dancu.reference import units
from dancu.store.duckdb import DuckStore
from dancu.store.register.working import perform

Connection = psycopg.Connection[Any]
_COUNTS = (
    "SELECT rule_id, level, CASE WHEN level = 'record' THEN source END AS source,"
    " CASE WHEN level = 'person' THEN unit_code ELSE '?' END AS unit_code,"
    " sum(evaluated)::bigint, sum(failed)::bigint FROM register.score GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"
)
COUNTS = pa.schema(
    {
        "rule_id": pa.string(),
        "level": pa.string(),
        "source": pa.string(),
        "unit_code": pa.string(),
        "evaluated": pa.int64(),
        "failed": pa.int64(),
    }
)
_FINDINGS = pa.schema(
    {
        "id": pa.int64(),
        "rule_id": pa.string(),
        "level": pa.string(),
        "unit_code": pa.string(),
    }
)
COLUMNS = "scope, scope_code, field, criterion, rule_id, passed, evaluated, score, colour"


@dataclass(frozen=True)
class Frozen:
    """A closed day: the day, the first day of its era of units, and when it was closed."""

    on: dt.date
    era: dt.date
    at: dt.datetime


@dataclass(frozen=True)
class Restated:
    """Scores of a closed day in the units of another; `unknown`: new unit -> old ones whose people cannot be told."""

    scores: pa.Table
    unknown: Mapping[str, tuple[str, ...]]


def scores_now(connection: Connection, context: Context) -> pa.Table:
    """`scores` of every list, unit and the whole register as it stands."""
    return scores_of(counts_now(connection), context.on)


def counts_now(connection: Connection) -> pa.Table:
    """What the rules counted: by source for records, by commune for persons."""
    rows = _asked(connection, _COUNTS)
    return _table(rows, COUNTS)


def scores_of(counts: pa.Table, on: dt.date) -> pa.Table:
    """`scores` out of `counts`, with the rules, weights and units of the day."""
    with DuckStore(threads=1) as store:
        store.put("counts", counts)
        perform(store, _only(on, ("scores",)))
        return store.fetch(f"SELECT {COLUMNS} FROM scores ORDER BY ALL")


def gaps_now(connection: Connection, context: Context, communes: Sequence[str]) -> pa.Table:
    """`gaps` of these communes: the target ahead of each and the fewest persons to put right."""
    kept = set(communes)
    counts = counts_now(connection)
    mine = pa.array([code in kept for code in counts["unit_code"].to_pylist()], pa.bool_())
    with DuckStore(threads=1) as store:
        store.put("counts", counts.filter(mine))
        store.put("findings", _findings(_patterns(connection, communes)))
        perform(store, score.plan(context))
        return store.fetch("SELECT * FROM gaps ORDER BY score, scope_code")


def _only(on: dt.date, wanted: Iterable[str]) -> list[Any]:
    """The steps of the stage that need no findings."""
    needed = {"_rules", "_fields", "_criteria", "_above", "_rule_counts", "_shares", *wanted}
    steps = score.plan(Context(on))
    return [s for s in steps if not isinstance(s, Drop) and s.name in needed]


def _patterns(connection: Connection, communes: Sequence[str]) -> list[tuple[Any, ...]]:
    """How many persons of each commune fail which rules together: enough for the gap, and about nobody."""
    query = "SELECT unit_code, rules, persons FROM register.finding_patterns(%s)"
    return connection.execute(query, [list(communes)]).fetchall()


def _findings(patterns: Iterable[Sequence[Any]]) -> pa.Table:
    rows: list[tuple[Any, ...]] = []
    person = 0
    for unit, rules, persons in patterns:
        for _ in range(persons):
            person += 1
            rows += [(person, rule, "person", unit) for rule in rules]
    return _table(rows, _FINDINGS)


PATTERNS = """
CREATE OR REPLACE FUNCTION register.finding_patterns(communes text[])
RETURNS TABLE (unit_code text, rules text[], persons integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.unit_code, p.rules, count(*)::integer FROM (
        SELECT f.unit_code, array_agg(f.rule_id ORDER BY f.rule_id) AS rules FROM register.finding f
        WHERE f.closed_at IS NULL AND f.level = 'person' AND f.unit_code = ANY (communes)
        GROUP BY f.unit_code, f.subject_id
    ) p GROUP BY p.unit_code, p.rules ORDER BY p.unit_code, p.rules
$$;
REVOKE ALL ON FUNCTION register.finding_patterns(text[]) FROM PUBLIC;
"""
"""Leaders see how far a unit is from its target without seeing a person; so numbers come out, and no identifier."""


# --- closed days ---


def era_of(day: dt.date) -> dt.date:
    """The first day of the state of units that holds on the day."""
    return max((first for first in units.days_of_change() if first <= day), default=units.FIRST_DAY)


def freeze_day(connection: Connection, context: Context, *, day: dt.date | None = None) -> int:
    """Keeps the scores as those of `day` (the register's own unless given); a closed day is never written again.

    The number of rows kept; 0 when the day was closed before.
    """
    on = day or context.on
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('dancu.score_day'))")
        if connection.execute(
            "SELECT 1 FROM register.score_day WHERE on_day = %s LIMIT 1", [on]
        ).fetchone():
            return 0
        table = scores_now(connection, context)
        copying = sql.SQL("COPY register.score_day (on_day, era, {}) FROM STDIN").format(
            sql.SQL(COLUMNS)
        )
        with connection.cursor() as cursor, cursor.copy(copying) as copy:
            for row in zip(*(c.to_pylist() for c in table.columns), strict=True):
                copy.write_row((on, era_of(context.on), *row))
        return int(table.num_rows)


def frozen_days(connection: Connection) -> list[Frozen]:
    """The closed days, oldest first."""
    rows = connection.execute(
        "SELECT on_day, era, min(frozen_at) FROM register.score_day"
        " WHERE scope = 'register' AND field = '*' AND criterion = '*' GROUP BY 1, 2 ORDER BY 1"
    ).fetchall()
    return [Frozen(*row) for row in rows]


def scores_on(connection: Connection, day: dt.date) -> pa.Table:
    """`scores` as they stood on a closed day, digit for digit; without rows when the day was not closed."""
    rows = _asked(connection, f"SELECT {COLUMNS} FROM register.score_day WHERE on_day = %s", day)
    return _table(rows, SCORES)


SCORES = pa.schema(
    {
        "scope": pa.string(),
        "scope_code": pa.string(),
        "field": pa.string(),
        "criterion": pa.string(),
        "rule_id": pa.string(),
        "passed": pa.int64(),
        "evaluated": pa.int64(),
        "score": pa.float64(),
        "colour": pa.string(),
    }
)


def restated(connection: Connection, day: dt.date, *, to: dt.date) -> Restated:
    """The scores of a closed day in the units of the day `to`, rolled up from numerators and denominators.

    Rules and weights stay those of the closed day: only the borders are other ones. A commune that was split gives by
    the persons that moved (as the register counted them, else as the resolution states); where neither is known it
    gives to nobody, and every unit that may have got a part of it is named in `unknown`.
    """
    rows = _asked(
        connection,
        "SELECT rule_id, scope_code, evaluated, evaluated - passed FROM register.score_day"
        " WHERE on_day = %s AND scope = 'commune' AND field <> '*' AND rule_id <> '*' ORDER BY 1, 2",
        day,
    )
    codes = {code for _, code, _, _ in rows}
    parts, unknown = _parts(connection, codes, day, to)
    given: dict[tuple[str, str], list[int]] = {}
    for rule, code, evaluated, failed in rows:
        for target, n, bad in _shared(parts.get(code, ()), evaluated, failed):
            sums = given.setdefault((rule, target), [0, 0])
            sums[0], sums[1] = sums[0] + n, sums[1] + bad
    counts = [(rule, "person", None, code, n, bad) for (rule, code), (n, bad) in given.items()]
    with DuckStore(threads=1) as store:
        store.put("counts", _table(counts, COUNTS))
        steps = _only(day, ("scores",))
        above = {s.name: s for s in _only(to, ())}["_above"]
        perform(store, [above if s.name == "_above" else s for s in steps])
        found = store.fetch(f"SELECT {COLUMNS} FROM scores WHERE scope <> 'list' ORDER BY ALL")
    return Restated(found, unknown)


Parts = Mapping[str, Sequence[tuple[str, float]]]


def _parts(
    connection: Connection, codes: set[str], day: dt.date, to: dt.date
) -> tuple[Parts, dict[str, tuple[str, ...]]]:
    """Commune -> (new commune, share of its people), and the new communes of which something cannot be told."""
    counted = _counted(connection, day, to)
    parts: dict[str, list[tuple[str, float]]] = {}
    unknown: dict[str, set[str]] = {}
    for code in codes:
        steps = units.successors(code, since=day, on=to)
        if len(steps) == 1:
            parts[code] = [(steps[0].unit.code, 1.0)]
        elif code in counted:
            parts[code] = counted[code]
        elif steps and all(step.share is not None for step in steps):
            parts[code] = [(step.unit.code, step.share or 0.0) for step in steps]
        else:
            for step in steps:
                unknown.setdefault(step.unit.code, set()).add(code)
    return parts, {code: tuple(sorted(olds)) for code, olds in unknown.items()}


def _counted(
    connection: Connection, day: dt.date, to: dt.date
) -> dict[str, list[tuple[str, float]]]:
    """What the register itself counted when exactly one change lay between the two days, with nobody left out."""
    rows = connection.execute(
        "SELECT m.old_code, m.new_code, m.persons FROM register.unit_moved m"
        " JOIN register.unit_change c ON c.change_no = m.change_no AND c.state = 'applied'"
        " WHERE c.day > %s AND c.day <= %s AND (SELECT count(*) FROM register.unit_change o"
        " WHERE o.state = 'applied' AND o.day > %s AND o.day <= %s) = 1",
        [day, to, day, to],
    ).fetchall()
    persons: dict[str, dict[str, int]] = {}
    for old, new, n in rows:
        persons.setdefault(str(old), {})[str(new)] = int(n)
    return {
        old: [(new, n / sum(targets.values())) for new, n in sorted(targets.items())]
        for old, targets in persons.items()
        if "?" not in targets and any(targets.values())
    }


def _shared(
    parts: Sequence[tuple[str, float]], evaluated: int, failed: int
) -> Iterable[tuple[str, int, int]]:
    """Whole numbers that add up again: the last part takes what is left."""
    left, bad = evaluated, failed
    for place, (code, share) in enumerate(parts):
        last = place == len(parts) - 1
        mine = left if last else min(left, round(evaluated * share))
        mine_bad = bad if last else min(bad, mine, round(failed * share))
        left, bad = left - mine, bad - mine_bad
        yield code, mine, mine_bad


def _asked(connection: Connection, query: str, *given: Any) -> list[tuple[Any, ...]]:
    """Rows in binary, whatever kind of cursor the connection (a page's, for one) makes by itself."""
    cursor: psycopg.Cursor[tuple[Any, ...]] = psycopg.Cursor(connection)
    return cursor.execute(query.encode(), given, binary=True).fetchall()


def _table(rows: Sequence[Sequence[Any]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.Table.from_arrays(
        [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema
    )
