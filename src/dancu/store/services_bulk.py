"""Dossiers of other portals into `services.dossier` by COPY and set-based statements, in the caller's transaction.

Whoever calls holds the transaction and the lock; triggers of the tables count kept figures once for a statement. Arrow
tables come and go as CSV, which PostgreSQL writes and reads by itself. Moments here are local, without a zone.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.csv as pacsv

Connection = psycopg.Connection[Any]
_LOCK = 0x686F736F
"""Held by who imports: one after the other."""
_BATCH = 100_000
_ZONE = "AT TIME ZONE 'Asia/Ho_Chi_Minh'"
_COLUMNS = (
    ("procedure", "text"), ("version", "smallint"), ("essential", "text"), ("procedure_group", "text"),
    ("unit_code", "text"), ("channel", "smallint"), ("applicant_name", "text"), ("status", "smallint"),
    ("filed_at", "timestamp"), ("accepted_at", "timestamp"), ("due_at", "timestamp"), ("paused_at", "timestamp"),
    ("ended_at", "timestamp"), ("returned_at", "timestamp"), ("minutes", "integer"), ("on_time", "boolean"),
    ("supplements", "smallint"), ("electronic_result", "boolean"), ("paid_online", "boolean"),
)  # fmt: skip
_SAID = ("said_received", "said_ended", "said_returned")
"""What the list itself said, beside what follows from the changes of status."""
_BESIDE = (
    ("promised", "timestamp"), *((name, "timestamp") for name in _SAID), ("state_at", "timestamp"),
    ("turn_at", "timestamptz[]"),
    ("turn_status", "smallint[]"), ("given", "text"),
)  # fmt: skip
KNOWN = pa.schema(
    [("n", pa.int64()), ("dossier_no", pa.int64()), ("source", pa.string()), ("untouched", pa.bool_())]
    + [(name, pa.timestamp("s") if kind == "timestamp" else
        pa.bool_() if kind == "boolean" else pa.string() if kind == "text" else pa.int64())
       for name, kind in _COLUMNS]
    + [(name, pa.timestamp("s")) for name in ("promised", *_SAID, "state_at")]
)  # fmt: skip
"""What `known` answers: `untouched`: nobody has acted on it here since it was imported."""
TURNS = pa.schema([("n", pa.int64()), ("at", pa.timestamp("s")), ("status", pa.int64())])


def begin(con: Connection, keys: pa.Array) -> None:
    """Takes the lock and puts the codes of the list where the statements find them, numbered from 0."""
    con.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    con.execute("CREATE TEMP TABLE import_key (n integer, code text) ON COMMIT DROP")
    _copy_in(
        con, "import_key", pa.table({"n": pa.array(range(len(keys)), pa.int64()), "code": keys})
    )
    con.execute("ANALYZE import_key")


def known(con: Connection) -> pa.Table:
    """The dossiers of these codes that are there, locked against anyone else until the end; see KNOWN."""
    con.execute(
        "CREATE TEMP TABLE import_known ON COMMIT DROP AS SELECT k.n, d.dossier_no"
        " FROM services.dossier d JOIN import_key k ON k.code = d.code"
    )
    con.execute(
        "SELECT count(*) FROM (SELECT 1 FROM services.dossier WHERE dossier_no IN"
        " (SELECT dossier_no FROM import_known) ORDER BY dossier_no FOR UPDATE) AS held"
    )
    shown = ", ".join(_local(f"d.{name}", kind) for name, kind in _COLUMNS)
    beside = ", ".join(
        _local(f"i.{name}", "timestamp") for name in ("promised", *_SAID, "state_at")
    )
    query = (
        "SELECT k.n, d.dossier_no, d.source, coalesce(i.version_no = d.version_no, false) AS untouched,"
        f" {shown}, {beside}"
        " FROM import_known k JOIN services.dossier d USING (dossier_no)"
        " LEFT JOIN services.imported i USING (dossier_no)"
    )
    return _copy_out(con, query, KNOWN)


def turns(con: Connection) -> pa.Table:
    """What earlier lists told of the turns of these dossiers; see TURNS."""
    query = (
        f"SELECT k.n, t.at {_ZONE} AS at, t.status FROM import_known k JOIN services.imported i USING (dossier_no),"
        " LATERAL unnest(i.turn_at, i.turn_status) AS t(at, status)"
    )
    return _copy_out(con, query, TURNS)


def put(con: Connection, rows: pa.Table, *, source: str, import_no: int) -> tuple[int, int]:
    """New dossiers and changed ones; how many of each. `rows`: n, code, dossier_no and the columns beside."""
    number = rows.column("dossier_no")
    new = rows if number.null_count == len(number) else rows.filter(number.is_null())
    if new.num_rows:
        _add(con, new, source=source, import_no=import_no)
    return new.num_rows, _change(con, rows.filter(number.is_valid()), import_no=import_no)


def _add(con: Connection, rows: pa.Table, *, source: str, import_no: int) -> None:
    """Straight into the tables, under numbers taken before."""
    (numbers,) = con.execute(_NUMBERS, [rows.num_rows]).fetchone() or ([],)
    both = {"dossier_no": pa.array(numbers, pa.int64()), "source": pa.repeat(source, rows.num_rows),
            "version_no": pa.repeat(1, rows.num_rows)}  # fmt: skip
    own = both | {"code": rows.column("code"), "place": rows.column("unit_code")}
    own |= {name: rows.column(name) for name, _ in _COLUMNS}
    beside = both | {"import_no": pa.repeat(import_no, rows.num_rows)}
    beside |= {name: rows.column(name) for name, _ in _BESIDE}
    with _local_clock(con):
        _copy_in(con, "services.dossier", pa.table(own))
        _copy_in(con, "services.imported", pa.table(beside))


def _change(con: Connection, rows: pa.Table, *, import_no: int) -> int:
    """Dossiers that are there, as far as the list says something else of them; how many."""
    if not rows.num_rows:
        return 0
    columns = (("dossier_no", "bigint"), *_COLUMNS, *_BESIDE)
    names = ", ".join(f"{name} {kind}" for name, kind in columns)
    con.execute(f"CREATE TEMP TABLE import_row ({names}) ON COMMIT DROP".encode())
    _copy_in(con, "import_row", rows.select([name for name, _ in columns]))
    con.execute("ANALYZE import_row (dossier_no)")
    changed = con.execute(_UPDATE.encode()).rowcount
    con.execute(_BESIDE_CHANGED.encode(), {"import_no": import_no})
    return changed


@contextlib.contextmanager
def _local_clock(con: Connection) -> Iterator[None]:
    """Moments without a zone are read as the office's clock."""
    (before,) = con.execute("SELECT current_setting('TimeZone')").fetchone() or ("UTC",)
    con.execute("SELECT set_config('TimeZone', 'Asia/Ho_Chi_Minh', true)")
    yield
    con.execute("SELECT set_config('TimeZone', %s, true)", [before])


