"""From a finished run to a living register: binary COPY into bare tables, then keys, constraints and the link index.

The row of `register.state` comes last of all: a load that was cut off, also by a power cut, has none. Then nothing
can be taken in, /healthz says so, and the next load takes out what is left and begins anew.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import adbc_driver_manager
import adbc_driver_postgresql.dbapi as adbc
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
from psycopg.types.json import Jsonb

from dancu.engine.events.residences import residences
from dancu.engine.link import Epoch
from dancu.engine.ports import Context
from dancu.engine.spec import SectorSpec, read_spec
from dancu.formats import person_name
from dancu.reference.fields import raw_roles
from dancu.store.duckdb import DuckStore
from dancu.store.errors import StoreError
from dancu.store.link_index import LinkIndex
from dancu.store.postgres import connect
from dancu.store.register import schema

_LOCK = 0x6C6F6164
"""Held by who loads ("load")."""
BATCH = 200_000
"""Rows that are in memory at a time on their way."""

Progress = Callable[[str, float], None]
"""Called with what is being loaded and the share done (0 to 1)."""


@dataclass(frozen=True)
class Loaded:
    """What a load has put in: rows by table, and the day that the register is of."""

    rows: Mapping[str, int]
    on: dt.date


@dataclass(frozen=True)
class Origin:
    """A run as the loader sees it: its tables served by `store`, the asked day, its sources, its name."""

    store: DuckStore
    on: dt.date
    test_people: bool
    sources: Mapping[str, SectorSpec]
    name: str


def is_loaded(dsn: str) -> bool:
    """Whether the database holds a register."""
    with connect(dsn) as con:
        found = con.execute("SELECT to_regclass('register.state')").fetchone()
        if found is None or found[0] is None:
            return False
        return con.execute("SELECT 1 FROM register.state").fetchone() is not None


def is_unfinished(con: psycopg.Connection[Any]) -> bool:
    """Whether a load was cut off and left its traces: nothing that stands there can be relied on."""
    found = con.execute("SELECT to_regclass('register.state') IS NULL").fetchone()
    if found is None or found[0]:
        return False
    left = con.execute(
        "SELECT NOT EXISTS (SELECT FROM register.state) AND (EXISTS (SELECT FROM register.record)"
        " OR to_regclass('register.person_pkey') IS NULL)"
    ).fetchone()
    return bool(left and left[0])


def create(con: psycopg.Connection[tuple[object, ...]], *, indexed: bool = True) -> None:
    """The register's tables, empty, in a database that has none; part of the caller's transaction."""
    for name in schema.EXTENSIONS:
        con.execute(f"CREATE EXTENSION IF NOT EXISTS {name}".encode())
    for statement in schema.tables():
        con.execute(statement.encode())
    if indexed:
        for _, statement in schema.indexes():
            con.execute(statement.encode())


def begin(
    con: psycopg.Connection[tuple[object, ...]],
    on: dt.date,
    test_people: bool,
    sources: Mapping[str, SectorSpec],
    name: str,
) -> None:
    """The register's day and the sources it stands on: with them it can take in events by itself."""
    con.execute(
        "INSERT INTO register.state (on_day, test_people, run) VALUES (%s, %s, %s)",
        [on, test_people, name],
    )
    for source, spec in sources.items():
        con.execute(
            "INSERT INTO register.source (source, expected_fields, spec) VALUES (%s, %s, %s)",
            [source, list(spec.expects), Jsonb(asdict(spec))],
        )


def context_in(con: psycopg.Connection[Any]) -> Context:
    """The day and sources of a loaded register; raises StoreError when nothing is loaded."""
    found = con.execute("SELECT on_day, test_people FROM register.state").fetchone()
    if found is None:
        raise StoreError(
            "Kho dân cư chưa có dữ liệu; hãy chạy dancu load trước.\n"
            "The register is empty: run dancu load first."
        )
    rows = con.execute("SELECT source, spec FROM register.source ORDER BY source").fetchall()
    sources = {
        str(name): read_spec({k: v for k, v in spec.items() if v != ""}) for name, spec in rows
    }
    return Context(on=found[0], test_people=found[1], sources=sources)


