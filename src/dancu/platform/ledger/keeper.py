"""What keeps the ledger going, in a thread of `dancu worker`: places every few seconds, heads, stamps, hand-overs.

A job of its own would wait behind a long one; a row must be in the tree within a minute of its commit. What fails
is noted and tried again: places never wait for a stamp or a hand-over.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

from django.db import connections

from dancu.platform.ledger import channels, stamping
from dancu.platform.ledger.database import raw
from dancu.store import keyring
from dancu.store.errors import StoreError
from dancu.store.ledger import bundles, handing, heads, sequencing

EVERY = 3.0
"""Seconds between two looks at what waits."""
_AGAIN = 15.0
_log = logging.getLogger(__name__)


def head_every() -> dt.timedelta:
    """Between two heads: DANCU_LEDGER_HEAD_MINUTES, an hour unless said otherwise."""
    return dt.timedelta(minutes=float(os.environ.get("DANCU_LEDGER_HEAD_MINUTES") or 60))


def place() -> int:
    """Give places to all that waits; how many."""
    return sequencing.sequence_all(raw("owner"))


def sign(*, at: dt.datetime) -> heads.Signed:
    """A new head over everything that has a place or waits for one, and what each channel is to get of it."""
    con = raw("owner")
    with con.transaction():
        sequencing.sequence_all(con)
        head = heads.sign(con, key=keyring.current("ledger"), at=at)
        handing.plan(con, head=head, channels=[*channels.configured()], at=at)
    return head


def sign_when_due(*, at: dt.datetime) -> heads.Signed | None:
    """A head when the last one is old enough."""
    before = heads.last(raw("owner"))
    return sign(at=at) if before is None or at - before.at >= head_every() else None


def stamp() -> int:
    """Stamps for heads that wait for one; how many were got."""
    url, con, got = stamping.address(), raw("owner"), 0
    if not url:
        return 0
    for head in heads.unstamped(con):
        try:
            token = stamping.stamp(head.note.encode(), url=url)
        except stamping.NoStamp as error:
            heads.failed(con, head_no=head.head_no, error=str(error))
            break
        heads.stamp(con, head_no=head.head_no, token=token)
        got += 1
    return got


def hand_over(*, at: dt.datetime) -> int:
    """What is due on each channel; how many bundles went through."""
    con, ways, gone = raw("owner"), channels.configured(), 0
    document = keyring.as_document("ledger")
    for one in handing.due(con, at=at, channels=[*ways]):
        head = heads.get(con, head_no=one.head_no)
        if head is None:
            continue
        try:
            name, content = bundles.make(
                con, head=head, first=one.first_leaf, end=one.next_leaf, keys=document
            )
            channels.send(one.channel, ways[one.channel], name, content)
        except (OSError, channels.HandoverError, StoreError) as error:
            said = str(error) if isinstance(error, channels.HandoverError) else type(error).__name__
            handing.failed(con, one=one, at=at, error=said)
            continue
        digest = sha256(content).hexdigest()
        handing.done(con, handover_no=one.handover_no, at=at, sha256=digest)
        gone += 1
    return gone


def once(*, at: dt.datetime) -> None:
    """Everything that is due now."""
    place()
    sign_when_due(at=at)
    stamp()
    hand_over(at=at)


@contextmanager
def running() -> Iterator[None]:
    """The thread, for as long as the worker runs; a place that is being given is given to the end."""
    over = threading.Event()
    places = threading.Thread(target=_loop, args=(over, EVERY, place), name="ledger", daemon=True)
    rest = threading.Thread(target=_loop, args=(over, _AGAIN, _rest), name="ledger-heads", daemon=True)  # fmt: skip
    for thread in (places, rest):
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in (places, rest):
            thread.join(30)


def _rest() -> None:
    now = dt.datetime.now(dt.UTC)
    sign_when_due(at=now)
    stamp()
    hand_over(at=now)


def _loop(over: threading.Event, every: float, work: object) -> None:
    assert callable(work)
    while not over.is_set():
        try:
            work()
        except Exception as error:
            # The message may quote a row: only its kind is told. The connection is made anew.
            _log.error("the ledger could not be kept: %s", type(error).__name__)
            connections["owner"].close()
            over.wait(_AGAIN)
        over.wait(every)
    connections["owner"].close()
