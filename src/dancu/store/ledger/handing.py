"""Which leaves and heads each channel to the second body has had, and what waits: kept until it has gone through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from dancu.store.ledger import bundles
from dancu.store.ledger.heads import Signed

CHANNELS = ("drop", "mail", "post")
_FIRST_WAIT, _LONGEST_WAIT = dt.timedelta(minutes=1), dt.timedelta(hours=6)
_SHOWN = (
    "handover_no, head_no, channel, first_leaf, next_leaf, tries, error, try_at, done_at, sha256"
)
Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Handover:
    """One bundle for one channel."""

    handover_no: int
    head_no: int
    channel: str
    first_leaf: int
    next_leaf: int
    tries: int
    error: str | None
    try_at: dt.datetime
    done_at: dt.datetime | None
    sha256: str | None

    @property
    def leaves(self) -> int:
        """How many hashes it holds."""
        return self.next_leaf - self.first_leaf


def plan(con: Connection, *, head: Signed, channels: Sequence[str], at: dt.datetime) -> None:
    """What each channel has not had yet up to this head."""
    for channel in channels:
        row = con.execute(
            "SELECT coalesce(max(next_leaf), 0), coalesce(max(head_no), 0) FROM ledger.handover WHERE channel = %s",
            [channel],
        ).fetchone()
        first, told = row or (0, 0)
        if told >= head.head_no:
            continue
        for start, end in bundles.cut(first, head.size):
            con.execute(
                "INSERT INTO ledger.handover (head_no, channel, first_leaf, next_leaf, try_at)"
                " VALUES (%s, %s, %s, %s, %s)",
                [head.head_no, channel, start, end, at],
            )


def due(con: Connection, *, at: dt.datetime, channels: Sequence[str]) -> list[Handover]:
    """What is to be tried now, in order."""
    rows = con.execute(
        f"SELECT {_SHOWN} FROM ledger.handover WHERE done_at IS NULL AND try_at <= %s AND channel = ANY(%s)"
        " ORDER BY handover_no LIMIT 100".encode(), [at, list(channels)],
    ).fetchall()  # fmt: skip
    return [Handover(*row) for row in rows]


def last(con: Connection, *, most: int = 20) -> list[Handover]:
    """The latest, the newest first."""
    rows = con.execute(
        f"SELECT {_SHOWN} FROM ledger.handover ORDER BY handover_no DESC LIMIT %s".encode(), [most]
    ).fetchall()
    return [Handover(*row) for row in rows]


def done(con: Connection, *, handover_no: int, at: dt.datetime, sha256: str) -> None:
    """It has gone through."""
    con.execute(
        "UPDATE ledger.handover SET done_at = %s, sha256 = %s, tries = tries + 1, error = NULL"
        " WHERE handover_no = %s",
        [at, sha256, handover_no],
    )


def failed(con: Connection, *, one: Handover, at: dt.datetime, error: str) -> None:
    """Not this time: again after a minute, then twice as long, six hours at most."""
    wait = min(_FIRST_WAIT * 2 ** min(one.tries, 20), _LONGEST_WAIT)
    con.execute(
        "UPDATE ledger.handover SET tries = tries + 1, error = %s, try_at = %s WHERE handover_no = %s",
        [error[:300], at + wait, one.handover_no],
    )
