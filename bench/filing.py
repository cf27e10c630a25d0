"""Citizens filing at once, as deployed: granian, real PostgreSQL with fsync, every page over HTTP with its CSRF token.

``--scale 1`` is 200 citizens for 60 s, ``0.1`` is 20 for 10 s. Each has logged in before the clock starts, then files
«khai báo tạm vắng» over and over through the pages a person walks: for whom, the list, each question, check your
answers, file, the code; between two pages somebody reads for `READING` seconds on average (exponential), which a
person on a telephone does not do faster. Every press of «Nộp hồ sơ» is done twice, as a double click. Counted are:
answers that were none or errors, the 95th percentile of all pages and of the filing itself, and whether every code
that somebody was shown is in the database, once, with its move and its notice. The load comes from a process on the
same cores; its CPU is part of what the machine can do.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import re
import secrets
import socket
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np

from bench.harness import Bench
from bench.verify import _serving, _state

ROOT = Path(__file__).resolve().parent.parent
CITIZENS, SECONDS, READING, PEOPLE = 200, 60.0, 4.0, 20_000
PASSWORD = "mat-khau-mau-cua-phep-do"
PROCEDURE = "BG.ES05"
ANSWERS = {
    "away_from": "1/3/2026",
    "away_to": "1/5/2026",
    "away_to_place": "Bình Dương",
    "reason": "Đi làm thuê",
}
GOAL_P95_MS = 500.0


def measured(citizens: int, seconds: float) -> dict[str, Any]:
    """All figures, in a database of its own that is dropped afterwards."""
    import psycopg

    from dancu.store import supervisor

    server = supervisor.ensure(ROOT)
    name = f"dancu_bench_{secrets.token_hex(4)}"
    with contextlib.closing(psycopg.connect(server.dsn, autocommit=True)) as con:
        con.execute(f"CREATE DATABASE {name}")
        try:
            return _measured(server.database(name), citizens, seconds)
        finally:
            con.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _measured(dsn: str, citizens: int, seconds: float) -> dict[str, Any]:
    os.environ |= {"DATABASE_URL": dsn, "DANCU_HOME": str(ROOT)}
    os.environ["DJANGO_SETTINGS_MODULE"] = "dancu.site.settings"
    import django

    django.setup()
    from bench.link_people import people
    from bench.search import _filled

    _filled(dsn, people(PEOPLE, np.random.default_rng(7)))
    _state(dsn)
    numbers = _samples(dsn, citizens)
    with _serving("serve") as site:
        walkers = [Walker(site.port, number, k) for k, number in enumerate(numbers)]
        for walker in walkers:
            walker.log_in()
        until = time.perf_counter() + seconds
        threads = [threading.Thread(target=walker.walk, args=(until,)) for walker in walkers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        cpu, megabytes = site.cost()
    told = _told(walkers, seconds)
    return (
        told | _kept(dsn, walkers) | {"server_cpu_s": round(cpu, 1), "server_mb": round(megabytes)}
    )


class Walker:
    """One citizen with a telephone."""

    def __init__(self, port: int, number: str, seed: int) -> None:
        self._port, self._number, self._rng = port, number, random.Random(seed)
        self._line: http.client.HTTPConnection | None = None
        self._cookies: dict[str, str] = {}
        self.pages: list[float] = []
        self.filings: list[float] = []
        self.codes: list[str] = []
        self.bad: list[str] = []

    def log_in(self) -> None:
        """Before the clock starts."""
        self._ask("GET", "/cong-dan/dang-nhap/mau/")
        status, _ = self._ask(
            "POST", "/cong-dan/dang-nhap/mau/", {"number": self._number, "password": PASSWORD}
        )
        if status != 302:
            raise RuntimeError(f"log-in: {status}")
        self.pages.clear()

    def walk(self, until: float) -> None:
        """Files until the time is over; what was begun is finished."""
        time.sleep(self._rng.uniform(0, READING))
        while time.perf_counter() < until:
            try:
                self._file()
            except (OSError, http.client.HTTPException, LookupError) as error:
                self.bad.append(f"{type(error).__name__}: {error}")
                self._line = None

    def _file(self) -> None:
        self._page("GET", f"/dich-vu/{PROCEDURE}/")
        self._page("GET", f"/dich-vu/{PROCEDURE}/nop/")
        draft = self._page("POST", f"/dich-vu/{PROCEDURE}/nop/", {"whom": "self"})
        listed = self._page("GET", draft)
        for name in re.findall(r'id="hoi-(\w+)"', listed):
            self._page("GET", f"{draft}hoi/{name}/")
            self._page("POST", f"{draft}hoi/{name}/", {"answer": ANSWERS.get(name, "0912345678")})
        self._page("GET", f"{draft}xem-lai/")
        for _ in range(2):  # a double click
            began = time.perf_counter()
            self._page("POST", f"{draft}xem-lai/", {"x": "1"}, read=False)
            self.filings.append(time.perf_counter() - began)
        code = re.search(r'class="big code">([^<]+)<', self._page("GET", f"{draft}da-nop/"))
        if code is None:
            raise LookupError("no code")
        self.codes.append(code[1])

    def _page(
        self, method: str, path: str, form: dict[str, str] | None = None, *, read: bool = True
    ) -> str:
        """The page, or where it leads; 200 and 302 are good."""
        began = time.perf_counter()
        status, told = self._ask(method, path, form)
        self.pages.append(time.perf_counter() - began)
        if status not in (200, 302):
            raise LookupError(f"{status} {path.split('/')[-2]}")
        if read:
            time.sleep(self._rng.expovariate(1 / READING))
        return told

    def _ask(
        self, method: str, path: str, form: dict[str, str] | None = None, *, again: bool = False
    ) -> tuple[int, str]:
        if self._line is None:
            self._line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
            self._line.connect()
            self._line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items())}
        body = None
        if form is not None:
            body = urlencode(form)
            headers |= {"Content-Type": "application/x-www-form-urlencoded",
                        "X-CSRFToken": self._cookies.get("dancu-csrf", "")}  # fmt: skip
        try:
            self._line.request(method, path, body, headers)
            answer = self._line.getresponse()
        except ConnectionError:
            # An idle line that the server has closed, also between head and body: browsers ask again on a new one.
            self._line = None
            if again:
                raise
            return self._ask(method, path, form, again=True)
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status, answer.headers["Location"] if answer.status == 302 else text


def _samples(dsn: str, citizens: int) -> list[str]:
    """Log-ins of a demo for people drawn over all communes; their numbers."""
    import psycopg
    from django.contrib.auth.hashers import make_password

    from dancu.platform.access import territory

    hashed = make_password(PASSWORD)
    with psycopg.connect(dsn, autocommit=True) as con:
        con.execute("INSERT INTO access.setting VALUES ('demo', 'true') ON CONFLICT DO NOTHING")
        rows = con.execute(
            "SELECT citizen_id, personal_number FROM register.person p WHERE personal_number IS NOT NULL"
            " AND phone IS NOT NULL AND (SELECT count(*) FROM register.person o"
            " WHERE o.personal_number = p.personal_number) = 1 ORDER BY md5(citizen_id::text) LIMIT %s",
            [citizens],
        ).fetchall()
        with con.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO citizen_sample VALUES (%s, %s)", [(row[0], hashed) for row in rows]
            )
            # The invented people live under codes that are no communes; who files lives in one.
            homes = sorted(territory.communes("24"))
            cursor.executemany(
                "UPDATE register.person SET unit_code = %s, permanent_unit = %s WHERE citizen_id = %s",
                [(homes[k % len(homes)],) * 2 + (row[0],) for k, row in enumerate(rows)],
            )
    return [row[1] for row in rows]


def _told(walkers: list[Walker], seconds: float) -> dict[str, Any]:
    pages = [p for w in walkers for p in w.pages]
    filings = [f for w in walkers for f in w.filings]
    bad = [b for w in walkers for b in w.bad]
    for line in sorted(set(bad))[:5]:
        print("   bad:", line)
    share = lambda of, q: round(float(np.percentile(of, q)) * 1000, 1) if of else 0.0  # noqa: E731
    return {
        "citizens": len(walkers), "pages": len(pages), "pages_a_second": round(len(pages) / seconds, 1),
        "filed": sum(len(w.codes) for w in walkers), "bad": len(bad),
        "page_p50_ms": share(pages, 50), "page_p95_ms": share(pages, 95), "page_p99_ms": share(pages, 99),
        "filing_p50_ms": share(filings, 50), "filing_p95_ms": share(filings, 95),
    }  # fmt: skip


def _kept(dsn: str, walkers: list[Walker]) -> dict[str, Any]:
    """What the database holds of what people were shown."""
    import psycopg

    codes = [c for w in walkers for c in w.codes]
    with psycopg.connect(dsn) as con:
        found = con.execute(
            "SELECT count(*), (SELECT count(*) FROM services.dossier) FROM services.dossier d WHERE code = ANY (%s)"
            " AND (SELECT count(*) FROM services.move m WHERE m.dossier_no = d.dossier_no) = 1"
            " AND (SELECT count(*) FROM services.notice n WHERE n.dossier_no = d.dossier_no) = 1",
            [codes],
        ).fetchone()
    assert found is not None
    whole, there = found
    return {
        "lost": len(codes) - whole,
        "shown_twice": len(codes) - len(set(codes)),
        "unasked": there - len(set(codes)),
    }


def main(scale: float = 0.1) -> None:
    """200 citizens for a minute at scale 1."""
    bench = Bench("filing", scale)
    given = {"citizens": max(2, round(CITIZENS * scale)), "seconds": max(10.0, SECONDS * scale)}
    row = bench.call(measured, who="dancu", what="citizens filing at once", args=given)
    told = dict(row.extra)
    for name, figure in told.items():
        print(f"  {name:<20} {figure:>12,}")
    bench.goal("p95 of filing in ms", goal=GOAL_P95_MS, got=told["filing_p95_ms"], at_most=True)
    bench.goal("p95 of every page in ms", goal=GOAL_P95_MS, got=told["page_p95_ms"], at_most=True)
    for name in ("bad", "lost", "shown_twice", "unasked"):
        bench.goal(f"filings {name}", goal=0, got=told[name], at_most=True)
    bench.finish()
