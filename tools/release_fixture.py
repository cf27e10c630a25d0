"""Keep a small database of this release, so that the next one proves that it carries it forward.

``python tools/release_fixture.py NAME`` writes ``tests/fixtures/release-NAME.sql.gz`` from a fresh installation:
migrated, the samples of all sectors loaded, an officer, looks at people, an answer, a record taken out. Made once, at
each release, and never written again: ``tests/web/test_releases.py`` brings every one of them to the present.
``--anew`` writes over the one of a release that nobody has yet.
"""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg

from dancu.store import pg_tools, supervisor
from dancu.store.register.live import Register
from dancu.store.register.told import Answer, Change, Incoming

ROOT = Path(__file__).resolve().parent.parent
MOST = 300_000
"""Bytes: it stays in the repository for ever."""


def main(argv: list[str]) -> int:
    """Make the fixture; refuse to write over one."""
    target = ROOT / "tests" / "fixtures" / f"release-{argv[0]}.sql.gz"
    if target.exists() and "--anew" not in argv:
        print(
            f"{target.name} is there already: a release's database is kept as it was",
            file=sys.stderr,
        )
        return 2
    with tempfile.TemporaryDirectory() as folder, supervisor.temporary() as server:
        _install(Path(folder), server.dsn)
        data = gzip.compress(_dump(server.dsn), compresslevel=9, mtime=0)
    if len(data) > MOST:
        print(f"{len(data)} bytes: too large, take fewer lists", file=sys.stderr)
        return 1
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(data)
    print(f"{target.relative_to(ROOT)}: {len(data)} bytes")
    return 0


def _install(folder: Path, dsn: str) -> None:
    """As an office would."""
    lists, run = folder / "lists", folder / "run"
    lists.mkdir()
    for sample in sorted((ROOT / "src/dancu/sectors").glob("*/fixtures/*.csv")):
        shutil.copy(sample, lists / f"{sample.parent.parent.name}-{sample.name}")
    _dancu(folder, dsn, "admin", "recover", "lan.nt", "--create")
    _dancu(folder, dsn, "run", str(lists), "--out", str(run), "--on", "2024-06-21", "--test-people")
    _dancu(folder, dsn, "load", str(run))
    with psycopg.connect(dsn) as con:
        con.execute(
            "INSERT INTO register.access_log (citizen_id, by, purpose) SELECT citizen_id, 'lan.nt', 'kiểm tra'"
            " FROM register.person ORDER BY person_id LIMIT 5"
        )
    register = Register.open(dsn)
    register.apply([
        Incoming("release", "1", "judgement", "lan.nt", b"1", judgement=Answer(1, 2, "different", "hai người")),
        Incoming("release", "2", "removal", "lan.nt", b"2", changes=(Change(3, "cards", None),)),
    ])  # fmt: skip
    register.close()


def _dancu(folder: Path, dsn: str, *words: str) -> None:
    program = Path(sys.executable).parent / "dancu"
    environment = {**os.environ, "DATABASE_URL": dsn, "DANCU_HOME": str(folder)}
    done = subprocess.run(
        [str(program), *words], env=environment, stdout=subprocess.DEVNULL, check=False
    )
    if done.returncode > 1:  # 1: some input was refused, as some of the samples should be
        raise SystemExit(done.returncode)


def _dump(dsn: str) -> bytes:
    """Plain SQL, which every later PostgreSQL reads."""
    with psycopg.connect(dsn) as con:
        tools = pg_tools.fitting(con.info.server_version // 10000)
    address, environment = pg_tools.reach(dsn)
    command = tools.command("pg_dump", "--no-owner", "--no-password", address)
    return subprocess.run(command, env=environment, check=True, capture_output=True).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
