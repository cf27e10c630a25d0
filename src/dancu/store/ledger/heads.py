"""Signed tree heads: made on a schedule and when asked, stamped by a time-stamp authority, kept for ever.

Who asks gives the clock's time; the stamp is fetched above this room, which knows no network.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import psycopg

from dancu.store.keyring import Key
from dancu.store.ledger import notes, proving
from dancu.store.ledger.schema import LOCK

Connection = psycopg.Connection[Any]
_SHOWN = "head_no, size, root, at, kid, note, token, token_tries, token_error"


@dataclass(frozen=True)
class Signed:
    """A head as it is kept."""

    head_no: int
    size: int
    root: bytes
    at: dt.datetime
    kid: str
    note: str
    token: bytes | None
    token_tries: int
    token_error: str | None


def sign(con: Connection, *, key: Key, at: dt.datetime) -> Signed:
    """A head of the tree as it is now. Time never runs back from one head to the next."""
    with con.transaction():
        con.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        row = con.execute("SELECT origin, size FROM ledger.tree").fetchone()
        assert row is not None
        before = last(con)
        moment = max(at, before.at) if before else at
        head = notes.Head(
            row[0], row[1], proving.root(con, size=row[1]), moment.replace(microsecond=0)
        )
        made = con.execute(
            "INSERT INTO ledger.head (size, root, at, kid, note) VALUES (%s, %s, %s, %s, %s)"
            f" RETURNING {_SHOWN}".encode(),
            [head.size, head.root, head.at, key.kid, notes.signed(head, key)],
        ).fetchone()
        return Signed(*made)  # type: ignore[misc]


def last(con: Connection) -> Signed | None:
    """The latest head."""
    return _first(con, "ORDER BY head_no DESC LIMIT 1")


def get(con: Connection, *, head_no: int) -> Signed | None:
    """One head."""
    return _first(con, "WHERE head_no = %s", head_no)


def covering(con: Connection, *, index: int) -> Signed | None:
    """The first head whose tree holds this leaf."""
    return _first(con, "WHERE size > %s ORDER BY head_no LIMIT 1", index)


def every(con: Connection) -> list[Signed]:
    """All heads, the oldest first."""
    rows = con.execute(f"SELECT {_SHOWN} FROM ledger.head ORDER BY head_no".encode()).fetchall()
    return [Signed(*row) for row in rows]


def unstamped(con: Connection, *, most: int = 20) -> list[Signed]:
    """Heads that wait for their time stamp, the latest first: it covers those before it."""
    rows = con.execute(
        f"SELECT {_SHOWN} FROM ledger.head WHERE token IS NULL ORDER BY head_no DESC LIMIT %s".encode(), [most]
    ).fetchall()  # fmt: skip
    return [Signed(*row) for row in rows]


def stamp(con: Connection, *, head_no: int, token: bytes) -> None:
    """Keeps the time stamp; one that is there is not replaced."""
    con.execute(
        "UPDATE ledger.head SET token = %s, token_error = NULL, token_tries = token_tries + 1"
        " WHERE head_no = %s AND token IS NULL",
        [token, head_no],
    )


def failed(con: Connection, *, head_no: int, error: str) -> None:
    """No stamp this time."""
    con.execute(
        "UPDATE ledger.head SET token_error = %s, token_tries = token_tries + 1 WHERE head_no = %s",
        [error[:300], head_no],
    )


def _first(con: Connection, rest: str, *given: Any) -> Signed | None:
    row = con.execute(f"SELECT {_SHOWN} FROM ledger.head {rest}".encode(), given).fetchone()
    return Signed(*row) if row else None
