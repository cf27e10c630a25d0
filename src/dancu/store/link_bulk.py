"""The tables of the link index, and a linked table as the bytes of their binary COPY."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, LiteralString

import numpy as np
import numpy.typing as npt

from dancu.engine.link import live

TABLES: Mapping[str, LiteralString] = {
    "state": "(epoch text NOT NULL)",
    "epoch": "(what text, name text, feature text, hash bigint, value double precision, text text)",
    "record": "(record_id bigint, label bigint NOT NULL, packed bytea NOT NULL)",
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


def _fixed(columns: Sequence[npt.NDArray[Any]], kinds: Sequence[str]) -> Iterator[bytes]:
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
    for first in range(0, len(whole.ids), 10_000):
        last = min(first + 10_000, len(whole.ids))
        heads = next(_fixed([whole.ids[first:last], whole.labels[first:last]], (">i8", ">i8")))
        at = whole.rows.at[first : last + 1]
        data = whole.rows.data[at[0] : at[-1]].tobytes()
        place = (at - at[0]).tolist()
        yield b"".join(
            # Three columns, not two: the head of the row is written anew.
            b"\0\3" + heads[26 * k + 2 : 26 * k + 26]
            + (place[k + 1] - place[k]).to_bytes(4, "big") + data[place[k] : place[k + 1]]
            for k in range(last - first)
        )  # fmt: skip


def keys(whole: live.Linked) -> Iterator[bytes]:
    """Rows of `key`, by hash."""
    rows, places = np.nonzero(whole.rows.keys)
    hashes = whole.rows.keys[rows, places].view(np.int64)
    order = np.argsort(hashes, kind="stable")
    yield from _fixed([hashes[order], whole.ids[rows[order]]], (">i8", ">i8"))


def edges(whole: live.Linked) -> Iterator[bytes]:
    """Rows of `edge`."""
    found = whole.found
    a, b = whole.ids[np.minimum(found.a, found.b)], whole.ids[np.maximum(found.a, found.b)]
    columns: list[npt.NDArray[Any]] = [a, b, found.score, found.pattern.view(np.int64)]
    columns.append(found.conflict)
    yield from _fixed(columns, (">i8", ">i8", ">f8", ">i8", ">i2"))
