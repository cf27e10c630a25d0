"""The one writer of a process: many threads hand in events, one thread takes them into the register in small groups.

A group is one transaction, so that the price of a transaction is shared; when a group is refused, each of its events is
tried alone and only the one at fault is refused. After a lost connection the group is sent again: events are taken in
once, whatever is sent again.
"""

from __future__ import annotations

import hashlib
import json
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

import psycopg

from dancu.engine.events import entered
from dancu.engine.ports import Context
from dancu.engine.standardise.one import standard_row
from dancu.store.errors import StoreError
from dancu.store.register.effects import Effects
from dancu.store.register.live import Register
from dancu.store.register.told import Change, Incoming, Outcome

Done = TypeVar("Done")
TOGETHER = 10
"""Events in one transaction at most: at 2,034,961 citizens ten take about 70 ms, and each waits for its group."""


class Refused(StoreError):
    """An entry that cannot be taken in; `problems` says which fields and why."""

    def __init__(self, problems: Sequence[entered.Problem]) -> None:
        self.problems = tuple(problems)
        told = ", ".join(f"{p.role} ({p.reason})" for p in problems)
        super().__init__(
            f"Chưa ghi được, cần xem lại: {told}.\nNot taken in, look again at: {told}."
        )


def entry(
    kind: str,
    data: Mapping[str, str | None],
    *,
    context: Context,
    by: str,
    source: str,
    id: str,
    same_as: int | None = None,
    happened_at: Any = None,
    only_in: frozenset[str] | None = None,
) -> Incoming:
    """What was entered, as an event with its record. `data`: role -> text; `same_as`: a record of the person meant.

    Raises Refused with every field at fault; nothing is kept then.
    """
    form = entered.forms().get(kind)
    if form is None:
        raise Refused([entered.Problem("kind", "not_in_list")])
    problems = entered.lacking(form, data)
    cells = entered.cells_of(form, data)
    row = standard_row(
        cells, spec=context.sources[form.source], context=context,
        record_id=0, file_no=0, row=0, list_date=context.on,
    )  # fmt: skip
    problems += entered.unreadable(form, cells, row) + entered.late(row, context)
    if problems:
        raise Refused(problems)
    kept: dict[str, Any] = dict(cells)
    if kind == entered.CORRECTION:
        kept["extra"] = {"answered": ",".join(sorted(cells))}
    change = Change(None, form.source, row, kept, same_as=same_as)
    return Incoming(
        source,
        id,
        kind,
        by,
        digest(kind, data, same_as),
        dict(data),
        (change,),
        happened_at=happened_at,
        only_in=only_in,
    )


def digest(kind: str, data: Mapping[str, Any], same_as: int | None = None) -> bytes:
    """What an event's content is told by, when the same id comes again."""
    text = json.dumps([kind, dict(data), same_as], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).digest()


class Desk:
    """Takes events of many threads into one register."""

    def __init__(self, dsn: str) -> None:
        """`dsn`: the owner's address of the database; the register is opened with the first event."""
        self._dsn = dsn
        self._waiting: queue.SimpleQueue[tuple[Incoming, Future[Outcome]] | None] = (
            queue.SimpleQueue()
        )
        self._register: Register | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def context(self) -> Context:
        """The register's day and sources, as the writer has them."""
        with self._lock:
            return self._open().context

    def submit(self, event: Incoming, *, timeout: float = 60.0) -> Outcome:
        """Take in an event and wait for what became of it. Raises StoreError (Conflict, no such record …)."""
        return self.send(event).result(timeout)

    def try_out(self, event: Incoming) -> Effects:
        """What the event would do to the register; nothing is kept. Raises what `submit` raises."""
        with self._lock:
            return self._with_register(lambda register: register.try_out(event))

    def send(self, event: Incoming) -> Future[Outcome]:
        """Take in an event without waiting; events of one thread are taken in one after the other."""
        waiting: Future[Outcome] = Future()
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=self._work, name="register-desk", daemon=True
                )
                self._thread.start()
        self._waiting.put((event, waiting))
        return waiting

    def close(self) -> None:
        """Finish what is waiting, then close the connection."""
        if self._thread is not None and self._thread.is_alive():
            self._waiting.put(None)
            self._thread.join()
        with self._lock:
            if self._register is not None:
                self._register.close()
                self._register = None

    def _open(self) -> Register:
        if self._register is None:
            self._register = Register.open(self._dsn)
        return self._register

    def _work(self) -> None:
        while True:
            group = [self._waiting.get()]
            while len(group) < TOGETHER and not self._waiting.empty():
                group.append(self._waiting.get())
            if real := [one for one in group if one is not None]:
                self._take(real)
            if None in group:
                return

    def _take(self, group: list[tuple[Incoming, Future[Outcome]]]) -> None:
        try:
            outcomes = self._apply([event for event, _ in group])
        except BaseException as error:  # the thread must live on, and no one may wait for ever
            if len(group) == 1:
                group[0][1].set_exception(error)
                return
            for one in group:
                self._take([one])
        else:
            for (_, waiting), outcome in zip(group, outcomes, strict=True):
                waiting.set_result(outcome)

    def _apply(self, events: Sequence[Incoming]) -> list[Outcome]:
        with self._lock:
            return self._with_register(lambda register: register.apply(events))

    def _with_register(self, do: Callable[[Register], Done]) -> Done:
        try:
            return do(self._open())
        except psycopg.OperationalError:
            # The server went away: once more on a new connection, whatever had been committed is known there.
            self._forget()
            return do(self._open())
        except psycopg.Error:
            self._forget()
            raise

    def _forget(self) -> None:
        if self._register is not None:
            self._register.close()
            self._register = None
