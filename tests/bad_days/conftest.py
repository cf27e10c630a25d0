"""A server that keeps what it has acknowledged (the tests' usual one does not), and may be killed."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from dancu.store import pg_process, supervisor


class Durable:
    """A server of our own, as in an office: found again after a crash."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.server = supervisor.ensure(root)
        with psycopg.connect(self.server.dsn, autocommit=True) as con:
            # Processes are killed here, not the machine: what was written is in the file system's memory.
            con.execute("ALTER SYSTEM SET fsync = off")
            con.execute("SELECT pg_reload_conf()")

    def kill(self) -> None:
        """SIGKILL to the postmaster; its children see it and go."""
        pid, _ = pg_process.postmaster(self.server.data or Path()) or (0, 0)
        os.kill(pid, signal.SIGKILL)
        assert pg_process.wait_gone(pid, seconds=20)

    def again(self, name: str) -> str:
        """Started once more; the address of a database in it."""
        self.server = supervisor.ensure(self.root)
        return self.server.database(name)


@pytest.fixture(scope="session")
def durable() -> Iterator[Durable]:
    given = os.environ.pop("DATABASE_URL", None)
    root = Path(tempfile.mkdtemp(prefix="dancu-bad-"))
    root.chmod(0o711)
    try:
        yield Durable(root)
    finally:
        supervisor.destroy(root)
        shutil.rmtree(root, ignore_errors=True)
        if given:
            os.environ["DATABASE_URL"] = given


@pytest.fixture
def database(durable: Durable) -> Iterator[Callable[[], str]]:
    """Makes an empty database; its name."""
    made = []

    def make() -> str:
        made.append(f"bad_{secrets.token_hex(4)}")
        with psycopg.connect(durable.server.dsn, autocommit=True) as con:
            con.execute(f"CREATE DATABASE {made[-1]}")
        return made[-1]

    yield make
    durable.server = supervisor.ensure(durable.root)
    with psycopg.connect(durable.server.dsn, autocommit=True) as con:
        for name in made:
            con.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
