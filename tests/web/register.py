"""A small register behind the site's pages, loaded once for the whole test run: the fixture ``register_site``."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from dancu.cli.execute import Job, context_of, execute, open_run, open_store
from dancu.province import make
from dancu.store.register import loading

ON = dt.date(2024, 6, 21)
SCALE, SEED = 0.0006, 11


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

    def citizen(self, unit: str, n: int = 0, where: str = "true") -> str:
        """The identifier of the n-th person of a commune (by person_id) for whom the SQL condition holds."""
        found = self.ask(
            f"SELECT citizen_id FROM register.person WHERE unit_code = %s AND ({where})"
            " ORDER BY person_id LIMIT 1 OFFSET %s", unit, n,
        )  # fmt: skip
        return str(found[0][0])


@pytest.fixture(scope="session")
def register_site(site: str, tmp_path_factory: pytest.TempPathFactory) -> RegisterSite:
    """The database of ``site`` (Django points to it) with about 1.200 persons in it, as on 21 June 2024."""
    folder = tmp_path_factory.mktemp("register")
    make(scale=SCALE, seed=SEED, out=folder / "province", on=ON)
    job = Job((folder / "province" / "lists",), folder / "run", ON, test_people=True)
    with open_store(folder / "run") as store:
        execute(job, store)
    context, _ = context_of(job.out)
    with open_run(job.out) as store:
        origin = loading.Origin(store, ON, True, context.sources, "test")
        loading.load(site, origin)
    with psycopg.connect(site, autocommit=True) as con:
        rows = con.execute(
            "SELECT unit_code FROM register.person WHERE unit_code IS NOT NULL"
            " GROUP BY unit_code ORDER BY count(*) DESC, unit_code"
        ).fetchall()
    return RegisterSite(site, job.out, tuple(code for (code,) in rows))
