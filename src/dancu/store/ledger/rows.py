"""The rows behind the entries, read from their own tables as they were written: for checks and exports.

A kind whose table or columns are no more cannot be read again; its entries stay proved, its rows are not shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg

from dancu.store.ledger.kinds import Kind

Connection = psycopg.Connection[Any]


def is_readable(con: Connection, kind: Kind) -> bool:
    """Whether the table still has the columns that were committed to."""
    row = con.execute(
        "SELECT count(*) FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass(%s) AND attname = ANY(%s)"
        " AND NOT attisdropped",
        [kind.place, list(kind.columns)],
    ).fetchone()
    return bool(row and row[0] == len(kind.columns))


def loose(con: Connection, kinds: dict[int, Kind]) -> Iterator[tuple[str, str]]:
    """Rows that neither an entry nor a waiting one speaks of: (kind, key). Inside `as_written`."""
    newest = {kind.place: (number, kind) for number, kind in sorted(kinds.items())}
    for place, (_, kind) in newest.items():
        if not is_readable(con, kind):
            continue
        same = [n for n, k in kinds.items() if k.place == place]
        said = [f"SELECT FROM ledger.{t} e WHERE e.kind_no = ANY(%(kinds)s) AND e.key = {kind.key_text('t')}"
                for t in ("entry", "pending")]  # fmt: skip
        query = (
            f"SELECT {kind.key_text('t')} FROM {place} t WHERE NOT EXISTS ({said[0]}) AND NOT EXISTS ({said[1]})"
            " ORDER BY 1"
        )
        for (key,) in con.execute(query.encode(), {"kinds": same}).fetchall():
            yield kind.name, key
