"""Places in the tree for what waits: entries become leaves, in one transaction, one giver at a time.

A transaction that began earlier may commit later; its entries come after those that were there first. A kill at any
point leaves the old tree or the new one.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import psycopg

from dancu.store.ledger import tiles
from dancu.store.ledger.schema import LOCK

BATCH = 50_000
Connection = psycopg.Connection[Any]

_LAST = (
    "SELECT max(entry_no) FROM (SELECT entry_no FROM ledger.pending ORDER BY entry_no LIMIT %s) p"
)
# A row is moved rather than marked: an update would write every index of a table of many millions once more.
_MOVE = """
WITH part AS (DELETE FROM ledger.pending WHERE entry_no <= %(last)s RETURNING *),
placed AS (
    SELECT %(size)s + row_number() OVER (ORDER BY entry_no) - 1 AS leaf_index, * FROM part
),
kept AS (
    INSERT INTO ledger.entry (leaf_index, entry_no, at, kind_no, adopted, salt, commitment, key)
    SELECT leaf_index, entry_no, at, kind_no, adopted, salt, commitment, key FROM placed ORDER BY leaf_index
)
SELECT count(*), string_agg(ledger.leaf_hash(k.name, p.key, p.at, p.adopted, p.commitment), ''::bytea
    ORDER BY p.leaf_index) FROM placed p JOIN ledger.kind k USING (kind_no)
"""


@dataclass(frozen=True)
class Waiting:
    """What has no place yet: how many, since when."""

    count: int
    since: dt.datetime | None


def sequence(con: Connection, *, most: int = BATCH) -> int:
    """Give places to at most about `most` waiting entries; how many got one. Waits for another giver."""
    with con.transaction():
        con.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        last = _one(con, _LAST, [most])
        if last is None:
            return 0
        size = _one(con, "SELECT size FROM ledger.tree FOR UPDATE", [])
        row = con.execute(_MOVE.encode(), {"last": last, "size": size}).fetchone()
        count, hashes = row or (0, b"")
        if len(hashes) != count * tiles.HASH:
            raise tiles.BrokenTree(
                "Có mục không rõ loại trong sổ cái.\nAn entry of the ledger is of no known kind."
            )
        tiles.append(con, size, bytes(hashes))
        con.execute(
            "UPDATE ledger.tree SET size = %s, moved_at = clock_timestamp()", [size + count]
        )
        return int(count)


def sequence_all(con: Connection) -> int:
    """Until nothing waits that was there at the beginning; how many got a place."""
    last = _one(con, "SELECT max(entry_no) FROM ledger.pending", [])
    done = 0
    while last is not None:
        done += sequence(con)
        first = _one(con, "SELECT min(entry_no) FROM ledger.pending", [])
        if first is None or first > last:
            break
    return done


def waiting(con: Connection) -> Waiting:
    """What has no place yet."""
    row = con.execute("SELECT count(*), min(at) FROM ledger.pending").fetchone()
    return Waiting(*row) if row else Waiting(0, None)


def _one(con: Connection, query: str, given: Any) -> Any:
    row = con.execute(query.encode(), given).fetchone()
    return row[0] if row else None
