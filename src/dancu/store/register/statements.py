"""The batch's own SQL as prepared statements for the persons that one event touched.

Survivorship, events and rules are said once, in the dialect of the batch. Here each stage's steps become the parts of
one statement (a CTE a step), rendered for PostgreSQL, over the records of a few persons: planned once a connection
instead of once an event. What goes in and comes out lies in temporary tables (`live_…`) of the connection.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import sqlglot

from dancu.engine import events, golden
from dancu.engine.events.residences import COLUMNS as RESIDENCE
from dancu.engine.events.residences import residences
from dancu.engine.ports import Context, Drop, Kernel, Part, Sql, Step
from dancu.store.register import schema

TEMPORARY: Mapping[str, schema.Columns] = {
    "live_record": {"record_id": "bigint", "person_id": "bigint", "own": "boolean"},
    "live_golden": schema.person() | {"on_date": "date", "expected_fields": "text[]"},
    "live_contested": schema.CONTESTED,
    "live_event": schema.LIFE_EVENT,
    "live_person": schema.person(),
    "live_residence": schema.RESIDENCE,
}
"""`live_record`: records of the persons touched (`own`), and weddings of others that name one of them."""


def temporary(tables: Mapping[str, schema.Columns]) -> Iterable[str]:
    """The connection's tables; their rows go with each transaction."""
    for name, columns in tables.items():
        listed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        yield f"CREATE TEMPORARY TABLE IF NOT EXISTS {name} ({listed}) ON COMMIT DELETE ROWS"


def golden_statement(context: Context) -> str:
    """Fills `live_golden` and `live_contested` from the records of `live_record` that are the persons' own."""
    steps = golden.plan(_in_one_part(context))
    inputs = {
        "links": "SELECT record_id, person_id FROM live_record WHERE own",
        "standard": _standard(context, "own"),
    }
    columns = ", ".join(TEMPORARY["live_golden"].keys() - {"last_confirmed"})
    outputs = {
        "live_golden": (columns, f"SELECT {columns} FROM golden"),
        "live_contested": _same(schema.CONTESTED, "contested"),
    }
    return _statement(inputs, steps, outputs)


def person_statement(context: Context) -> str:
    """Fills `live_event`, `live_person`, `live_residence` from `live_golden` and all of `live_record`."""
    steps = events.plan(context)
    inputs = {
        "links": "SELECT record_id, person_id FROM live_record",
        "standard": _standard(context, "TRUE"),
        "golden": "SELECT * FROM live_golden",
        "_event_units": _no_unit_changes(),
    }
    own = "person_id IN (SELECT person_id FROM live_golden)"
    steps = [*steps, Sql("residences", residences())]
    outputs = {
        "live_event": _same(schema.LIFE_EVENT, f"events WHERE {own}"),
        "live_person": _same(schema.person(), "persons"),
        "live_residence": (RESIDENCE, f"SELECT {RESIDENCE} FROM residences WHERE {own}"),
    }
    return _statement(inputs, steps, outputs)


def _in_one_part(context: Context) -> Context:
    settings = {**context.settings, "golden": {"parts": 1}}
    return Context(context.on, context.test_people, context.sources, settings)


def _standard(context: Context, which: str) -> str:
    columns = ", ".join(f"s.{name}" for name in schema.standard())
    return (
        f"SELECT {columns}, o.expected_fields, DATE '{context.on.isoformat()}' AS on_date"
        " FROM live_record l JOIN register.standard s ON s.record_id = l.record_id"
        f" JOIN register.source o ON o.source = s.source WHERE {which}"
    )


def _no_unit_changes() -> str:
    return (
        "SELECT CAST(NULL AS text) AS event_id, CAST(NULL AS text) AS kind, CAST(NULL AS date) AS valid_on,"
        " CAST(NULL AS date) AS recorded_on, CAST(NULL AS text) AS payload WHERE FALSE"
    )


def _same(columns: schema.Columns, source: str) -> tuple[str, str]:
    listed = ", ".join(columns)
    return listed, f"SELECT {listed} FROM {source}"


def _statement(
    inputs: Mapping[str, str], steps: Sequence[Step], outputs: Mapping[str, tuple[str, str]]
) -> str:
    """One statement: inputs, then a CTE a step, then what goes into the temporary tables."""
    parts: dict[str, list[str]] = {name: [query] for name, query in inputs.items()}
    for step in steps:
        match step:
            case Sql(name, query) | Part(name, _, query):
                # A table made in parts stands after the last of them.
                parts[name] = [*parts.pop(name, []), rendered(query)]
            case Kernel(name):
                if name not in inputs:
                    raise ValueError(f"kernel {name} cannot run inside PostgreSQL")
            case Drop():
                pass
    written = [f"{name} AS MATERIALIZED ({' UNION ALL '.join(q)})" for name, q in parts.items()]
    *firsts, (last, (columns, query)) = outputs.items()
    written += [f"put_{n} AS (INSERT INTO {n} ({c}) {q})" for n, (c, q) in firsts]
    return f"WITH {', '.join(written)} INSERT INTO {last} ({columns}) {query}"


@lru_cache(maxsize=512)
def rendered(query: str) -> str:
    """A query of the batch's dialect in PostgreSQL's."""
    return sqlglot.transpile(query, read="duckdb", write="postgres")[0]
