"""The site for tests: a migrated database, clients that are logged in, a server for a real browser.

Import what a test module needs: ``from tests.web.live import client_as, site  # noqa: F401`` or, since
tests/conftest.py imports them, just name the fixture.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import secrets
import threading
from collections.abc import Callable, Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import psycopg
import pytest

from dancu.store import supervisor

UNIT = "07204"
"""A ward of Bắc Giang in June 2024: the usual unit of a test's officer."""

_numbers = itertools.count(1)


@contextlib.contextmanager
def database_in(server: supervisor.Server, *, like: str = "") -> Iterator[str]:
    """A database of its own, perhaps a copy of one that nobody is connected to; its address."""
    name = f"dancu_{secrets.token_hex(6)}"
    copied = f" TEMPLATE {psycopg.conninfo.conninfo_to_dict(like)['dbname']}" if like else ""
    with contextlib.closing(psycopg.connect(server.dsn, autocommit=True)) as con:
        con.execute(f"CREATE DATABASE {name}{copied}".encode())
        try:
            if like:  # who may connect and make temporary tables there is not copied
                con.execute(
                    "UPDATE pg_database d SET datacl = o.datacl FROM pg_database o"
                    " WHERE d.datname = %s AND o.datname = %s",
                    [name, psycopg.conninfo.conninfo_to_dict(like)["dbname"]],
                )
            yield server.database(name)
        finally:
            con.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(scope="session")
def migrated(postgres_server: supervisor.Server) -> Iterator[str]:
    """The address of a database with all migrations and grants, to be copied: nobody connects to it."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    from dancu.platform.access import territory
    from dancu.site import addresses, database

    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost = 1, 64
    with database_in(postgres_server) as owner:
        addresses.point(owner)
        database.migrate()
        territory.set_register_day(dt.date(2024, 6, 21))
        addresses.point(owner)  # closes what is open, pools too
        yield owner


@pytest.fixture(scope="session")
def site(postgres_server: supervisor.Server, migrated: str) -> Iterator[str]:
    """The address (owner's) of a database with all migrations and grants, to which Django points."""
    from django.db import connections

    from dancu.site import addresses

    with database_in(postgres_server, like=migrated) as owner:
        addresses.point(owner)
        try:
            yield owner
        finally:
            connections.close_all()


@pytest.fixture
def account(site: str) -> Callable[..., Any]:
    """``account("commune_police", unit="07204")``: a user with that role; ``.first`` is the password."""
    del site
    from dancu.platform.accounts import services

    def make(*roles: str, unit: str = UNIT, demo: bool = True) -> Any:
        number = next(_numbers)
        user, first = services.do_create_user(
            username=f"thu{number}.{secrets.token_hex(3)}",
            display_name=f"Người thử {number}",
            by="test",
            demo=demo,
        )
        for role in roles:
            services.do_grant(
                user=user, role=role, unit_code=unit, unit_on=_day(), by="test", reason="test"
            )
        user.first = first
        return user

    return make


@pytest.fixture
def client_as(account: Callable[..., Any]) -> Callable[..., Any]:
    """``client_as("commune_police", unit="07204")``: Django's test client, logged in through the log-in page.

    ``client.user`` is the account. ``client_as()`` without a role has no right; ``client_as(None)`` is a stranger.
    """
    from django.test import Client

    def make(*roles: str | None, unit: str = UNIT) -> Client:
        client = Client()
        if roles != (None,):
            client.user = account(*roles, unit=unit)
            log_in(client, client.user.username, client.user.first)
        return client

    return make


def log_in(client: Any, username: str, password: str) -> Any:
    """Through the page, as a person does; the answer is the redirect or the page with what is wrong."""
    return client.post("/dang-nhap/", {"username": username, "password": password})


@pytest.fixture(scope="session")
def server(site: str) -> Iterator[str]:
    """The site over HTTP on the loopback address, for a browser."""
    del site
    from socketserver import ThreadingMixIn

    from django.db import connections

    from dancu.site.wsgi import application

    class Threaded(ThreadingMixIn, WSGIServer):
        daemon_threads = True

        def process_request_thread(self, request: Any, client_address: Any) -> None:
            super().process_request_thread(request, client_address)
            connections.close_all()

    class Quiet(WSGIRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    with Threaded(("127.0.0.1", 0), Quiet) as running:
        running.set_app(application)
        thread = threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def _day() -> Any:
    from dancu.platform.access import territory

    return territory.register_day()
