"""Sets of persons: a bulk read is one row with one commitment, and each person in it can be shown to be in it.

Every identifier has a dense number; a set is a bit for each, 4096 a chunk, so that an index on the chunk finds the
sets of a person. The commitment is a Merkle root over chunks, each a root over the salted hashes of its members: a
path shows one member and nothing of the others, since nobody else knows their salts.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from typing import Any
from uuid import UUID

import psycopg

from dancu.lib import merkle

CHUNK = 4096
Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Chunk:
    """The members of one chunk in the order of their numbers."""

    no: int
    members: tuple[tuple[int, UUID], ...]
    root: bytes

    @property
    def bits(self) -> bytes:
        """A bit for each number, as `get_bit` counts them."""
        made = bytearray(CHUNK // 8)
        for number, _ in self.members:
            made[(number % CHUNK) // 8] |= 1 << number % 8
        return bytes(made)

    @property
    def leaf(self) -> bytes:
        """What stands in the tree of the set."""
        return chunk_leaf(self.no, len(self.members), self.root)


def chunk_leaf(no: int, count: int, root: bytes) -> bytes:
    """The leaf of a chunk in the tree of the set."""
    return merkle.leaf_hash(no.to_bytes(4, "big") + count.to_bytes(4, "big") + root)


def salt_of(seed: bytes, member_no: int) -> bytes:
    """The salt of one member's leaf: from it no other's can be found."""
    return sha256(seed + member_no.to_bytes(8, "big")).digest()


def member_leaf(salt: bytes, citizen_id: UUID) -> bytes:
    """A member's leaf."""
    return merkle.leaf_hash(salt + citizen_id.bytes)


def chunks_of(members: Iterable[tuple[int, UUID]], seed: bytes) -> list[Chunk]:
    """Members (number, identifier) as chunks with their roots."""
    made = []
    for no, group in groupby(sorted(members), key=lambda m: m[0] // CHUNK):
        inside = tuple(group)
        leaves = [member_leaf(salt_of(seed, number), citizen) for number, citizen in inside]
        made.append(Chunk(no, inside, merkle.root_of(leaves)))
    return made


def record(
    con: Connection, *, by: str, purpose: str, basis: str, what: str, citizens: Sequence[UUID], partner: str | None
) -> int:  # fmt: skip
    """One row for the whole set, in the caller's transaction; its number."""
    found = con.execute("SELECT * FROM ledger.members(%s)", [list(set(citizens))]).fetchall()
    seed = secrets.token_bytes(32)
    chunks = chunks_of(((number, citizen) for number, citizen in found), seed)
    row = con.execute(
        "INSERT INTO ledger.bulk (by, partner, purpose, basis, what, count, set_root)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING bulk_no",
        [by, partner, purpose, basis, what, len(found), merkle.root_of([c.leaf for c in chunks])],
    ).fetchone()
    assert row is not None
    con.execute("INSERT INTO ledger.bulk_seed (bulk_no, seed) VALUES (%s, %s)", [row[0], seed])
    if chunks:
        con.execute(
            "INSERT INTO ledger.bulk_chunk (bulk_no, chunk, count, root, bits)"
            " SELECT %s, * FROM unnest(%s::integer[], %s::integer[], %s::bytea[], %s::bytea[])",
            [row[0], [c.no for c in chunks], [len(c.members) for c in chunks], [c.root for c in chunks],
             [c.bits for c in chunks]],
        )  # fmt: skip
    return int(row[0])


def proof(con: Connection, *, bulk_no: int, citizen_id: UUID) -> Mapping[str, Any] | None:
    """That this person is in the set, as the owner; None when not. Names nobody else."""
    seed = _one(con, "SELECT seed FROM ledger.bulk_seed WHERE bulk_no = %s", bulk_no)
    number = _one(con, "SELECT member_no FROM ledger.member WHERE citizen_id = %s", citizen_id)
    if seed is None or number is None:
        return None
    chunk = _chunk(con, bulk_no, number // CHUNK, seed)
    at = next((i for i, member in enumerate(chunk.members) if member[0] == number), None)
    if at is None:
        return None
    rows = con.execute(
        "SELECT chunk, count, root FROM ledger.bulk_chunk WHERE bulk_no = %s ORDER BY chunk",
        [bulk_no],
    ).fetchall()
    leaves = [member_leaf(salt_of(seed, n), citizen) for n, citizen in chunk.members]
    tops = [chunk_leaf(*row) for row in rows]
    place = next(i for i, row in enumerate(rows) if row[0] == chunk.no)
    return {
        "bulk_no": bulk_no,
        "citizen_id": str(citizen_id),
        "salt": salt_of(seed, number).hex(),
        "index": at,
        "count": len(leaves),
        "path": [p.hex() for p in merkle.inclusion(at, len(leaves), merkle.over(leaves))],
        "chunk": chunk.no,
        "chunk_index": place,
        "chunks": len(rows),
        "chunk_path": [p.hex() for p in merkle.inclusion(place, len(rows), merkle.over(tops))],
        "set_root": merkle.root_of(tops).hex(),
    }


def proves(shown: Mapping[str, Any], set_root: bytes) -> bool:
    """Whether `proof` shows its citizen to be in the set of this root."""
    try:
        leaf = member_leaf(bytes.fromhex(shown["salt"]), UUID(shown["citizen_id"]))
        path = [bytes.fromhex(p) for p in shown["path"]]
        root = merkle.root_by_inclusion(leaf, shown["index"], shown["count"], path)
        top = chunk_leaf(shown["chunk"], shown["count"], root)
        above = [bytes.fromhex(p) for p in shown["chunk_path"]]
        return merkle.included(top, shown["chunk_index"], shown["chunks"], above, set_root)
    except (KeyError, TypeError, ValueError, OverflowError):
        return False


def broken(con: Connection) -> list[tuple[int, str]]:
    """Sets whose members are no longer what was committed to: number and what is wrong."""
    found = []
    for bulk_no, root, seed in con.execute(
        "SELECT b.bulk_no, b.set_root, s.seed FROM ledger.bulk b LEFT JOIN ledger.bulk_seed s USING (bulk_no)"
        " ORDER BY 1"
    ).fetchall():
        if seed is None:
            found.append((bulk_no, "seed"))
            continue
        rows = con.execute(
            "SELECT chunk, count, root FROM ledger.bulk_chunk WHERE bulk_no = %s ORDER BY 1",
            [bulk_no],
        ).fetchall()
        chunks = [_chunk(con, bulk_no, row[0], seed) for row in rows]
        kept = [(no, count, bytes(of)) for no, count, of in rows]
        if kept != [(c.no, len(c.members), c.root) for c in chunks] or root != merkle.root_of(
            [c.leaf for c in chunks]
        ):
            found.append((bulk_no, "members"))
    return found


def _chunk(con: Connection, bulk_no: int, no: int, seed: bytes) -> Chunk:
    rows = con.execute(
        "SELECT m.member_no, m.citizen_id FROM ledger.bulk_chunk c JOIN ledger.member m"
        " ON m.member_no BETWEEN c.chunk::bigint * 4096 AND c.chunk::bigint * 4096 + 4095"
        " WHERE c.bulk_no = %s AND c.chunk = %s AND get_bit(c.bits, (m.member_no & 4095)::integer) = 1"
        " ORDER BY 1",
        [bulk_no, no],
    ).fetchall()
    made = chunks_of(rows, seed)
    return made[0] if made else Chunk(no, (), merkle.EMPTY)


def _one(con: Connection, query: str, *given: object) -> Any:
    row = con.execute(query.encode(), given).fetchone()
    return row[0] if row else None
