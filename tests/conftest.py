"""What tests of several folders share: the supervised PostgreSQL."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator

import psycopg
import pytest

from dancu.store import supervisor


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[supervisor.Server]:
    """One fleeting server for this test process (each xdist worker starts its own, in 0.7 s)."""
    with supervisor.temporary() as server:
        yield server


@pytest.fixture(scope="module")
def postgres(postgres_server: supervisor.Server) -> Iterator[str]:
    """The address of an empty database of this test module's own."""
    name = f"dancu_test_{secrets.token_hex(6)}"
    with contextlib.closing(psycopg.connect(postgres_server.dsn, autocommit=True)) as con:
        con.execute(f"CREATE DATABASE {name}")
        try:
            yield postgres_server.database(name)
        finally:
            con.execute(f"DROP DATABASE {name} WITH (FORCE)")
