"""One row with its salt, for whom it may be shown: with them the commitment in a leaf can be recomputed."""

from __future__ import annotations

from typing import Any

import psycopg

from dancu.store.ledger.installing import as_written, stored
from dancu.store.ledger.rows import is_readable

Connection = psycopg.Connection[Any]


def row(con: Connection, *, index: int) -> tuple[str | None, str | None]:
    """(text of the row, salt in hexadecimal) of a leaf, as the owner; None for what was erased."""
    with con.transaction():
        found = con.execute(
            "SELECT kind_no, key, encode(salt, 'hex') FROM ledger.entry WHERE leaf_index = %s",
            [index],
        ).fetchone()
        if found is None:
            return None, None
        kind = stored(con)[found[0]]
        if not is_readable(con, kind):
            return None, found[2]
        with as_written(con):
            asked = (
                f"SELECT {kind.row_text('t')} FROM {kind.place} t WHERE {kind.key_text('t')} = %s"
            )
            text = con.execute(asked.encode(), [found[1]]).fetchone()
        return (text[0] if text else None), found[2]
