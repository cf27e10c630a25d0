"""The server of our own: private, started once, found again, stopped, and hard to break."""

from __future__ import annotations

import functools
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from dancu.store import pg_binaries, pg_launch, pg_process, supervisor
from dancu.store.errors import StoreError

pytestmark = pytest.mark.postgres


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that the server's user can reach (pytest's own is closed), without slow syncs."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    made = functools.partial(pg_launch.initialise, sync=False)
    monkeypatch.setattr(pg_launch, "initialise", lambda *a, sync, **kw: made(*a, **kw))
    folder = Path(tempfile.mkdtemp(prefix="dancu-test-"))
    folder.chmod(0o711)
    yield folder
    supervisor.destroy(folder)
    shutil.rmtree(folder)


def process_of(server: supervisor.Server) -> int:
    assert server.data is not None
    written = pg_process.postmaster(server.data)
    assert written is not None
    return written[0]


def ask(server: supervisor.Server, query: str) -> object:
    with psycopg.connect(server.dsn) as con:
        row = con.execute(query).fetchone()
        return row[0] if row else None


def test_started_once_found_again_stopped_and_started_with_its_data(root: Path) -> None:
    first = supervisor.ensure(root)
    with psycopg.connect(first.dsn) as con:
        con.execute("CREATE TABLE kept AS SELECT 7 AS n")
    assert process_of(supervisor.ensure(root)) == process_of(first)
    assert supervisor.stop(root) and not supervisor.stop(root)
    assert ask(supervisor.ensure(root), "SELECT n FROM kept") == 7


def test_only_its_owner_gets_in(root: Path) -> None:
    server = supervisor.ensure(root)
    assert server.data is not None and server.password_file is not None
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.password_file.stat().st_mode) == 0o600
    assert ask(server, "SHOW listen_addresses") == "127.0.0.1"
    assert ask(server, "SHOW unix_socket_directories") == ""
    assert ask(server, "SHOW data_checksums") == "on"
    methods = "SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules"
    assert ask(server, methods) == "scram-sha-256"
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.public_dsn, passfile="/dev/null")
    assert server.password_file.read_text() not in repr(server) + server.public_dsn
    assert server.password_file.read_text() in server.dsn


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has privileges to drop")
def test_root_does_not_run_the_server(root: Path) -> None:
    server = supervisor.ensure(root)
    assert Path(f"/proc/{process_of(server)}").stat().st_uid != 0


def test_no_cell_of_a_citizen_reaches_the_log(root: Path) -> None:
    server = supervisor.ensure(root)
    with psycopg.connect(server.dsn, autocommit=True) as con:
        con.execute("CREATE TABLE p (n text PRIMARY KEY)")
        con.execute("INSERT INTO p VALUES ('924158000001')")
        for bad in ("INSERT INTO p VALUES ('924158000001')", "SELECT '924158000001x'::int"):
            with pytest.raises(psycopg.Error, match="924158000001"):
                con.execute(bad)
    log = (root / "var/pg/log").read_text()
    assert "924158000001" not in log and "ready to accept connections" in log


def test_after_kill_9_it_recovers_what_was_committed(root: Path) -> None:
    server = supervisor.ensure(root)
    with psycopg.connect(server.dsn) as con:
        con.execute("CREATE TABLE kept AS SELECT 7 AS n")
    killed = process_of(server)
    os.kill(killed, signal.SIGKILL)
    again = supervisor.ensure(root)
    assert process_of(again) != killed
    assert ask(again, "SELECT n FROM kept") == 7


def test_a_zombie_is_no_running_server(root: Path) -> None:
    script = "import subprocess, time; kept = subprocess.Popen(['true']); time.sleep(60)"
    parent = subprocess.Popen([sys.executable, "-c", script])
    try:
        children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
        if not children.exists():
            pytest.skip("this system shows no children of a process")
        assert pg_process.wait_until(lambda: bool(children.read_text().strip()), seconds=10)
        zombie = int(children.read_text().split()[0])
        assert pg_process.wait_until(lambda: not pg_process.is_alive(zombie), seconds=10)
        os.kill(zombie, 0)  # the lock file's own test would call it running
    finally:
        parent.kill()
        parent.wait()