def kept_bad(con: Connection, rows: pa.Table) -> None:
    """Rows that were not taken."""
    _copy_in(con, "services.import_bad", rows)


REGISTERED = pa.schema(
    [("dossier_no", pa.int64()), ("code", pa.string()), ("unit_code", pa.string()), ("procedure", pa.string()),
     ("channel", pa.int64()), ("status", pa.int64()), ("supplements", pa.int64())]
    + [(name, pa.timestamp("s")) for name in ("accepted_at", "due_at", "ended_at", "returned_at")]
)  # fmt: skip


def registered(con: Connection, first: dt.date, last: dt.date) -> pa.Table:
    """Our own dossiers received in these days, both with them; see REGISTERED."""
    moments = ", ".join(_local(name, "timestamp") for name in REGISTERED.names[7:])
    query = (
        f"SELECT {', '.join(REGISTERED.names[:7])}, {moments} FROM services.dossier WHERE accepted_at"
        f" >= '{first.isoformat()}'::timestamp {_ZONE} AND accepted_at"
        f" < '{(last + dt.timedelta(days=1)).isoformat()}'::timestamp {_ZONE}"
    )
    return _copy_out(con, query, REGISTERED)


def kept_differences(con: Connection, rows: pa.Table) -> None:
    """The rows of a list of differences."""
    _copy_in(con, "services.difference", rows)


def _zoned(name: str, kind: str) -> str:
    return f"({name} {_ZONE})" if kind == "timestamp" else name


def _local(name: str, kind: str) -> str:
    bare = name.rpartition(".")[2]
    return f"({name} {_ZONE}) AS {bare}" if kind == "timestamp" else name


_NAMES = ", ".join(name for name, _ in _COLUMNS)
_VALUES = ", ".join(_zoned(f"r.{name}", kind) for name, kind in _COLUMNS)
_NUMBERS = """
SELECT array_agg(nextval(s)) FROM generate_series(1, %s),
    (SELECT pg_get_serial_sequence('services.dossier', 'dossier_no')::regclass AS s OFFSET 0) AS of
"""
_OWN = ", ".join(f"d.{name}" for name, _ in _COLUMNS)
_UPDATE = f"""
UPDATE services.dossier d SET ({_NAMES}, place, version_no) = ROW({_VALUES}, r.unit_code, d.version_no + 1)
FROM import_row r WHERE d.dossier_no = r.dossier_no AND ROW({_OWN}) IS DISTINCT FROM ROW({_VALUES})
"""
_TOLD = ", ".join(name for name, _ in _BESIDE)
_TOLD_VALUES = ", ".join(_zoned(f"r.{name}", kind) for name, kind in _BESIDE)
_TOLD_KEPT = _TOLD_VALUES.replace("r.given", "coalesce(r.given, i.given)")
_OWN_BESIDE = ", ".join(f"i.{name}" for name, _ in _BESIDE)
_BESIDE_CHANGED = f"""
UPDATE services.imported i SET (import_no, version_no, {_TOLD}) = ROW(%(import_no)s, d.version_no, {_TOLD_KEPT})
FROM import_row r JOIN services.dossier d USING (dossier_no) WHERE i.dossier_no = r.dossier_no
    AND ROW(i.version_no, {_OWN_BESIDE}) IS DISTINCT FROM ROW(d.version_no, {_TOLD_KEPT})
"""


def _copy_in(con: Connection, table: str, rows: pa.Table) -> None:
    columns = ", ".join(rows.column_names)
    options = pacsv.WriteOptions(include_header=False)
    with (
        con.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN (FORMAT csv)".encode()) as copy,
    ):
        for batch in rows.to_batches(max_chunksize=_BATCH):
            out = io.BytesIO()
            pacsv.write_csv(pa.Table.from_batches([batch]), out, options)
            copy.write(out.getbuffer())


def _copy_out(con: Connection, query: str, schema: pa.Schema) -> pa.Table:
    out = io.BytesIO()
    with (
        con.cursor() as cursor,
        cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)".encode()) as copy,
    ):
        for block in copy:
            out.write(block)
    if not out.tell():
        return schema.empty_table()
    return pacsv.read_csv(
        pa.BufferReader(out.getbuffer()),
        read_options=pacsv.ReadOptions(column_names=schema.names),
        convert_options=pacsv.ConvertOptions(
            column_types=schema, strings_can_be_null=True, quoted_strings_can_be_null=False,
            true_values=["t"], false_values=["f"],
        ),
    )  # fmt: skip
