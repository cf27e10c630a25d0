"""Erasure under the law: the row and its salt go, the leaf stays, and that it happened is an entry itself.

Without the salt nobody can find out from the commitment what the row said; the proofs of all other rows stay whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from dancu.store.ledger import sequencing
from dancu.store.ledger.installing import as_written, stored
from dancu.store.ledger.kinds import Kind, KindError

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Erased:
    """What was erased: the number of the erasure, how many rows."""

    erasure_no: int
    count: int


def erase(con: Connection, *, kind: str, keys: Sequence[str], by: str, law: str) -> Erased | None:
    """Delete the rows of these keys from the kind's table (`kind` with or without version); None: there were none.

    In the caller's transaction or its own, as the owner. Raises KindError for a kind that there is not.
    """
    word = kind.partition(".")[0]
    kinds = {n: k for n, k in stored(con).items() if k.name.partition(".")[0] == word}
    if not kinds:
        raise KindError(f"there is no kind {kind} in the ledger")
    with con.transaction():
        sequencing.sequence_all(con)
        leaves = con.execute(
            "WITH gone AS (UPDATE ledger.entry SET salt = NULL WHERE kind_no = ANY(%s) AND key = ANY(%s)"
            " AND hashtext(key) = ANY(ARRAY(SELECT hashtext(k) FROM unnest(%s::text[]) k)) AND salt IS NOT NULL"
            " RETURNING leaf_index)"
            " SELECT count(*), range_agg(int8range(leaf_index, leaf_index + 1))::text FROM gone",
            [list(kinds), list(keys), list(keys)],
        ).fetchone()
        with as_written(con):
            count = sum(_delete(con, one, keys) for one in _latest(kinds).values())
        if leaves is None or not leaves[0]:
            return None
        row = con.execute(
            "INSERT INTO ledger.erasure (by, law, kind, count, leaves) VALUES (%s, %s, %s, %s, %s::int8multirange)"
            " RETURNING erasure_no",
            [by, law, word, count, leaves[1]],
        ).fetchone()
        assert row is not None
        return Erased(row[0], count)


def _latest(kinds: dict[int, Kind]) -> dict[str, Kind]:
    """One kind for each table, the newest."""
    return {kind.place: kind for _, kind in sorted(kinds.items())}


def _delete(con: Connection, kind: Kind, keys: Sequence[str]) -> int:
    query = f"DELETE FROM {kind.place} t WHERE {kind.key_text('t')} = ANY(%s)"
    return con.execute(query.encode(), [list(keys)]).rowcount
