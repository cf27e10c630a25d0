"""The register moves on to another asked day: everything that depends on the day is made anew, at once.

The batch engine does the work: the standard records, with what they say on the new day, are linked under the same
epoch, merged, and judged in an embedded store. What differs from the register is then written in one transaction:
persons with their history, findings, signed score deltas, the day itself. Until it commits everybody reads the old day;
a crash leaves the old day whole. Writers wait (the lock of the link index), readers do not, but for searches by
similarity, which wait while the link index is exchanged.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import adbc_driver_postgresql.dbapi as adbc
import psycopg
import pyarrow as pa
from psycopg.types.json import Jsonb

from dancu.engine import events, golden, validate
from dancu.engine.events.residences import residences
from dancu.engine.ports import Context
from dancu.reference.fields import citizen_columns
from dancu.store.duckdb import DuckStore
from dancu.store.errors import StoreError
from dancu.store.link_bulk import epoch_in
from dancu.store.link_index import WRITERS, LinkIndex
from dancu.store.postgres import connect
from dancu.store.register import doubts, renewed, resensed, schema
from dancu.store.register.working import perform

Connection = psycopg.Connection[Any]
Progress = Callable[[str, float], None]
"""Called with what is being done and the share done (0 to 1)."""
_KEYS = {"record_id": "BIGINT", "source": "VARCHAR", "file_no": "INTEGER", "row": "BIGINT"}


@dataclass(frozen=True)
class Step:
    """One move of the asked day: to which day, who does it and why, and what else stands beside it.

    `units`: record -> commune, where it is known better than by reading (to undo a change: what was said before).
    `decided`: (commune before, house or hamlet) -> commune, for people of a commune that was split.
    """

    to: dt.date
    by: str
    kind: str = "day"
    id: str = ""
    data: Mapping[str, Any] | None = None
    change_no: int | None = None
    units: Mapping[int, str | None] | None = None
    decided: Mapping[tuple[str, str], str] | None = None


@dataclass(frozen=True)
class Advanced:
    """What came of it: persons in another unit, in none, changed at all; findings; persons that parted or joined."""

    event_no: int
    on: str
    moved: int
    unplaced: int
    changed: int
    opened: int
    closed: int
    born: int
    gone: int


def advance(
    dsn: str,
    context: Context,
    step: Step,
    *,
    also: Callable[[Connection, int], None] = lambda _con, _event: None,
    progress: Progress = lambda _what, _share: None,
    spill: Path | None = None,
) -> Advanced:
    """Brings the register to the day `step.to`. `context`: sources and settings; `also` runs in the same transaction.

    All or nothing. Raises StoreError.
    """
    to = Context(step.to, context.test_people, context.sources, context.settings)
    try:
        result = _advanced(dsn, to, step, also, progress, spill)
    finally:
        _forget(dsn)
    progress("xong", 1.0)
    return result


def _advanced(
    dsn: str,
    to: Context,
    step: Step,
    also: Callable[[Connection, int], None],
    progress: Progress,
    spill: Path | None,
) -> Advanced:
    with connect(dsn) as con:
        con.execute("SET LOCAL work_mem = '256MB'")
        con.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS])
        since = _since(con, to)
        event = _event(con, step, since.on)
        con.execute("SELECT set_config('dancu.event', %s, true)", [str(event)])
        with (
            TemporaryDirectory(dir=spill, prefix="dancu-day-") as folder,
            DuckStore(spill=Path(folder) / "spill") as store,
        ):
            progress("đọc bản ghi", 0.02)
            _standard(dsn, store, since, to, step)
            progress("đối sánh", 0.2)
            index = _linked(con, store)
            _made(store, to, progress)
            progress("chuyển vào kho", 0.6)
            _sent(dsn, store)
        done = renewed.write(con, event, step.to, step.change_no, progress)
        doubts.renew(con, index, event)
        also(con, event)
        result = Advanced(event, step.to.isoformat(), **done)
        con.execute(
            "UPDATE register.event SET result = %s WHERE event_no = %s",
            [Jsonb(asdict(result)), event],
        )
    return result


def _forget(dsn: str) -> None:
    """Nothing of anybody stays beside the register, unless somebody else is already at it again."""
    with connect(dsn) as con:
        free = con.execute("SELECT pg_try_advisory_xact_lock(%s)", [WRITERS]).fetchone()
        if free and free[0]:
            con.execute(b"DROP SCHEMA IF EXISTS register_next CASCADE")


def _since(con: Connection, context: Context) -> Context:
    found = con.execute("SELECT on_day, test_people FROM register.state").fetchone()
    if found is None:
        raise StoreError(
            "Kho dân cư chưa có dữ liệu; hãy nạp trước (dancu load).\nThe register is empty: load a run first."
        )
    return Context(found[0], found[1], context.sources, context.settings)


def _event(con: Connection, step: Step, since: dt.date) -> int:
    data = {"from": since.isoformat(), "to": step.to.isoformat(), **(step.data or {})}
    row = con.execute(
        "INSERT INTO register.event (ce_source, ce_id, kind, happened_at, recorded_by, digest, data)"
        " VALUES ('dancu/units', %s || '/' || txid_current(), %s, %s, %s, %s, %s) RETURNING event_no",
        [step.id or step.kind, step.kind, step.to, step.by, b"-", Jsonb(data)],
    ).fetchone()
    assert row is not None
    return int(row[0])


# --- what the records say on the new day ---


def _standard(dsn: str, store: DuckStore, since: Context, to: Context, step: Step) -> None:
    """Tables `standard` (of the new day), `links` (of the old persons), `_changed` (records that say another thing)."""
    _fetched(
        dsn,
        store,
        "_was",
        f"SELECT {', '.join(schema.standard())}, person_id FROM register.standard",
    )
    types = _KEYS | {"list_date": "DATE"} | citizen_columns()
    columns = ", ".join(f"CAST({n} AS {kind}) AS {n}" for n, kind in types.items())
    store.create("_was", f"SELECT {columns}, person_id FROM _was")
    _fetched(dsn, store, "_sources", "SELECT source, expected_fields FROM register.source")
    if step.units is None:
        _told_anew(dsn, store, since, to)
        _decided(store, step)
    else:
        store.put("_units", _pairs(step.units))
        made = _columns("u.unit_code")
        store.create("_now", f"SELECT {made} FROM _was w JOIN _units u ON u.record_id = w.record_id"
                     f" UNION ALL SELECT {_columns('w.unit_code')} FROM _was w"
                     " WHERE w.record_id NOT IN (SELECT record_id FROM _units)")  # fmt: skip
        _read_again(dsn, store, since, to, keep_units=True)
    store.create(
        "standard",
        f"SELECT n.*, DATE '{to.on.isoformat()}' AS on_date, coalesce(s.expected_fields, []) AS expected_fields"
        " FROM _now n LEFT JOIN _sources s ON s.source = n.source",
    )
    store.create("links", "SELECT record_id, person_id FROM _was")
    named = ", ".join(schema.standard())
    store.create("_changed", f"SELECT {named} FROM _now EXCEPT SELECT {named} FROM _was")
    for name in ("_now", "_was", "_sources"):
        store.drop(name)


def _told_anew(dsn: str, store: DuckStore, since: Context, to: Context) -> None:
    """`_now`: every record with the commune of the new day."""
    codes = store.fetch("SELECT DISTINCT unit_code FROM _was WHERE unit_code IS NOT NULL")
    found = resensed.heirs(codes["unit_code"].to_pylist(), since=since.on, on=to.on)
    store.put("_heirs", pa.table({"old": pa.array(found, pa.string()),
                                  "new": pa.array(found.values(), pa.string())}))  # fmt: skip
    store.create(
        "_now",
        f"SELECT {_columns('h.new')} FROM _was w LEFT JOIN _heirs h ON h.old = w.unit_code",
    )
    store.drop("_heirs")
    _read_again(dsn, store, since, to, keep_units=False)


def _read_again(
    dsn: str, store: DuckStore, since: Context, to: Context, *, keep_units: bool
) -> None:
    """Records whose reading depends on the day are read from their own cells."""
    where = resensed.to_read_again(since.on, to.on)
    ids = store.fetch(f"SELECT record_id FROM _was s WHERE {where}")["record_id"].to_pylist()
    if not ids:
        return
    listed = ",".join(map(str, ids))
    rows = store.fetch(f"SELECT * EXCLUDE (person_id) FROM _was WHERE record_id IN ({listed})")
    cells = _cells(dsn, ids)
    given = [{**r, "cells": cells.get(r["record_id"], {})} for r in rows.to_pylist()]
    read = list(resensed.read_again(given, since=since, to=to))
    store.put("_again", pa.Table.from_pylist(read, schema=rows.schema))
    unit = "w.unit_code" if keep_units else "a.unit_code"
    columns = ", ".join(
        f"{unit} AS unit_code" if c == "unit_code" else f"a.{c}" for c in schema.standard()
    )
    store.create(
        "_now",
        f"SELECT {columns} FROM _again a JOIN _now w ON w.record_id = a.record_id UNION ALL"
        f" SELECT {', '.join(schema.standard())} FROM _now WHERE record_id NOT IN (SELECT record_id FROM _again)",
    )
    store.drop("_again")


def _cells(dsn: str, ids: list[int]) -> dict[int, Mapping[str, str | None]]:
    with connect(dsn) as con:
        rows = con.execute(
            "SELECT record_id, cells FROM register.record WHERE record_id = ANY(%s)", [ids]
        ).fetchall()
    # What no role was found for (`extra`) is no text of the record.
    return {
        int(r[0]): {k: v for k, v in r[1].items() if isinstance(v, str)}  # type: ignore[call-overload,attr-defined]
        for r in rows
    }


def _decided(store: DuckStore, step: Step) -> None:
    """People of a split commune for whom an officer decided by house or hamlet."""
    if not step.decided:
        return
    keys = list(step.decided)
    store.put("_decided", pa.table({
        "old": pa.array([k[0] for k in keys], pa.string()),
        "head": pa.array([k[1] for k in keys], pa.string()),
        "new": pa.array([step.decided[k] for k in keys], pa.string()),
    }))  # fmt: skip
    columns = ", ".join(
        "coalesce(n.unit_code, d.new) AS unit_code" if c == "unit_code" else f"n.{c}"
        for c in schema.standard()
    )
    store.create(
        "_now",
        f"SELECT {columns} FROM _now n JOIN _was w ON w.record_id = n.record_id LEFT JOIN _decided d"
        " ON n.unit_code IS NULL AND d.old = w.unit_code AND d.head = coalesce(w.address_head, '')",
    )
    store.drop("_decided")


def _columns(unit: str) -> str:
    return ", ".join(
        f"{unit} AS unit_code" if c == "unit_code" else f"w.{c}" for c in schema.standard()
    )


def _pairs(units: Mapping[int, str | None]) -> pa.Table:
    return pa.table({"record_id": pa.array(units, pa.int64()),
                     "unit_code": pa.array(units.values(), pa.string())})  # fmt: skip


def _fetched(dsn: str, store: DuckStore, name: str, query: str) -> None:
    """A query's rows as a table, some thousand at a time."""
    with adbc.connect(dsn) as con, con.cursor() as cursor:
        cursor.execute(query)
        store.put(name, cursor.fetch_record_batch())