def load(dsn: str, origin: Origin, *, progress: Progress = lambda _what, _share: None) -> Loaded:
    """Fill an empty register (tables made, no person in them) from a run. All or nothing; raises StoreError."""
    with alone(dsn) as con:
        _refuse_second(con)
        if is_unfinished(con):
            progress("dọn phần nạp dở", 0.0)
            _empty(dsn)
        try:
            rows = _filled(dsn, origin, progress)
        except BaseException:
            _empty(dsn)
            raise
    progress("xong", 1.0)
    return Loaded(rows, origin.on)


def _filled(dsn: str, origin: Origin, progress: Progress) -> dict[str, int]:
    with connect(dsn) as con:
        for name, _ in schema.indexes():
            _drop_index(con, name)
    rows = _copied(dsn, origin, progress)
    with connect(dsn) as con:
        _finish(con, progress)
    progress("liên kết", 0.75)
    _link(dsn, origin)
    with connect(dsn) as con:
        begin(con, origin.on, origin.test_people, origin.sources, origin.name)
    return rows


@contextlib.contextmanager
def alone(dsn: str) -> Iterator[psycopg.Connection[Any]]:
    """One load at a time: the lock is the connection's, so it goes with a process that is killed."""
    with connect(dsn, autocommit=True) as con:
        got = con.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK]).fetchone()
        if not (got and got[0]):
            raise StoreError(
                "Đang có một lần nạp khác vào kho này; hãy đợi nó xong.\n"
                "Another load into this register is running: wait until it has ended."
            )
        yield con


def _refuse_second(con: psycopg.Connection[tuple[object, ...]]) -> None:
    if con.execute("SELECT 1 FROM register.state").fetchone():
        raise StoreError(
            "Kho dân cư đã có dữ liệu: lần nạp sau chỉ ghi phần thay đổi (dancu load --changes).\n"
            "The register holds data already: load only what changed (dancu load --changes)."
        )


