"""The counter at the edge: outside Django, it looks at every outgoing body for signs that it is about a person.

It gives the request its number, which goes down to the lines of the access log, and writes what it saw by a path of
its own (role dancu_edge, which can add and not read), within a second. It never holds an answer back: what it cannot
write waits in memory, and what no longer fits is counted as lost and told by /metrics.
"""

from __future__ import annotations

import atexit
import datetime as dt
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import unquote
from uuid import UUID, uuid4

from dancu.platform.completeness import asked, signs
from dancu.site.metrics import at_edge
from dancu.store.edge import Served, Sink
from dancu.store.errors import StoreError

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
EVERY = 1.0
WAITING_MOST = 200_000
ASKED_MOST = 1 << 20
"""Bytes of a question that are kept while it is answered, to know what an answer only says back."""
_UNSEEN = (
    "image/",
    "font/",
    "text/css",
    "text/javascript",
    "application/javascript",
    "application/manifest",
)
_READABLE = ("text/", "application/json", "application/problem+json", "application/jose", "application/jwt",
             "application/xml", "application/x-ndjson", "application/cloudevents")  # fmt: skip
_log = logging.getLogger("dancu.edge")


class Counter:
    """Rows that wait for the next second, and the thread that writes them."""

    def __init__(self, dsn: Callable[[], str], *, every: float = EVERY) -> None:
        """``every``: seconds between two writings."""
        self._dsn, self._sink, self._known, self._every = dsn, None, "", every
        self._rows: list[Served] = []
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._thread: threading.Thread | None = None
        self._away = False

    _sink: Sink | None

    def add(self, row: Served) -> None:
        """Never waits for the database."""
        with self._lock:
            if len(self._rows) >= WAITING_MOST:
                at_edge.move(counted=1, lost=1)
                return
            at_edge.move(counted=1, waiting=1)
            self._rows.append(row)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="dancu-edge", daemon=True)
                self._thread.start()
                atexit.register(self.flush)

    def flush(self) -> bool:
        """Write what waits; False when the database does not take it, and it goes on waiting."""
        with self._writing:
            with self._lock:
                rows, self._rows = self._rows, []
            if not rows:
                return True
            try:
                self._to().add(rows)
            except StoreError:
                self._back(rows)
                if not self._away:
                    _log.warning("what the edge counted waits for the database")
                self._away = True
                return False
            self._away = False
            at_edge.move(waiting=-len(rows))
            return True

    def _back(self, rows: list[Served]) -> None:
        with self._lock:
            rows += self._rows
            self._rows = rows[:WAITING_MOST]
            over = len(rows) - len(self._rows)
        at_edge.move(lost=over, waiting=-over)

    def _to(self) -> Sink:
        if self._sink is None or self._known != self._dsn():
            self._known = self._dsn()
            self._sink = Sink(self._known)
        return self._sink

    def _run(self) -> None:
        while True:
            time.sleep(self._every)
            self.flush()