# --- what follows from them ---


def _linked(con: Connection, store: DuckStore) -> LinkIndex:
    """The link index with the new communes, under its own epoch; `links` follows where persons came out otherwise."""
    index = LinkIndex(con, epoch_in(con))
    names = ", ".join(dict.fromkeys(("record_id", "source", *index.epoch.settings.columns())))
    before = index.labels()
    index.load(store.fetch(f"SELECT {names} FROM standard ORDER BY record_id"))
    after = index.labels()
    moved = {r: label for r, label in after.items() if before.get(r, label) != label}
    store.put("_moves", pa.table({"record_id": pa.array(moved, pa.int64()),
                                  "label": pa.array(moved.values(), pa.int64())}))  # fmt: skip
    store.create(
        "links",
        "SELECT l.record_id, coalesce(m.label, l.person_id) AS person_id FROM links l"
        " LEFT JOIN _moves m ON m.record_id = l.record_id",
    )
    return index


def _made(store: DuckStore, to: Context, progress: Progress) -> None:
    plans = (("hợp nhất", golden.plan), ("biến động", events.plan), ("kiểm tra", validate.plan))
    for place, (what, plan) in enumerate(plans):
        progress(what, 0.3 + 0.1 * place)
        perform(store, plan(to))
    store.create("_residence", residences())


