"""What is killed in these tests: processes that load or take in events, and say how far they are.

They come from one warmed server process, so that a victim is there in some ten milliseconds.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(
    ["dancu.cli.execute", "dancu.store.register.live", "dancu.store.register.loading"]
)
AT_STATE = "trạng thái"
"""The last step of a load, between the finished link index and the row that says that it is whole."""


class Victim:
    """A process of its own; ``say`` is what it has to tell."""

    def __init__(self, work: Any, *given: Any) -> None:
        self.say, other = _context.Pipe(duplex=True)
        self.process = _context.Process(target=work, args=(other, *given), daemon=True)
        self.process.start()
        other.close()

    def hear(self, seconds: float = 60.0) -> Any:
        """The next thing said; EOFError when it is dead."""
        if not self.say.poll(seconds):
            raise TimeoutError("the victim says nothing")
        return self.say.recv()

    def kill(self) -> None:
        """As a power cut would."""
        os.kill(self.process.pid or 0, signal.SIGKILL)
        self.process.join()

    def rest(self) -> list[Any]:
        """What it had said and nobody had heard."""
        found = []
        try:
            while True:
                found.append(self.say.recv())
        except (EOFError, ConnectionResetError):
            return found


def load(say: Connection, dsn: str, run: str, halt: str) -> None:
    """`dancu load`, which stands still at a step until it is killed, or told to go on."""
    from dancu.cli.execute import context_of, open_run
    from dancu.store.register import loading

    def step(what: str, _share: float) -> None:
        if what == halt:
            say.send(what)
            say.recv()

    begin = loading.begin

    def late(*given: Any) -> None:
        step(AT_STATE, 1.0)
        begin(*given)

    loading.begin = late
    context, _ = context_of(Path(run))
    with open_run(Path(run)) as store:
        origin = loading.Origin(store, context.on, True, context.sources, "run")
        try:
            loading.load(dsn, origin, progress=step)
        except BaseException as error:
            say.send(type(error).__name__)
        else:
            say.send("loaded")


def write(say: Connection, dsn: str, events: Sequence[Any]) -> None:
    """Takes in events one by one; an id is said when the event is acknowledged."""
    from dancu.store.register.live import Register

    register = Register.open(dsn)
    say.send("ready")
    try:
        for event in events:
            (outcome,) = register.apply([event])
            say.send((event.id, outcome.event_no))
    except BaseException as error:
        say.send(type(error).__name__)
    else:
        say.send("done")
