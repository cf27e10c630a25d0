"""A small register behind the site's pages, loaded once a test run, copied once a module: ``register_site``."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.small import ON, Small
from tests.web.live import database_in

from dancu.cli.execute import context_of, open_run
from dancu.store import supervisor
from dancu.store.register import loading

__all__ = ["ON", "RegisterSite", "loaded_register", "register_site"]


@dataclass(frozen=True)
class RegisterSite:
    """The site's database (owner's address) with a loaded register, and the run it was loaded from."""

    dsn: str
    run: Path
    communes: tuple[str, ...]
    """Codes of the communes, the one with most persons first."""

    def ask(self, query: str, *given: Any) -> list[tuple[Any, ...]]:
        """Rows, as the owner: nothing is hidden."""
        with psycopg.connect(self.dsn, autocommit=True) as con:
            return con.execute(query.encode(), given).fetchall()

    def do(self, statement: str, *given: Any) -> None:
        """A change, as the owner."""
        with psycopg.connect(self.dsn, autocommit=True) as con:
            con.execute(statement.encode(), given)

    def citizen(self, unit: str, n: int = 0, where: str = "true") -> str:
        """The identifier of the n-th person of a commune (by person_id) for whom the SQL condition holds."""
        found = self.ask(
            f"SELECT citizen_id FROM register.person WHERE unit_code = %s AND ({where})"
            " ORDER BY person_id LIMIT 1 OFFSET %s", unit, n,
        )  # fmt: skip
        return str(found[0][0])


@pytest.fixture(scope="session")
def loaded_register(
    postgres_server: supervisor.Server, migrated: str, site: str, small: Small
) -> Iterator[RegisterSite]:
    """A migrated database with about 1.200 persons in it, as on 21 June 2024; nobody changes it."""
    from dancu.platform.access import territory
    from dancu.site import addresses
    from dancu.site.wsgi import application

    context, _ = context_of(small.run)
    application.counter.flush()  # what was counted on the site is not this register's
    with database_in(postgres_server, like=migrated) as dsn:
        addresses.point(dsn)
        with open_run(small.run) as store:
            origin = loading.Origin(store, ON, True, context.sources, "test")
            loading.load(dsn, origin)
        territory.set_register_day(ON)
        addresses.point(site)
        with contextlib.closing(psycopg.connect(dsn, autocommit=True)) as con:
            rows = con.execute(
                "SELECT unit_code FROM register.person WHERE unit_code IS NOT NULL"
                " GROUP BY unit_code ORDER BY count(*) DESC, unit_code"
            ).fetchall()
        yield RegisterSite(dsn, small.run, tuple(code for (code,) in rows))


@pytest.fixture(scope="module")
def register_site(
    postgres_server: supervisor.Server, site: str, loaded_register: RegisterSite
) -> Iterator[RegisterSite]:
    """The loaded register to which Django points, a copy for each test module: what one changes no other sees."""
    from django.db import connections

    from dancu.platform.events import writer
    from dancu.site import addresses
    from dancu.site.wsgi import application

    with database_in(postgres_server, like=loaded_register.dsn) as dsn:
        addresses.point(dsn)
        try:
            yield replace(loaded_register, dsn=dsn)
            assert application.counter.flush(), "what the edge counted is not taken"
        finally:
            writer.close()
            connections.close_all()
            addresses.point(site)
