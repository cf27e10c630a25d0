"""What tests of several folders share: the supervised PostgreSQL."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from tests.small import small
from tests.web.live import account, client_as, migrated, server, site
from tests.web.register import loaded_register, register_site

from dancu.store import supervisor

__all__ = [
    "account",
    "client_as",
    "loaded_register",
    "migrated",
    "register_site",
    "server",
    "site",
    "small",
]


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


def pytest_addoption(parser: pytest.Parser) -> None:
    """``make golden`` rewrites the golden files instead of comparing them."""
    parser.addoption("--golden-write", action="store_true", help="rewrite tests/golden by intent")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With ``--golden-write`` only the tests that have a golden file run."""
    if config.getoption("--golden-write"):
        items[:] = [item for item in items if "golden" in getattr(item, "fixturenames", ())]


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """``golden("name.txt", text)`` compares with ``tests/golden/name.txt``."""

    def compare(name: str, text: str) -> None:
        path = Path(__file__).parent / "golden" / name
        if request.config.getoption("--golden-write"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.is_file(), f"no golden file {name}: make golden writes it"
        assert text == path.read_text(encoding="utf-8"), f"{name} differs: make golden, if meant"

    return compare
