"""«Is this the person?» as deployed: granian, real PostgreSQL with fsync, each answer's line of the log committed.

``--scale 1`` is 2,034,961 invented people (`bench.link_people`) in the checkout's own PostgreSQL with its default
settings. A partner registers, gets a token, and asks about people drawn at random, two in a hundred unknown: first
over as many connections as the server has threads twice over, as fast as answers come, then for as long at half that
rate, where a latency counts from the moment its request was due. In the same run, on the same machine: pgbench
select-only, one committed insert through pgbench, and a bare Django view under the same server. The load comes from a
process on the same two cores, and its CPU is part of what the machine can do.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import secrets
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from bench.harness import Bench

ROOT = Path(__file__).resolve().parent.parent
SECONDS, THREADS, QUESTIONS, CLIENTS = 15.0, 8, 20_000, 8
GOAL_RATE, GOAL_P99_MS = 1_000, 20.0
ON = dt.date(2024, 6, 21)
FIELDS = ["personal_number", "full_name", "birth_date", "sex"]


def measured(scale: float) -> dict[str, Any]:
    """All figures of one scale, in a database of its own that is dropped afterwards."""
    import psycopg

    from dancu.store import supervisor

    server = supervisor.ensure(ROOT)
    name = f"dancu_bench_{secrets.token_hex(4)}"
    with contextlib.closing(psycopg.connect(server.dsn, autocommit=True)) as con:
        con.execute(f"CREATE DATABASE {name}")
        try:
            return _measured(server.database(name), scale)
        finally:
            con.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _measured(dsn: str, scale: float) -> dict[str, Any]:
    os.environ |= {"DATABASE_URL": dsn, "DANCU_HOME": str(ROOT)}
    os.environ["DJANGO_SETTINGS_MODULE"] = "dancu.site.settings"
    import django

    django.setup()
    from bench.link_people import PEOPLE, people
    from bench.search import _filled

    drawn = people(round(PEOPLE * scale), np.random.default_rng(7))
    told: dict[str, Any] = {"people": len(drawn.sex), "load_s": _filled(dsn, drawn)}
    _state(dsn)
    client = _partner()
    with _serving("serve") as site:
        token = _token(site, client)
        _keep_token(dsn)
        questions = _requests(dsn, site.port, token)
        told |= _loaded(site, questions, dsn)
    with _serving("bare") as site:
        told |= {f"bare_{k}": v for k, v in _load(site.port, questions, THREADS * 2, 0).items()}
    return told | _pgbench(dsn)


def _state(dsn: str) -> None:
    import psycopg

    from dancu.platform.access import territory

    with psycopg.connect(dsn, autocommit=True) as con:
        con.execute(
            "INSERT INTO register.state (on_day, test_people, run) VALUES (%s, true, 'bench')", [ON]
        )
        con.execute(
            "UPDATE register.person SET personal_number = '9' || substr(personal_number, 2)"
        )
        con.execute("VACUUM (ANALYZE) register.person")
    territory.set_register_day(ON)


def _partner() -> Any:
    from joserfc.jwk import OKPKey

    from dancu.platform.partners import services

    key = OKPKey.generate_key("Ed25519", {"kid": "bench"}, private=True)
    client = f"bench-{secrets.token_hex(4)}"
    services.do_register(
        client_id=client, name_vi="Bench", by="bench", on=ON, units=["*"], purposes={"health_care": FIELDS},
        jwks={"keys": [key.as_dict(private=False)]}, a_minute=10**8, a_day=10**8, a_subject_day=10**6,
    )  # fmt: skip
    return client, key


class Site:
    """A server under way."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port

    def cost(self) -> tuple[float, float]:
        """(CPU seconds of it and its children, megabytes of the largest)."""
        return _cost(_family(self.process.pid))


@contextlib.contextmanager
def _serving(what: str) -> Iterator[Site]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "dancu",
        "serve",
        "--port",
        str(port),
        "--threads",
        str(THREADS),
    ]
    if what == "bare":
        command = [
            str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port",
            str(port), "--workers", "1", "--blocking-threads", str(THREADS), "--no-access-log", "--log-level",
            "warning", "bench.verify_bare:application",
        ]  # fmt: skip
    out = ROOT / "var" / "bench" / f"verify-{what}.log"
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )
        try:
            _wait(port, process)
            yield Site(process, port)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        if process.poll() is not None:
            raise RuntimeError("the server ended; see var/bench/verify-*.log")
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


def _token(site: Site, client: Any) -> str:
    from urllib.parse import urlencode
    from urllib.request import Request, urlopen

    from joserfc import jwt

    name, key = client
    address = f"http://127.0.0.1:{site.port}/api/v1/token"
    now = int(time.time())
    claims = {"iss": name, "sub": name, "aud": address, "iat": now, "exp": now + 60}
    claims["jti"] = secrets.token_hex(8)
    signed = jwt.encode({"alg": "EdDSA"}, claims, key, algorithms=["EdDSA"])
    form = {
        "grant_type": "client_credentials", "client_assertion": signed,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }  # fmt: skip
    with urlopen(Request(address, urlencode(form).encode())) as answer:
        told: str = json.loads(answer.read())["access_token"]
    return told


def _keep_token(dsn: str) -> None:
    """A run may take longer than a token lives."""
    import psycopg

    with psycopg.connect(dsn, autocommit=True) as con:
        con.execute("UPDATE partners_token SET expires_at = now() + interval '1 day'")


