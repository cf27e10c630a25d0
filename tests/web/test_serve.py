"""`make serve` and its verbs: a site from nothing, sample accounts beside no real ones, a way in for administrators."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psycopg
import pytest
from tests.web.process import environment

from dancu.site import boot
from dancu.store import supervisor

DANCU = str(Path(sys.executable).parent / "dancu")


@pytest.fixture
def home(site: str, postgres_server: supervisor.Server, tmp_path: Path) -> Iterator[dict[str, str]]:
    """An installation with an empty database of its own; the roles are those of the tests' server."""
    del site
    name = f"dancu_serve_{secrets.token_hex(6)}"
    with contextlib.closing(psycopg.connect(postgres_server.dsn, autocommit=True)) as con:
        con.execute(f"CREATE DATABASE {name}")
        owner = postgres_server.database(name)
        yield environment(owner, DANCU_HOME=str(tmp_path), DANCU_DEMO_SCALE="0.0005")
        con.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(home: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([DANCU, *words], env=home, capture_output=True, text=True, timeout=120)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@pytest.fixture
def served(home: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The address and what was printed of `dancu serve --demo`."""
    port = free_port()
    command = [DANCU, "serve", "--demo", "--port", str(port)]
    with subprocess.Popen(command, env=home, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        said = ""
        while "Ctrl-C: stop" not in said and (line := running.stdout.readline()):
            said += line
        yield f"http://127.0.0.1:{port}", said
        running.terminate()
        try:
            running.wait(30)
        finally:
            running.kill()


def test_a_printed_account_logs_in_and_another_name_or_machine_does_not(
    served: tuple[str, str], home: dict[str, str]
) -> None:
    address, said = served
    name, password = re.findall(r"(mau\.auditor)\s+(\S+)", said)[0]
    assert len(re.findall(r"^  mau\.", said, re.M)) == 18
    with httpx2.Client(base_url=address, follow_redirects=True) as client:
        for _ in range(100):
            try:
                page = client.get("/dang-nhap/")
                break
            except httpx2.ConnectError:
                time.sleep(0.1)
        token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[0]
        given = {"username": name, "password": password, "csrfmiddlewaretoken": token}
        assert "Thông báo cho kiểm tra" in client.post("/dang-nhap/", data=given).text
        style = re.findall(r'"(/static/site/site\.[^"]+\.css)"', page.text)[0]
        kept = client.get(style)
        assert (
            "immutable" in kept.headers["cache-control"]
            and kept.headers["content-encoding"] == "gzip"
        )
        assert client.get("/dang-nhap/", headers={"host": "evil.example"}).status_code == 400
        for _ in range(60):
            if (worker := client.get("/healthz").json()["worker"]) == "ok":
                break
            time.sleep(0.5)
        assert worker == "ok"
    accounts = Path(home["DANCU_HOME"]) / "var/site/demo-accounts.json"
    assert accounts.stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
def test_an_administrator_gets_in_again_and_no_sample_account_joins_a_real_one(
    home: dict[str, str],
) -> None:
    refused = run(home, "admin", "recover", "lan.nt")
    assert refused.returncode == 3 and "--create" in refused.stderr
    made = run(home, "admin", "recover", "lan.nt", "--create")
    again = run(home, "admin", "recover", "lan.nt")
    assert made.returncode == again.returncode == 0 and made.stdout != again.stdout
    demo = run(home, "serve", "--demo", "--port", str(free_port()))
    assert demo.returncode == 3 and "tài khoản thật" in demo.stderr
    with psycopg.connect(home["DATABASE_URL"]) as con:
        what = [row[0] for row in con.execute("SELECT what FROM accounts_accountevent ORDER BY id")]
        must = con.execute(
            "SELECT must_change, demo_without_totp FROM accounts_credential"
        ).fetchall()
    assert (
        what[:2] == ["user.created", "grant.given"]
        and "password.reset" in what
        and "totp.reset" in what
    )
    assert must == [(True, False)]


@pytest.mark.slow
def test_migrate_says_that_it_is_done_and_does_it_twice(home: dict[str, str]) -> None:
    assert [run(home, "migrate").returncode for _ in range(2)] == [0, 0]


def test_one_process_serves_the_site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Limits of a minute are counted in the process (`events.limits`): a second one would give them twice."""
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _program, given: started.append(given))
    monkeypatch.setenv(
        "TMPDIR", os.environ.get("TMPDIR", "/tmp")
    )  # the server's own does not outlive the test
    monkeypatch.setenv("DANCU_HOME", str(tmp_path))
    boot._granian("127.0.0.1", 1, 8)
    ((*given,),) = started
    assert given[given.index("--workers") + 1] == "1"
