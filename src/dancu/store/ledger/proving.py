"""Proofs out of the tiles: that an entry is in the tree of a head, that a later tree begins with an earlier one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import psycopg

from dancu.lib import merkle
from dancu.store.ledger.tiles import Tiles

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Entry:
    """A leaf as everybody may see it. `leaf` are its bytes as text; `index` is None while it waits for its place."""

    index: int | None
    kind: str
    key: str
    at: dt.datetime
    commitment: bytes
    leaf: str


@dataclass(frozen=True)
class Inclusion:
    """The proof that a leaf stands at `index` in the tree of `size` leaves."""

    index: int
    size: int
    leaf_hash: bytes
    path: tuple[bytes, ...]
    root: bytes


_SHOWN = (
    "k.name, e.key, e.at, e.commitment, ledger.leaf(k.name, e.key, e.at, e.adopted, e.commitment)"
)
_KEYED = "JOIN ledger.kind k USING (kind_no) WHERE hashtext(e.key) = hashtext(%s) AND e.key = %s AND k.name LIKE %s"


def entries(con: Connection, *, key: str, kind: str = "") -> list[Entry]:
    """Entries with this key, of a kind ("access", or "access.1"), or of any; those that wait are asked of the owner."""
    pattern = (kind if "." in kind else f"{kind}.") + "%" if kind else "%"
    rows = con.execute(
        f"SELECT e.leaf_index, {_SHOWN} FROM ledger.entry e {_KEYED} ORDER BY 1".encode(),
        [key, key, pattern],
    ).fetchall()
    return [Entry(*row) for row in rows]


def entry(con: Connection, *, index: int) -> Entry | None:
    """The entry at a place."""
    row = con.execute(
        f"SELECT e.leaf_index, {_SHOWN} FROM ledger.entry e JOIN ledger.kind k USING (kind_no)"
        " WHERE leaf_index = %s".encode(), [index],
    ).fetchone()  # fmt: skip
    return Entry(*row) if row else None


def inclusion(con: Connection, *, index: int, size: int | None = None) -> Inclusion:
    """The proof for a leaf, in the tree as it is or as it was. Raises ProofError, BrokenTree."""
    read = Tiles(con)
    whole = read.size()
    of = whole if size is None else size
    if of > whole:
        raise merkle.ProofError(f"the tree has {whole} leaves, not {of}")
    path = merkle.inclusion(index, of, read.node)
    leaf = read.leaf(index)
    root = merkle.root_by_inclusion(leaf, index, of, path)
    return Inclusion(index, of, leaf, tuple(path), root)


def consistency(con: Connection, *, first: int, second: int | None = None) -> tuple[int, list[bytes]]:  # fmt: skip
    """The later size, and the proof that its tree begins with that of `first`. Raises ProofError, BrokenTree."""
    read = Tiles(con)
    whole = read.size()
    later = whole if second is None else second
    if later > whole:
        raise merkle.ProofError(f"the tree has {whole} leaves, not {later}")
    return later, merkle.consistency(first, later, read.node)


def root(con: Connection, *, size: int | None = None) -> bytes:
    """The root of the tree as it is or as it was."""
    read = Tiles(con)
    return merkle.root(read.size() if size is None else size, read.node)
