"""«Ai đã xem dữ liệu của tôi» over a long access log: the page's own function under a citizen's claim, at 100 a second.

``--scale 1`` is 50 million lines about 2,034,961 invented citizens, in a PostgreSQL of its own with default settings
and no fsync; every thousandth citizen has a hundred times as many lines as the others. Calls come at fixed moments
(an open loop: a slow answer makes the next ones wait, and the waiting counts) in four threads: the claim named, the
first page or the one after it, or one month, with exports looked for and everything put into words; without
rendering. Beside it `SELECT 1` by the same role in the same loop, since an absolute time on a shared machine says
little. Ledger triggers are off while the log is filled.
"""

from __future__ import annotations

import datetime as dt
import os
import threading
import time
from collections.abc import Callable
from typing import Any

from bench.harness import Bench

LINES, CITIZENS = 50_000_000, 2_034_961
GOAL_MS, RATE, SECONDS, THREADS, SAMPLE = 50.0, 100, 30, 4, 400
_CHUNK = 1_000_000
_FILL = """
INSERT INTO register.access_log (at, citizen_id, by, role, unit_code, purpose, basis, fields, hidden_until)
SELECT now() - (%(all)s - g) * interval '1 second',
    md5('c' || CASE WHEN g %% 11 = 0 THEN (g * 7919 %% %(many)s) * 1000 ELSE g * 7919 %% %(citizens)s END)::uuid,
    'can.bo.' || g %% 900, 'commune_police', '07204', 'residence', 'Luật Cư trú 68/2020/QH14 điều 36-38',
    '{contact,identity,residence}', CASE WHEN g %% 1000 = 0 THEN date '2999-01-01' END
FROM generate_series(%(first)s::bigint, %(last)s::bigint) g"""


def measured(scale: float) -> dict[str, Any]:
    """All figures of one scale, in a process and a server of its own."""
    os.environ |= {"DANCU_DATABASE": "none", "DANCU_SECRET_KEY": "bench",
                   "DJANGO_SETTINGS_MODULE": "dancu.site.settings"}  # fmt: skip
    import django

    django.setup()
    from dancu.store import supervisor

    with supervisor.temporary() as server:
        from django.db import connections

        try:
            told = _filled(server.dsn, scale)
            return told | _asked(max(1, round(CITIZENS * scale)))
        finally:
            connections.close_all()


def _filled(dsn: str, scale: float) -> dict[str, Any]:
    from dancu.platform.access import territory
    from dancu.site import addresses, database
    from dancu.store.postgres import connect

    addresses.point(dsn)
    database.migrate()
    territory.set_register_day(dt.date(2024, 6, 21))
    lines, citizens = round(LINES * scale), max(1, round(CITIZENS * scale))
    start = time.perf_counter()
    with connect(dsn, autocommit=True) as con:
        con.execute("ALTER TABLE register.access_log DISABLE TRIGGER USER")
        for first in range(1, lines + 1, _CHUNK):
            given = {"all": lines, "first": first, "last": min(first + _CHUNK - 1, lines), "citizens": citizens,
                     "many": max(1, citizens // 1000)}  # fmt: skip
            con.execute(_FILL.encode(), given)
        con.execute("VACUUM (ANALYZE) register.access_log")
        size = con.execute(
            "SELECT pg_total_relation_size('register.access_log') / 1000000"
        ).fetchone()
    return {
        "lines": lines,
        "fill_s": round(time.perf_counter() - start, 1),
        "table_mb": size[0] if size else 0,
    }


def _asked(citizens: int) -> dict[str, Any]:
    """Figures of both loops; every fourth asked citizen is one with many lines."""
    from django.db import connection

    from dancu.platform.access import claims
    from dancu.platform.citizen.own import Own

    numbers = [n * 1000 % citizens if n % 4 == 0 else n * 6007 % citizens for n in range(SAMPLE)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT md5('c' || n)::uuid::text FROM unnest(%s::bigint[]) n", [numbers])
        people = [row[0] for row in cursor.fetchall()]
    until = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    for n, citizen in enumerate(people):
        claims.open_for_citizen(citizen, f"key-{n}", until=until)
    owns = [
        Own(c, n, "07204", "Nguyễn Văn A", None, dt.date(2024, 6, 21)) for n, c in enumerate(people)
    ]
    found = _loop(lambda n: _page(owns[n % SAMPLE], f"key-{n % SAMPLE}", n))
    bare = _loop(_nothing)
    return {f"own_log_{k}": v for k, v in found.items()} | {
        f"select_1_{k}": v for k, v in bare.items()
    }


def _page(own: Any, key: str, n: int) -> int:
    from django.db import transaction

    from dancu.platform.access import claims
    from dancu.platform.citizen import looks

    with transaction.atomic():
        if claims.use_citizen(key) != own.citizen_id:
            raise RuntimeError("the claim is another's")
        month = looks.last_months(dt.datetime.now(dt.UTC))[0] if n % 3 == 0 else None
        found, more = looks.page(own, month=month)
        if more and n % 3 == 1:
            found, more = looks.page(own, after=more)
    return len(found)


def _nothing(n: int) -> int:
    from django.db import connection, transaction

    del n
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return 1


def _loop(call: Callable[[int], int]) -> dict[str, float]:
    """Latencies from the moment a call was due; the first two seconds warm up and do not count."""
    took: list[tuple[float, float]] = []
    start = time.perf_counter() + 0.5

    def work(mine: int) -> None:
        from django.db import connections

        for n in range(mine, RATE * SECONDS, THREADS):
            due = start + n / RATE
            time.sleep(max(0.0, due - time.perf_counter()))
            call(n)
            took.append((due, time.perf_counter() - due))
        connections.close_all()

    threads = [threading.Thread(target=work, args=(k,)) for k in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counted = sorted(ms * 1000 for due, ms in took if due >= start + 2)
    share = lambda p: round(counted[min(len(counted) - 1, int(len(counted) * p))], 2)  # noqa: E731
    return {"p50_ms": share(0.5), "p99_ms": share(0.99), "calls": float(len(counted))}


def main(scale: float = 1.0) -> None:
    """Print, write var/bench/own_log.json."""
    bench = Bench("own_log", scale)
    row = bench.call(measured, who="dancu", what="own access log", args={"scale": scale})
    got = float(row.extra["own_log_p99_ms"])
    bench.goal(f"p99 of the own access log at {RATE}/s, ms", goal=GOAL_MS, got=got, at_most=True)
    bench.finish()
