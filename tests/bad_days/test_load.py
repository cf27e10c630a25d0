"""A load that is killed, at any step: nothing of it is served, and the next load is as if it were the first."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from tests.bad_days import victim
from tests.bad_days.conftest import Durable
from tests.bad_days.victim import Victim
from tests.web.register import ON, RegisterSite

from dancu.store import backup
from dancu.store.errors import StoreError
from dancu.store.register import loading
from dancu.store.register.live import Register

STEPS = [
    "standard",
    pytest.param("person_name", marks=pytest.mark.slow),
    pytest.param("liên kết", marks=pytest.mark.slow),
    victim.AT_STATE,
]
"""In the middle of the copy, of the indexes, before the link index, before the row that says that all is there."""
CHANGING = {
    "register.person", "register.finding", "register.duplicate", "register.state", "link.state",
}  # fmt: skip
"""Tables with drawn identifiers or times of loading: of these the number of rows is compared."""


def fresh(dsn: str) -> str:
    with psycopg.connect(dsn) as con:
        loading.create(con)
    return dsn


def held(dsn: str) -> dict[str, object]:
    """Rows of every table, and what they hold where two loads hold the same."""
    with psycopg.connect(dsn) as con:
        found = backup.prints(con)
        people = con.execute(
            "SELECT count(*), sum(hashtext(person_id::text || coalesce(full_name, ''))) FROM register.person"
        )
        indexes = con.execute(
            "SELECT indexname FROM pg_indexes WHERE schemaname IN ('register', 'link') ORDER BY 1"
        )
        return {
            name: table.rows
            if name in CHANGING or "recorded_from" in _columns(con, name)
            else table
            for name, table in found.items()
        } | {"people": people.fetchone(), "indexes": indexes.fetchall()}


def _columns(con: psycopg.Connection[tuple[object, ...]], table: str) -> set[object]:
    found = con.execute("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass", [table])
    return {name for (name,) in found}


@pytest.fixture(scope="module")
def whole(durable: Durable, register_site: RegisterSite) -> dict[str, object]:
    """What a load that nobody killed holds."""
    with psycopg.connect(durable.server.dsn, autocommit=True) as con:
        con.execute("CREATE DATABASE whole")
    dsn = fresh(durable.server.database("whole"))
    load = Victim(victim.load, dsn, str(register_site.run), "nowhere")
    assert load.hear() == "loaded"
    return held(dsn)


def refused(dsn: str) -> None:
    """Neither served nor written."""
    with psycopg.connect(dsn) as con:
        assert loading.is_unfinished(con)
    assert not loading.is_loaded(dsn)
    with pytest.raises((StoreError, psycopg.Error)):
        Register.open(dsn)


@pytest.mark.parametrize("step", STEPS)
def test_a_load_killed_at_any_step(
    durable: Durable, database: Callable[[], str], register_site: RegisterSite, whole: dict[str, object], step: str
) -> None:  # fmt: skip
    dsn = fresh(durable.server.database(database()))
    load = Victim(victim.load, dsn, str(register_site.run), step)
    assert load.hear() == step
    load.kill()
    refused(dsn)
    again = Victim(victim.load, dsn, str(register_site.run), "nowhere")
    assert again.hear() == "loaded"
    assert held(dsn) == whole
    assert loading.is_loaded(dsn)


@pytest.mark.parametrize(
    "step", [pytest.param("person_name", marks=pytest.mark.slow), victim.AT_STATE]
)
def test_postgresql_killed_under_a_load(
    durable: Durable, database: Callable[[], str], register_site: RegisterSite, whole: dict[str, object], step: str
) -> None:  # fmt: skip
    name = database()
    dsn = fresh(durable.server.database(name))
    load = Victim(victim.load, dsn, str(register_site.run), step)
    assert load.hear() == step
    durable.kill()
    load.say.send("go on")
    assert load.hear() == "StoreError"
    dsn = durable.again(name)
    refused(dsn)
    assert Victim(victim.load, dsn, str(register_site.run), "nowhere").hear() == "loaded"
    assert held(dsn) == whole


def test_two_loads_at_once(
    durable: Durable, database: Callable[[], str], register_site: RegisterSite
) -> None:
    dsn = fresh(durable.server.database(database()))
    first = Victim(victim.load, dsn, str(register_site.run), "standard")
    assert first.hear() == "standard"
    assert Victim(victim.load, dsn, str(register_site.run), "nowhere").hear() == "StoreError"
    first.say.send("go on")
    assert first.hear() == "loaded"
    with psycopg.connect(dsn) as con:
        assert not loading.is_unfinished(con)
        assert con.execute("SELECT on_day FROM register.state").fetchone() == (ON,)


def test_an_empty_register_is_not_an_unfinished_one(
    durable: Durable, database: Callable[[], str]
) -> None:
    dsn = durable.server.database(database())
    with psycopg.connect(dsn) as con:
        assert not loading.is_unfinished(con)
    with psycopg.connect(fresh(dsn)) as con:
        assert not loading.is_unfinished(con)
