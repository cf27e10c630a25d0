"""What the second body gets: a signed head, its stamp, the public keys, and the hashes of the leaves since last time.

With them it can say of every leaf whether it is still the one that it was; it learns nothing about anybody.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import psycopg

from dancu.store.ledger.heads import Signed
from dancu.store.ledger.tiles import HASH, WIDTH, BrokenTree, Tiles

PART = 262_144
"""Leaves of one bundle: 8 MB, as a mail may carry."""
Connection = psycopg.Connection[Any]


def cut(first: int, size: int) -> Iterator[tuple[int, int]]:
    """What is to be handed over, cut into bundles; one without leaves when there is only a new head."""
    if first >= size:
        yield first, first
    while first < size:
        end = min(size, first + PART)
        yield first, end
        first = end


def name(origin: str, head: Signed, first: int, end: int) -> str:
    """The file's name: by name is by place."""
    return f"{origin}-{first:012d}-{end:012d}-{head.head_no:06d}.zip"


def make(
    con: Connection, *, head: Signed, first: int, end: int, keys: dict[str, object]
) -> tuple[str, bytes]:
    """(name, content) of a bundle. Raises BrokenTree."""
    row = con.execute("SELECT origin FROM ledger.tree").fetchone()
    origin = str(row[0]) if row else ""
    meta = {
        "format": 1,
        "origin": origin,
        "from": first,
        "to": end,
        "size": head.size,
        "head": head.head_no,
    }
    parts = {"bundle.json": json.dumps(meta).encode(), "head.note": head.note.encode()}
    if head.token:
        parts["head.tsr"] = bytes(head.token)
    parts["keys.json"] = json.dumps(keys).encode()
    parts["leaves.bin"] = hashes(con, first, end)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for inside, data in parts.items():
            # Of the head's own time: a bundle sent again is the same to the byte.
            archive.writestr(zipfile.ZipInfo(inside, head.at.timetuple()[:6]), data)
    return name(origin, head, first, end), made.getvalue()


def hashes(con: Connection, first: int, end: int) -> bytes:
    """The hashes of the leaves from `first` to before `end`, one after another."""
    read = Tiles(con)
    found = b"".join(read.tile(0, n) for n in range(first // WIDTH, -(-end // WIDTH)))
    start = first % WIDTH * HASH
    made = found[start : start + (end - first) * HASH]
    if len(made) != (end - first) * HASH:
        raise BrokenTree(
            f"Thiếu mã băm các mục {first}–{end - 1}.\nHashes of the entries {first}–{end - 1} are missing."
        )
    return made