def _drop_index(con: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    table = name.split("_pkey")[0] if name.endswith("_pkey") else None
    if table or name == "residence_period":
        owner = table or "residence"
        con.execute(f"ALTER TABLE register.{owner} DROP CONSTRAINT IF EXISTS {name}".encode())
    else:
        con.execute(f"DROP INDEX IF EXISTS register.{name}".encode())


def _empty(dsn: str) -> None:
    """What a broken load has left is taken out again, so that the next one starts from nothing."""
    with connect(dsn) as con:
        if con.execute("SELECT 1 FROM register.state").fetchone():
            return  # the connection was lost after the last commit: the load is whole
        names = ", ".join(f"register.{name}" for name in (*_TABLES, "source"))
        con.execute(f"TRUNCATE {names}".encode())
        # An index under another epoch would refuse the next load's; without a register nobody has judged anything.
        con.execute("DROP SCHEMA IF EXISTS link CASCADE")
        _index(con)


def _copied(dsn: str, origin: Origin, progress: Progress) -> dict[str, int]:
    queries = _queries(origin)
    rows = {}
    with adbc.connect(dsn) as con, con.cursor() as cursor:
        for done, (name, query) in enumerate(queries.items()):
            progress(name, 0.5 * done / len(queries))
            reader = origin.store.stream(query, BATCH)
            if name == "person":
                reader = _sorted_names(reader)
            try:
                rows[name] = int(
                    cursor.adbc_ingest(name, reader, mode="append", db_schema_name=schema.SCHEMA)
                )
            except adbc_driver_manager.Error as error:
                raise StoreError(
                    f"Không nạp được bảng {name}; chưa có gì thay đổi trong kho.\n"
                    f"Table {name} was not loaded; nothing was changed. ({type(error).__name__}: {str(error)[:300]})"
                ) from error
        con.commit()
    return rows


def _sorted_names(reader: pa.RecordBatchReader) -> pa.RecordBatchReader:
    """Adds `sort_key`: given name first, Vietnamese order; a name is looked at once a batch."""
    wider = reader.schema.append(pa.field("sort_key", pa.string()))

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in reader:
            names = pc.dictionary_encode(batch.column("full_name"))
            keys = [
                None if n is None else person_name.list_key(n) for n in names.dictionary.to_pylist()
            ]
            column = pa.array(keys, pa.string()).take(names.indices)
            yield pa.RecordBatch.from_arrays([*batch.columns, column], schema=wider)

    return pa.RecordBatchReader.from_batches(wider, batches())


_TABLES = (
    "file", "record", "standard", "person", "contested", "life_event", "residence",
    "finding", "score_count", "duplicate",
)  # fmt: skip


def _queries(origin: Origin) -> dict[str, str]:
    """Table -> DuckDB query over the run's tables, with the column names and types of the register."""
    return {
        "file": "SELECT file_no, coalesce(sheet, '') AS sheet, name, sha256, source, list_date,"
        " entered FROM files WHERE source IS NOT NULL AND list_date IS NOT NULL",
        "record": "SELECT record_id, source, file_no, coalesce(sheet, '') AS sheet, row,"
        f" {cells_text()} AS cells FROM records",
        "standard": f"SELECT {_typed(schema.standard(), 's')}, l.person_id FROM standard s"
        " JOIN links l ON l.record_id = s.record_id",
        "person": f"SELECT {_typed(schema.person(), 's')} FROM persons s",
        "contested": f"SELECT {', '.join(schema.CONTESTED)} FROM contested",
        "life_event": f"SELECT {', '.join(schema.LIFE_EVENT)} FROM events",
        "residence": residences(),
        "finding": "SELECT rule_id, level, id AS subject_id, source, unit_code, group_key FROM findings",
        "duplicate": DUPLICATES,
        "score_count": "SELECT rule_id, level, source, unit_code, evaluated, failed FROM counts",
    }


DUPLICATES = (
    "SELECT p.record_a, p.record_b, p.score, p.probability, p.joined, p.blocked_by,"
    " coalesce(a.unit_code, '?') AS unit_a, coalesce(b.unit_code, '?') AS unit_b FROM pairs p"
    " JOIN links la ON la.record_id = p.record_a JOIN persons a ON a.person_id = la.person_id"
    " JOIN links lb ON lb.record_id = p.record_b JOIN persons b ON b.person_id = lb.person_id WHERE p.clerk"
    " ORDER BY p.probability DESC, p.record_a, p.record_b"
)
"""What only a person can settle; from then on `doubts.follow` keeps it true."""

_NARROW = {"smallint": "SMALLINT", "integer": "INTEGER"}


def _typed(columns: schema.Columns, table: str) -> str:
    return ", ".join(
        f"CAST({table}.{n} AS {_NARROW[k]}) AS {n}" if k in _NARROW else f"{table}.{n}"
        for n, k in columns.items()
    )


def cells_text() -> str:
    """A record's cells as given, a JSON object of those that hold something."""
    parts = ", ".join(
        f"CASE WHEN {role} IS NOT NULL THEN '\"{role}\":' || CAST(to_json({role}) AS VARCHAR) END"
        for role in raw_roles()
    )
    extra = "CASE WHEN extra IS NOT NULL THEN '\"extra\":' || extra END"
    return f"'{{' || concat_ws(',', {parts}, {extra}) || '}}'"


def _finish(con: psycopg.Connection[tuple[object, ...]], progress: Progress) -> None:
    con.execute("SET LOCAL maintenance_work_mem = '1GB'")
    con.execute("SET LOCAL max_parallel_maintenance_workers = 2")
    _index(con, progress)
    con.execute(
        "SELECT setval(pg_get_serial_sequence('register.record', 'record_id'),"
        " (SELECT coalesce(max(record_id), 0) + 1 FROM register.record), false)"
    )
    for table in _TABLES:
        con.execute(f"ANALYZE register.{table}".encode())


def _index(
    con: psycopg.Connection[tuple[object, ...]],
    progress: Progress = lambda _what, _share: None,
) -> None:
    made = list(schema.indexes())
    for done, (name, statement) in enumerate(made):
        progress(name, 0.5 + 0.25 * done / len(made))
        _drop_index(con, name)
        con.execute(statement.encode())


def _link(dsn: str, origin: Origin) -> None:
    """The link index under the run's own epoch: its labels are those of the run."""
    epoch = Epoch.from_table(origin.store.fetch("SELECT * FROM link_epoch"))
    columns = ", ".join(dict.fromkeys(("record_id", "source", *epoch.settings.columns())))
    records = origin.store.fetch(f"SELECT {columns} FROM standard ORDER BY record_id")
    with connect(dsn, autocommit=True) as con:
        LinkIndex(con, epoch).load(records)
