"""Hash tiles as in C2SP tlog-tiles: 256 hashes wide; a tile of level n holds nodes of the tree's level 8 n.

A complete tile never changes; of each level only the last one may be partial and is written again as it grows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg

from dancu.lib import merkle
from dancu.store.errors import StoreError

WIDTH, HASH = 256, 32
FULL = WIDTH * HASH
Connection = psycopg.Connection[Any]


class BrokenTree(StoreError):
    """A tile is missing or too short: the tree is not what was committed to."""


class Tiles:
    """Reads tiles, each once; gives the nodes that proofs are made of."""

    def __init__(self, con: Connection) -> None:
        """The caller's transaction is one state of the tree."""
        self._con = con
        self._read: dict[tuple[int, int], bytes] = {}

    def size(self) -> int:
        """How many leaves there are."""
        row = self._con.execute("SELECT size FROM ledger.tree").fetchone()
        return int(row[0]) if row else 0

    def tile(self, level: int, index: int) -> bytes:
        """The hashes of a tile, empty when there is none."""
        found = self._read.get((level, index))
        if found is None:
            row = self._con.execute(
                "SELECT hashes FROM ledger.tile WHERE level = %s AND index = %s", [level, index]
            ).fetchone()
            found = self._read[level, index] = bytes(row[0]) if row else b""
        return found

    def node(self, level: int, index: int) -> bytes:
        """The hash of a perfect subtree; raises BrokenTree."""
        row, within = divmod(level, 8)
        first = index << within
        start = (first % WIDTH) * HASH
        part = self.tile(row, first // WIDTH)[start : start + (HASH << within)]
        if len(part) != HASH << within:
            raise BrokenTree(
                f"Ô băm {row}/{first // WIDTH} của sổ cái thiếu hoặc cụt.\n"
                f"Tile {row}/{first // WIDTH} of the ledger is missing or too short."
            )
        return merkle.root_of(split(part))

    def leaf(self, index: int) -> bytes:
        """The hash of a leaf as the tree holds it."""
        return self.node(0, index)


def split(hashes: bytes) -> list[bytes]:
    """Hashes that stand one after another."""
    return [hashes[i : i + HASH] for i in range(0, len(hashes), HASH)]


def append(con: Connection, size: int, hashes: bytes) -> None:
    """The hashes of new leaves, from the place `size` on, into the tiles of all levels."""
    level, start, new = 0, size, hashes
    while new:
        first = start // WIDTH
        held = (start % WIDTH) * HASH
        before = Tiles(con).tile(level, first)[:held] if held else b""
        if len(before) != held:
            raise BrokenTree(
                f"Ô băm {level}/{first} của sổ cái cụt.\nTile {level}/{first} of the ledger is too short."
            )
        made = list(_cut(before + new))
        _write(con, level, first, made)
        full = [tile for tile in made if len(tile) == FULL]
        new = b"".join(merkle.root_of(split(tile)) for tile in full)
        level, start = level + 1, first


def _cut(hashes: bytes) -> Iterator[bytes]:
    for at in range(0, len(hashes), FULL):
        yield hashes[at : at + FULL]


def _write(con: Connection, level: int, first: int, tiles: list[bytes]) -> None:
    """A complete tile that is there already is left alone: it could only be the same."""
    con.execute(
        "INSERT INTO ledger.tile AS t (level, index, hashes) SELECT %s, %s + n - 1, h"
        " FROM unnest(%b::bytea[]) WITH ORDINALITY AS u(h, n)"
        " ON CONFLICT (level, index) DO UPDATE SET hashes = EXCLUDED.hashes"
        " WHERE octet_length(t.hashes) < octet_length(EXCLUDED.hashes)",
        [level, first, tiles],
    )