def _sent(dsn: str, store: DuckStore) -> None:
    """What the new day holds, beside the register (`register_next`); nothing of it counts until it is written."""
    queries = {
        "standard": "SELECT * FROM _changed",
        "link": "SELECT record_id, label FROM _moves",
        "person": f"SELECT {_typed(schema.person(), 'persons')} FROM persons",
        "contested": f"SELECT {', '.join(schema.CONTESTED)} FROM contested",
        "life_event": f"SELECT {', '.join(schema.LIFE_EVENT)} FROM events",
        "residence": f"SELECT {', '.join(schema.RESIDENCE)} FROM _residence",
        "finding": "SELECT rule_id, level, id AS subject_id, source, unit_code,"
        " CAST(group_key AS VARCHAR) AS group_key FROM findings",
        "score": "SELECT rule_id, level, source, unit_code, evaluated, failed FROM counts",
    }
    with connect(dsn) as con:
        for statement in renewed.tables():
            con.execute(statement.encode())
    with adbc.connect(dsn) as con, con.cursor() as cursor:
        for name, query in queries.items():
            reader = store.stream(_narrowed(name, query), 100_000)
            cursor.adbc_ingest(name, reader, mode="append", db_schema_name="register_next")
        con.commit()


def _narrowed(name: str, query: str) -> str:
    return (
        f"SELECT {_typed(schema.standard(), 't')} FROM ({query}) t" if name == "standard" else query
    )


def _typed(columns: schema.Columns, table: str) -> str:
    narrow = {"smallint": "SMALLINT", "integer": "INTEGER"}
    return ", ".join(
        f"CAST({table}.{n} AS {narrow[k]}) AS {n}" if k in narrow else f"{table}.{n}"
        for n, k in columns.items()
    )
