"""An export for the auditor: leaves, rows with their salts, tiles, heads, stamps, public keys, in plain files.

What `dancu-verify` reads; the format is told there (`dancu_verify.reading`). It holds personal data unless made
without rows: the folder is its owner's alone.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import psycopg

from dancu.store.errors import StoreError
from dancu.store.ledger import heads, rows
from dancu.store.ledger.installing import as_written, stored
from dancu.store.ledger.kinds import Kind

PART = 65_536
Connection = psycopg.Connection[Any]
Progress = Callable[[str, float], None]


def export(
    con: Connection, folder: Path, *, with_rows: bool, keys: dict[str, object], at: dt.datetime,
    progress: Progress = lambda _what, _share: None,
) -> int:  # fmt: skip
    """Write the whole ledger into a new folder, as of one moment; how many leaves. Raises StoreError."""
    if folder.exists() and any(folder.iterdir()):
        raise StoreError(f"Thư mục {folder} không trống.\nThe folder {folder} is not empty.")
    for part in ("", "entries", "tiles", "heads"):
        (folder / part).mkdir(parents=True, exist_ok=True, mode=0o700)
    with con.transaction():
        con.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        with as_written(con):
            return _write(con, folder, with_rows, keys, at, progress)


def _write(
    con: Connection, folder: Path, with_rows: bool, keys: dict[str, object], at: dt.datetime, progress: Progress
) -> int:  # fmt: skip
    kinds = dict(stored(con))
    row = con.execute("SELECT origin, size FROM ledger.tree").fetchone()
    assert row is not None
    origin, size = row
    for done in _entries(con, folder / "entries", kinds, with_rows):
        progress("entries", 0.8 * done / max(size, 1))
    loose = rows.loose(con, kinds) if with_rows else ()
    _lines(folder / "loose.jsonl", ({"kind": kind, "key": key} for kind, key in loose))
    _lines(folder / "sets.jsonl", _sets(con))
    progress("tiles", 0.8)
    _tiles(con, folder / "tiles")
    for head in heads.every(con):
        _file(folder / "heads" / f"{head.head_no:06d}.note", head.note.encode())
        if head.token:
            _file(folder / "heads" / f"{head.head_no:06d}.tsr", bytes(head.token))
    _json(folder / "keys.json", keys)
    told = [
        {"name": k.name, "table": k.place, "key": k.key, "columns": k.columns, "about": k.about, "at": k.at}
        for k in kinds.values()
    ]  # fmt: skip
    meta = {
        "format": 1,
        "origin": origin,
        "size": size,
        "made_at": at.isoformat(),
        "rows": with_rows,
        "kinds": told,
    }
    _json(folder / "ledger.json", meta)
    progress("", 1.0)
    return int(size)


def _entries(
    con: Connection, folder: Path, kinds: dict[int, Kind], with_rows: bool
) -> Iterator[int]:
    query = (
        'SELECT e.leaf_index, k.name, e.key, to_char(e.at, \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\'), e.adopted,'
        f" encode(e.commitment, 'hex'), {_disclosed(con, kinds) if with_rows else 'NULL, NULL'}"
        " FROM ledger.entry e JOIN ledger.kind k USING (kind_no) "
        f"{_joins(con, kinds) if with_rows else ''} ORDER BY e.leaf_index"
    )
    with con.cursor(name="entries") as cursor:
        cursor.itersize = 5000
        cursor.execute(query.encode())
        for number, part in groupby(cursor, key=lambda found: found[0] // PART):
            _lines(folder / f"{number:06d}.jsonl", map(_told, part))
            yield (number + 1) * PART


def _told(found: tuple[Any, ...]) -> dict[str, Any]:
    index, kind, key, at, adopted, commitment, salt, row = found
    told = {"i": index, "kind": kind, "key": key, "at": at}
    if adopted:
        told["adopted"] = True
    told["commitment"] = commitment
    return told | {k: v for k, v in (("salt", salt), ("row", row)) if v is not None}


def _readable(con: Connection, kinds: dict[int, Kind]) -> dict[int, Kind]:
    return {n: k for n, k in kinds.items() if rows.is_readable(con, k)}


def _disclosed(con: Connection, kinds: dict[int, Kind]) -> str:
    """The row's text, of the one table of several joined that the entry is of; of one that is no more, nothing."""
    cases = " ".join(
        f'WHEN {n} THEN CASE WHEN t{n}."{k.keys[0]}" IS NOT NULL THEN {k.row_text(f"t{n}")} END'
        for n, k in _readable(con, kinds).items()
    )
    return f"encode(e.salt, 'hex'), {f'CASE e.kind_no {cases} END' if cases else 'NULL'}"


def _joins(con: Connection, kinds: dict[int, Kind]) -> str:
    return " ".join(
        f"LEFT JOIN {k.place} t{n} ON e.kind_no = {n} AND {k.key_text(f't{n}')} = e.key"
        for n, k in _readable(con, kinds).items()
    )


def _sets(con: Connection) -> Iterator[dict[str, Any]]:
    """The chunks of every set: how many in each, and its root; nobody in clear."""
    found = con.execute(
        "SELECT bulk_no, chunk, count, encode(root, 'hex') FROM ledger.bulk_chunk ORDER BY bulk_no, chunk"
    )
    for number, part in groupby(found.fetchall(), key=lambda row: row[0]):
        yield {"bulk_no": number, "chunks": [list(row[1:]) for row in part]}


def _tiles(con: Connection, folder: Path) -> None:
    levels = con.execute("SELECT DISTINCT level FROM ledger.tile ORDER BY 1").fetchall()
    for (level,) in levels:
        with con.cursor(name="tiles") as cursor, _open(folder / f"{level}.bin") as file:
            cursor.itersize = 500
            cursor.execute(
                "SELECT hashes FROM ledger.tile WHERE level = %s ORDER BY index", [level]
            )
            for (hashes,) in cursor:
                file.write(bytes(hashes))


def _lines(path: Path, said: Iterator[dict[str, Any]]) -> None:
    with _open(path) as file:
        for one in said:
            file.write(json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def _json(path: Path, value: Any) -> None:
    _file(path, json.dumps(value, ensure_ascii=False, indent=1).encode())


def _file(path: Path, data: bytes) -> None:
    with _open(path) as file:
        file.write(data)


def _open(path: Path) -> Any:
    path.touch(mode=0o600)
    return path.open("wb")
