"""PostgreSQL, the living register: connections, bulk loading from Arrow, reading to Arrow.

The border it keeps: the only room besides :mod:`supervisor` that speaks to PostgreSQL. Bulk loading
goes through ADBC's binary COPY, which converts nothing: the table's columns are made from the
Arrow schema, and the few Arrow types that PostgreSQL lacks are widened first.
"""

from __future__ import annotations

from urllib.parse import quote

import adbc_driver_manager
import adbc_driver_postgresql.dbapi as adbc
import psycopg
import pyarrow as pa
from psycopg import sql

from dancu.store.errors import StoreError

_READ_ONLY = "-c default_transaction_read_only=on"
_PLAIN = {
    pa.bool_(): "boolean",
    pa.int16(): "smallint",
    pa.int32(): "integer",
    pa.int64(): "bigint",
    pa.float32(): "real",
    pa.float64(): "double precision",
    pa.string(): "text",
    pa.large_string(): "text",
    pa.binary(): "bytea",
    pa.large_binary(): "bytea",
    pa.date32(): "date",
    pa.timestamp("us"): "timestamp",
}
_WIDENED = {
    pa.null(): pa.string(),
    pa.int8(): pa.int16(),
    pa.uint8(): pa.int16(),
    pa.uint16(): pa.int32(),
    pa.uint32(): pa.int64(),
    pa.string_view(): pa.string(),
    pa.date64(): pa.date32(),
}


def connect(dsn: str, *, autocommit: bool = False) -> psycopg.Connection[tuple[object, ...]]:
    """A connection for statements; closes (and commits, or rolls back) as a context manager."""
    try:
        return psycopg.connect(dsn, autocommit=autocommit, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise StoreError(
            f"Không kết nối được tới PostgreSQL: {_words(error)}. Chạy make db, hoặc xem lại địa "
            "chỉ, tài khoản và mật khẩu.\n"
            "PostgreSQL does not answer: run make db, or look at address, user and password."
        ) from error


def copy_arrow(dsn: str, table: pa.Table, name: str, *, replace: bool = True) -> int:
    """Load ``table`` into table ``name`` by binary COPY, all rows or none; the number of rows.

    With ``replace`` the table is made anew from the Arrow schema; without, rows are appended to
    a table that has the same columns. Raises :class:`StoreError`.
    """
    widened = table.cast(pa.schema([_widen(column) for column in table.schema]))
    statement = ddl(widened.schema, name)
    try:
        with adbc.connect(dsn) as connection, connection.cursor() as cursor:
            if replace:
                cursor.execute(f"DROP TABLE IF EXISTS {_identifier(name)}")
                cursor.execute(statement)
            loaded = cursor.adbc_ingest(name, widened, mode="append")
            connection.commit()
    except adbc_driver_manager.Error as error:
        raise StoreError(
            f"Không nạp được bảng {name} vào PostgreSQL: {_words(error)}\n"
            f"Table {name} was not loaded; nothing was changed."
        ) from error
    return int(loaded)


def query_arrow(dsn: str, query: str) -> pa.Table:
    """The rows of one SELECT as Arrow, in a read-only transaction.

    ``numeric`` comes as text, digits unchanged. Raises :class:`StoreError`, also for a statement
    that would write.
    """
    glue = "&" if "?" in dsn else "?"
    try:
        with (
            adbc.connect(f"{dsn}{glue}options={quote(_READ_ONLY)}") as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(query)
            return cursor.fetch_arrow_table()
    except adbc_driver_manager.Error as error:
        raise StoreError(
            f"Câu truy vấn không chạy được: {_words(error)}\n"
            "The query failed: one SELECT statement is expected, which may only read."
        ) from error


def ddl(schema: pa.Schema, name: str) -> str:
    """CREATE TABLE for an Arrow schema.

    >>> ddl(pa.schema([("id", pa.int64()), ("tags", pa.list_(pa.string()))]), "t")
    'CREATE TABLE "t" ("id" bigint, "tags" text[])'
    """
    columns = ", ".join(f"{_identifier(f.name)} {column_type(f.type)}" for f in schema)
    return f"CREATE TABLE {_identifier(name)} ({columns})"


def column_type(kind: pa.DataType) -> str:
    """The PostgreSQL type of an Arrow type.

    >>> column_type(pa.timestamp("us", "UTC")), column_type(pa.decimal128(12, 2))
    ('timestamptz', 'numeric(12,2)')
    """
    if found := _PLAIN.get(kind):
        return found
    if pa.types.is_timestamp(kind):
        return "timestamptz" if kind.tz else "timestamp"
    if pa.types.is_decimal(kind):
        return f"numeric({kind.precision},{kind.scale})"
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return f"{column_type(kind.value_type)}[]"
    raise StoreError(
        f"Kiểu cột Arrow {kind} chưa có kiểu PostgreSQL tương ứng; đổi kiểu cột trước khi nạp.\n"
        f"Arrow type {kind} has no PostgreSQL column type here: cast the column first."
    )


def _widen(column: pa.Field) -> pa.Field:
    kind = column.type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if pa.types.is_timestamp(kind):
        kind = pa.timestamp("us", kind.tz)
    return pa.field(column.name, _WIDENED.get(kind, kind))


def _identifier(name: str) -> str:
    return sql.Identifier(name).as_string(None)


def _words(error: Exception) -> str:
    """What the server said, without our own address in it."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " ".join(lines[:3]) or type(error).__name__