def _requests(dsn: str, port: int, token: str) -> Path:
    """Whole HTTP requests about people drawn at random, two in a hundred about nobody."""
    import psycopg

    with psycopg.connect(dsn) as con:
        people = con.execute(
            "SELECT personal_number, full_name, birth_date, sex FROM register.person WHERE personal_number IS NOT NULL"
            " ORDER BY md5(person_id::text) LIMIT %s", [QUESTIONS],
        ).fetchall()  # fmt: skip
    head = (
        f"POST /api/v1/verify HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
        "Content-Type: application/json\r\nContent-Length: "
    )
    path = Path(tempfile.mkstemp(prefix="dancu-verify-")[1])
    with path.open("wb") as out:
        for place, (number, name, born, sex) in enumerate(people):
            claims = {"full_name": name.upper(), "birth_date": f"{born:%d/%m/%Y}", "sex": sex}
            asked = number if place % 50 else f"924099{place:06d}"
            body = json.dumps(
                {"purpose": "health_care", "number": asked, "claims": claims,
                 "officer": {"name": "Nguyễn Thị Mẫu", "number": "CB-001"}}, ensure_ascii=False,
            ).encode()  # fmt: skip
            whole = head.encode() + str(len(body)).encode() + b"\r\n\r\n" + body
            out.write(struct.pack("<I", len(whole)) + whole)
    return path


def _loaded(site: Site, questions: Path, dsn: str) -> dict[str, Any]:
    _load(site.port, questions, 4, 0, seconds=4)  # warm: kernels, plans, pages
    before, server = site.cost(), _server_cost()
    full = _load(site.port, questions, THREADS * 2, 0)
    after, server_after = site.cost(), _server_cost()
    half = _load(site.port, questions, THREADS * 4, full["a_second"] / 2)
    told = {f"full_{k}": v for k, v in full.items()} | {f"half_{k}": v for k, v in half.items()}
    told |= {
        "site_cpu_us": round(1e6 * (after[0] - before[0]) / full["n"]), "site_rss_mb": round(after[1]),
        "postgres_cpu_us": round(1e6 * (server_after[0] - server[0]) / full["n"]),
        "logged": _logged(dsn),
    }  # fmt: skip
    return told


def _logged(dsn: str) -> int:
    import psycopg

    with psycopg.connect(dsn) as con:
        row = con.execute(
            "SELECT (SELECT count(*) FROM register.access_log) + (SELECT count(*) FROM lookup.vain)"
        ).fetchone()
    return int(row[0]) if row else 0


def _load(
    port: int, questions: Path, connections: int, pace: float, *, seconds: float = SECONDS
) -> dict[str, Any]:
    argv = ["127.0.0.1", str(port), str(questions), str(connections), str(seconds), str(pace)]
    command = [sys.executable, str(ROOT / "bench" / "verify_load.py"), *argv]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode()[-500:])
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _family(pid: int) -> list[int]:
    """A process and all below it."""
    found, left = [], [pid]
    while left:
        one = left.pop()
        found.append(one)
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                left += [int(child) for child in (task / "children").read_text().split()]
    return list(dict.fromkeys(found))


def _cost(pids: list[int]) -> tuple[float, float]:
    cpu, most, tick, page = 0.0, 0.0, os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
    for pid in pids:
        with contextlib.suppress(OSError):
            told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            cpu += (int(told[11]) + int(told[12])) / tick
            most = max(most, int(told[21]) * page / 1e6)
    return cpu, most


def _server_cost() -> tuple[float, float]:
    """PostgreSQL's: of the checkout's own server and its sessions."""
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"]) as con:
        row = con.execute("SHOW data_directory").fetchone()
    assert row is not None
    pid = int(Path(row[0], "postmaster.pid").read_text().split("\n", 1)[0])
    return _cost(_family(pid))


def _pgbench(dsn: str) -> dict[str, float]:
    """The same server's own figures: selects by key, and one committed insert of a row."""
    import psycopg

    from dancu.store import pg_tools

    with psycopg.connect(dsn, autocommit=True) as con:
        tools = pg_tools.fitting(con.info.server_version // 10000)
        con.execute("CREATE TABLE one (n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, t text)")
    address, environment = pg_tools.reach(dsn)
    script = Path(tempfile.mkstemp(prefix="dancu-insert-", suffix=".sql")[1])
    script.write_text("INSERT INTO one (t) VALUES ('x');\n")
    made = tools.command("pgbench", "-i", "-q", "-s", "10", address)
    subprocess.run(made, env=environment, check=True, capture_output=True)
    common = ["-n", "-c", str(CLIENTS), "-j", "1", "-T", "8", "-M", "prepared"]
    told = {}
    for name, more in {"select_only": ["-S"], "insert": ["-f", str(script)]}.items():
        done = subprocess.run(
            tools.command("pgbench", *common, *more, address),
            env=environment, check=True, capture_output=True, text=True,
        )  # fmt: skip
        line = next(row for row in done.stdout.splitlines() if row.startswith("tps"))
        told[f"pgbench_{name}"] = round(float(line.split("=")[1].split()[0]), 1)
    return told


def main(scale: float = 0.02) -> None:
    bench = Bench("verify", scale)
    row = bench.call(measured, who="dancu", what="verifications as deployed", args={"scale": scale})
    told = dict(row.extra)
    for name, figure in told.items():
        print(f"  {name:<20} {figure:>12,}")
    for name in ("pgbench_select_only", "pgbench_insert", "bare_a_second"):
        print(f"  share of {name:<22} {told['full_a_second'] / told[name]:>8.3f}")
    bench.goal("verifications a second", goal=GOAL_RATE, got=told["full_a_second"])
    bench.goal("p99 in ms at half that load", goal=GOAL_P99_MS, got=told["half_p99_ms"], at_most=True)  # fmt: skip
    bench.goal("answers that were none", goal=0, got=told["full_bad"] + told["half_bad"], at_most=True)  # fmt: skip
    bench.finish()