def test_a_lock_file_of_another_process_is_not_believed_and_not_deleted(root: Path) -> None:
    server = supervisor.ensure(root)
    assert server.data is not None
    supervisor.stop(root)
    lock = server.data / "postmaster.pid"
    lock.write_text(f"1\n{server.data}\n{int(time.time())}\n5432\n\n127.0.0.1\n\nready\n")
    assert supervisor.stop(root) is False and lock.exists()
    os.chown(lock, server.data.stat().st_uid, server.data.stat().st_gid)
    assert ask(supervisor.ensure(root), "SELECT 1") == 1


def test_a_first_start_that_broke_off_is_made_anew(root: Path) -> None:
    half = root / "var/pg/data-unfinished"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("15\n")
    assert ask(supervisor.ensure(root), "SELECT 1") == 1
    assert not half.exists()


def test_a_data_folder_of_a_version_not_here_is_told_and_left_alone(root: Path) -> None:
    data = root / "var/pg/data"
    data.mkdir(parents=True, mode=0o700)
    (data / "PG_VERSION").write_text("99\n")
    with pytest.raises(StoreError, match="phiên bản 99"):
        supervisor.ensure(root)
    assert (data / "PG_VERSION").read_text() == "99\n"


def test_a_lost_password_file_is_told(root: Path) -> None:
    supervisor.ensure(root)
    (root / "var/pg/password").unlink()
    with pytest.raises(StoreError, match="mật khẩu"):
        supervisor.ensure(root)


def test_several_at_once_share_one_server(root: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        servers = list(pool.map(supervisor.ensure, [root] * 4))
    assert len({server.dsn for server in servers}) == 1


def test_the_wheels_programs_serve_when_none_is_installed(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pg_binaries, "_INSTALLED", ())
    monkeypatch.setenv("PATH", "/nonexistent")
    server = supervisor.ensure(root)
    assert server.version.startswith("18.") and ask(server, "SELECT 1") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can close a folder to the server's user")
def test_a_closed_checkout_gets_its_data_and_programs_elsewhere(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = root / "closed"
    closed.mkdir(mode=0o700)
    wheel = pg_binaries._of_the_wheel()
    assert wheel is not None
    reachable = pg_process.can_use
    monkeypatch.setattr("dancu.store.supervisor.choose", lambda major=None: wheel)
    monkeypatch.setattr(
        pg_process,
        "can_use",
        lambda user, path, write: (
            path != wheel.bin_dir / "postgres" and reachable(user, path, write=write)
        ),
    )
    server = supervisor.ensure(closed)
    assert server.data is not None and server.bin_dir is not None
    assert not server.data.is_relative_to(root) and ask(server, "SELECT 1") == 1
    assert server.bin_dir != wheel.bin_dir
    supervisor.destroy(closed)
    assert not server.data.parent.exists() and not (closed / "var/pg").exists()


def test_a_temporary_server_ends_with_its_process() -> None:
    script = (
        "import os, signal\nfrom dancu.store import supervisor, pg_process\n"
        "with supervisor.temporary() as s:\n"
        "    print(s.data, pg_process.postmaster(s.data)[0], flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    env = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {"PYTHONPATH": "src"}
    died = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True)
    data, pid = died.stdout.split()
    assert pg_process.wait_gone(int(pid), seconds=20)
    supervisor.destroy(Path(data).parents[2])
    Path(data).parents[2].joinpath("var").rmdir()
    Path(data).parents[2].rmdir()


def test_a_given_address_is_used_and_never_stopped(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", postgres)
    server = supervisor.ensure(tmp_path)
    assert server.data is None and ask(server, "SELECT 1") == 1
    assert not supervisor.stop(tmp_path) and ask(server, "SELECT 1") == 1
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/x")
    with pytest.raises(StoreError, match="DATABASE_URL"):
        supervisor.ensure(tmp_path)