class Edge:
    """The application behind its counter."""

    def __init__(
        self, application: Application, counter: Counter, route: Callable[[str], str]
    ) -> None:
        self._application, self.counter, self._route = application, counter, route

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The answer, unchanged; its signs are written down once it has gone out."""
        number = uuid4()
        body = _Body(environ.get("wsgi.input"))
        environ["wsgi.input"] = body
        told: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            told["status"] = int(status[:3])
            told["headers"] = {name.lower(): value.lower() for name, value in headers}
            return (
                start_response(status, headers, exc_info)
                if exc_info
                else start_response(status, headers)
            )

        token = asked.number.set(number)
        try:
            answer = self._application(environ, start)
        finally:
            asked.number.reset(token)
        if not told or _is_furniture(told["headers"].get("content-type", "")):
            return answer
        return _Watched(answer, number, told, self, environ, body)

    def note(
        self, number: UUID, told: dict[str, Any], seen: signs.Seen, sealed: bool, environ: Environ, body: _Body
    ) -> None:  # fmt: skip
        """A row, when there is a sign."""
        path = (
            str(environ.get("PATH_INFO", ""))
            .encode("latin-1", "replace")
            .decode("utf-8", "replace")
        )
        question = str(environ.get("QUERY_STRING", ""))
        # An address that an address holds (`next=/…`) leads on; a value that is an identifier asks about somebody.
        subject = signs.asked(path, question) if told["status"] < 300 else set()
        said_back = signs.identifiers(unquote(question)) - subject
        persons = seen.persons - said_back
        numbers = seen.numbers
        if numbers:
            numbers = numbers - signs.numbers(bytes(body.kept)) - signs.numbers(question.encode())
        if not (subject or persons or numbers or seen.receipts or sealed):
            return
        self.counter.add(
            Served(
                dt.datetime.now(dt.UTC), number, self._route(path), told["status"], tuple(sorted(subject)),
                tuple(sorted(persons)), len(numbers), tuple(sorted(seen.receipts)), sealed,
            )
        )  # fmt: skip


class _Watched:
    """The answer as the server takes it: piece by piece, `close` at the end."""

    def __init__(
        self, answer: Iterable[bytes], number: UUID, told: dict[str, Any], edge: Edge, environ: Environ, body: _Body
    ) -> None:  # fmt: skip
        self._answer, self._edge = answer, edge
        self._rest = (number, told)
        self._asked = (environ, body)
        kind = told["headers"].get("content-type", "")
        encoded = told["headers"].get("content-encoding", "identity") != "identity"
        self._sealed = told["status"] < 300 and (encoded or not kind.startswith(_READABLE))
        self._seen, self._done = signs.Seen(), False

    def __iter__(self) -> Iterator[bytes]:
        asked.number.set(self._rest[0])  # a stream reads the register while it goes out
        try:
            for piece in self._answer:
                if not self._sealed:
                    self._seen.look(piece)
                yield piece
        finally:
            asked.number.set(None)

    def close(self) -> None:
        """Also when the reader went away in the middle: what went out went out."""
        if hasattr(self._answer, "close"):
            self._answer.close()
        if not self._done:
            self._done = True
            empty = (
                self._rest[1]["headers"].get("content-length") == "0"
                or self._rest[1]["status"] == 204
            )
            self._edge.note(*self._rest, self._seen, self._sealed and not empty, *self._asked)


class _Body:
    """The question's body as it is read, its first part kept until the answer is out."""

    def __init__(self, stream: Any) -> None:
        self._stream, self.kept = stream, bytearray()

    def read(self, *size: int) -> bytes:
        """As of the stream."""
        return self._keep(self._stream.read(*size))

    def readline(self, *size: int) -> bytes:
        """As of the stream."""
        return self._keep(self._stream.readline(*size))

    def readlines(self, *hint: int) -> list[bytes]:
        """As of the stream."""
        return [self._keep(line) for line in self._stream.readlines(*hint)]

    def __iter__(self) -> Iterator[bytes]:
        return (self._keep(line) for line in self._stream)

    def _keep(self, data: bytes) -> bytes:
        if len(self.kept) < ASKED_MOST:
            self.kept += data[: ASKED_MOST - len(self.kept)]
        return data


def _is_furniture(kind: str) -> bool:
    """Styles, scripts, fonts, pictures: pages' equipment. A photo of a person is behind a page that has been seen."""
    return kind.startswith(_UNSEEN)


def route(path: str) -> str:
    """The view behind an address, never the address: that may hold an identifier."""
    from django.urls import Resolver404, resolve

    if (known := _routes.get(path)) is not None:
        return known
    try:
        found = resolve(path)
    except (Resolver404, UnicodeError):
        return "none"
    name = found.view_name if found.url_name else _qualified(found.func)
    if not found.args and not found.kwargs:
        _routes[path] = name  # as many as there are addresses without a part that varies
    return name


_routes: dict[str, str] = {}


def _qualified(view: Any) -> str:
    return f"{view.__module__}.{getattr(view, '__qualname__', '?')}"
