"""The database of every former release is carried forward: as it was kept, to what this release makes anew.

Fails after a change of the tables without a migration. Before release 0 is out, its database may be made anew:
``python tools/release_fixture.py 0 --anew``.
"""

from __future__ import annotations

import gzip
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from dancu.site import addresses, database, health
from dancu.store import pg_tools
from dancu.store.register.live import Register
from dancu.store.register.told import Answer, Incoming

KEPT = sorted((Path(__file__).parents[1] / "fixtures").glob("release-*.sql.gz"))
COLUMNS = (
    "SELECT table_schema, table_name, column_name, udt_name, is_nullable FROM information_schema.columns"
    " WHERE table_schema IN ('public', 'access', 'register') AND table_schema || table_name !~ 'pg_stat'"
)
INDEXES = "SELECT schemaname, tablename, indexname FROM pg_indexes WHERE schemaname IN ('public', 'access', 'register')"
POLICIES = "SELECT schemaname, tablename, policyname, roles::text, cmd FROM pg_policies"


def rows(dsn: str, query: str) -> set[tuple[object, ...]]:
    with psycopg.connect(dsn) as con:
        return set(con.execute(query.encode()).fetchall())


@pytest.fixture(scope="module", params=KEPT, ids=lambda path: path.name)
def carried(request: pytest.FixtureRequest, site: str, postgres: str) -> Iterator[str]:
    """The kept database, restored and migrated; Django points to it."""
    with psycopg.connect(postgres, autocommit=True) as con:
        major = con.info.server_version // 10000
        left = con.execute("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_|^information'")
        for (schema,) in left.fetchall():
            con.execute(f"DROP SCHEMA {schema} CASCADE")
        con.execute("CREATE SCHEMA public")
    address, environment = pg_tools.reach(postgres)
    command = pg_tools.fitting(major).command("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", address)
    script = gzip.decompress(request.param.read_bytes())
    done = subprocess.run(command, input=script, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    addresses.point(postgres)
    health._kept = None
    try:
        database.migrate()
        yield postgres
    finally:
        addresses.point(site)
        health._kept = None


def test_there_is_a_kept_release() -> None:
    assert KEPT and all(path.stat().st_size < 300_000 for path in KEPT)


def test_a_former_release_is_carried_forward(carried: str, site: str) -> None:
    found = health.examine()
    assert {part: word for part, word in found.items() if word not in ("ok", "none")} == {}
    for query in (COLUMNS, INDEXES, POLICIES):
        assert rows(carried, query) == rows(site, query)
    with psycopg.connect(carried) as con:
        counted = [
            con.execute(f"SELECT count(*) FROM register.{table}".encode()).fetchone()
            for table in ("person", "access_log", "event", "record_history", "outbox")
        ]
    assert all(row and row[0] for row in counted), counted


def test_after_it_the_register_lives_on(carried: str) -> None:
    register = Register.open(carried)
    try:
        event = Incoming("test", "1", "judgement", "test", b"x", judgement=Answer(4, 5, "unsure"))
        (outcome,) = register.apply([event])
        assert not outcome.repeated and register.apply([event])[0].repeated
    finally:
        register.close()


def test_a_kept_release_s_event_is_still_known(carried: str) -> None:
    register = Register.open(carried)
    try:
        answer = Answer(1, 2, "different", "hai người")
        sent = Incoming("release", "1", "judgement", "lan.nt", b"1", judgement=answer)
        assert register.apply([sent])[0].repeated
    finally:
        register.close()
