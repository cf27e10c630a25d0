"""The tables of the link index, its epoch, and a linked table as the bytes of their binary COPY."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, LiteralString

import numpy as np
import numpy.typing as npt
import psycopg
import pyarrow as pa
from psycopg import sql

from dancu.engine.link import Epoch, live
from dancu.engine.link.epoch import no_epoch

TABLES: Mapping[str, LiteralString] = {
    "state": "(epoch text NOT NULL)",
    "epoch": "(what text, name text, feature text, hash bigint, value double precision, text text)",
    "record": "(record_id bigint, label bigint NOT NULL, packed bytea NOT NULL,"
    " keys bigint[] NOT NULL)",
    "key": "(hash bigint, record_id bigint)",
    "edge": "(a bigint, b bigint, score double precision NOT NULL, pattern bigint NOT NULL,"
    " conflict smallint NOT NULL)",
    "judgement": "(a bigint, b bigint, same boolean NOT NULL, PRIMARY KEY (a, b), CHECK (a < b))",
}
KEYS: Mapping[str, LiteralString] = {
    "record": "(record_id)",
    "key": "(hash, record_id)",
    "edge": "(a, b)",
}


def epoch_in(connection: psycopg.Connection[Any], *, schema: str = "link") -> Epoch:
    """The epoch that a database's link index was made under."""
    wanted = no_epoch().schema
    listed = sql.SQL(", ").join(map(sql.Identifier, wanted.names))
    # Hashes are unsigned for the engine, and in ascending order.
    query = sql.SQL("SELECT {} FROM {}.epoch ORDER BY what, name, feature, hash < 0, hash")
    rows = connection.execute(query.format(listed, sql.Identifier(schema))).fetchall()
    columns = [[row[k] for row in rows] for k in range(len(wanted))]
    arrays = [pa.array(c, f.type) for c, f in zip(columns, wanted, strict=True)]
    return Epoch.from_table(pa.Table.from_arrays(arrays, schema=wanted))


def keep_epoch(connection: psycopg.Connection[Any], schema: sql.Identifier, epoch: Epoch) -> None:
    """Makes `epoch` the one of the index, within the caller's transaction."""
    connection.execute(sql.SQL("TRUNCATE {s}.epoch, {s}.state").format(s=schema))
    table = epoch.to_table()
    copying = sql.SQL("COPY {}.epoch FROM STDIN").format(schema)
    with connection.cursor() as cursor, cursor.copy(copying) as copy:
        for row in zip(*(c.to_pylist() for c in table.columns), strict=True):
            copy.write_row(row)
    connection.execute(sql.SQL("INSERT INTO {}.state VALUES (%s)").format(schema), [epoch.id])


def fixed(columns: Sequence[npt.NDArray[Any]], kinds: Sequence[str]) -> Iterator[bytes]:
    """Rows of fixed width in PostgreSQL's binary COPY, some megabytes at a time."""
    fields: list[tuple[str, str]] = [("count", ">i2")]
    for k, kind in enumerate(kinds):
        fields += [(f"size{k}", ">i4"), (f"value{k}", kind)]
    for first in range(0, len(columns[0]), 100_000):
        part = [column[first : first + 100_000] for column in columns]
        rows = np.empty(len(part[0]), np.dtype(fields))
        rows["count"] = len(part)
        for k, (column, kind) in enumerate(zip(part, kinds, strict=True)):
            rows[f"size{k}"], rows[f"value{k}"] = np.dtype(kind).itemsize, column
        yield rows.tobytes()


def records(whole: live.Linked) -> Iterator[bytes]:
    """Rows of `record`."""
    # An array: dimensions, has nulls, kind of element (int8), length, first place; then each element.
    shape = b"".join(v.to_bytes(4, "big") for v in (1, 0, 20))
    for first in range(0, len(whole.ids), 10_000):
        last = min(first + 10_000, len(whole.ids))
        heads = next(fixed([whole.ids[first:last], whole.labels[first:last]], (">i8", ">i8")))
        at = whole.rows.at[first : last + 1]
        data = whole.rows.data[at[0] : at[-1]].tobytes()
        place = (at - at[0]).tolist()
        hashes = whole.rows.keys[first:last]
        had = (hashes != 0).sum(axis=1)
        elements = np.zeros(int(had.sum()), np.dtype([("size", ">i4"), ("value", ">u8")]))
        elements["size"], elements["value"] = 8, hashes[hashes != 0]
        listed, ends = elements.tobytes(), (12 * np.r_[0, np.cumsum(had)]).tolist()
        rows = []
        for k in range(last - first):
            packed = data[place[k] : place[k + 1]]
            array = listed[ends[k] : ends[k + 1]]
            length = (len(array) // 12).to_bytes(4, "big") + (1).to_bytes(4, "big")
            value = shape + length + array if array else bytes(8) + shape[8:]
            # Four columns, not two: the count of the row is written anew.
            rows += [b"\0\4", heads[26 * k + 2 : 26 * k + 26], len(packed).to_bytes(4, "big"),
                     packed, len(value).to_bytes(4, "big"), value]  # fmt: skip
        yield b"".join(rows)


def keys(whole: live.Linked) -> Iterator[bytes]:
    """Rows of `key`, by hash."""
    rows, places = np.nonzero(whole.rows.keys)
    hashes = whole.rows.keys[rows, places].view(np.int64)
    order = np.argsort(hashes, kind="stable")
    yield from fixed([hashes[order], whole.ids[rows[order]]], (">i8", ">i8"))


def edges(whole: live.Linked) -> Iterator[bytes]:
    """Rows of `edge`."""
    found = whole.found
    a, b = whole.ids[np.minimum(found.a, found.b)], whole.ids[np.maximum(found.a, found.b)]
    columns: list[npt.NDArray[Any]] = [a, b, found.score, found.pattern.view(np.int64)]
    columns.append(found.conflict)
    yield from fixed(columns, (">i8", ">i8", ">f8", ">i8", ">i2"))
