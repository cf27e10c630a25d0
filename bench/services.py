"""Public services at full size: a half-year of dossiers taken in, every figure of it, the officer's inbox.

``--scale 1`` is the review's half year: 332,400 dossiers in a workbook and a CSV of a portal with their dirt, and about
2.5 million changes of status as messages (`dancu.province.dossier_files`), read, made standard and written into a
database of its own in the checkout's PostgreSQL (default settings, fsync on) in one transaction; then the same files
once more, which must change nothing. Kept figures are compared with a recount over all dossiers. The second portal's
list is compared dossier by dossier. The inbox is the whole page, through the log-in and row-level security. The
server's CPU is not in the process's figures. A sum over one column of the same table stands beside them, since an
absolute time on a shared machine says little.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import resource
import secrets
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.harness import Bench

ROOT = Path(__file__).resolve().parent.parent
FIRST, LAST = dt.date(2024, 1, 1), dt.date(2024, 5, 31)
DOSSIERS, SEED = 332_400, 7
UNIT, PROVINCE = "07204", "24"
ASKED = 60
"""Pages of the inbox asked for, by each of two people."""
RECOUNT = """
SELECT count(*) FROM (
    SELECT unit_code, procedure, version, channel, month, figure, n FROM services.figure
    EXCEPT ALL
    SELECT d.unit_code, d.procedure, d.version, d.channel, c.month, c.figure, sum(c.n)::bigint FROM services.dossier d
    CROSS JOIN LATERAL services.contribution(d) c GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(c.n) <> 0) AS other
"""


def _ready(dsn: str) -> None:
    os.environ |= {"DANCU_DATABASE": "none", "DANCU_SECRET_KEY": "bench",
                   "DJANGO_SETTINGS_MODULE": "dancu.site.settings"}  # fmt: skip
    import django

    django.setup()
    from dancu.site import addresses

    addresses.point(dsn)


def taken_in(dsn: str, files: list[str]) -> dict[str, Any]:
    """Migrates, takes the files in, twice; the kept figures against a recount."""
    _ready(dsn)
    from dancu.platform.access import territory
    from dancu.site import database
    from dancu.store.postgres import connect

    database.migrate()
    territory.set_register_day(dt.date(2024, 6, 21))
    own = time.process_time()
    took, done, (reading, server) = _import(dsn, files)
    told = {
        "import_s": round(took, 1), "reading_s": round(reading, 1), "own_cpu_s": round(time.process_time() - own, 1),
        "server_cpu_s": round(server, 1), "import_mb": _peak(), "new": done.added, "turns": done.turns,
        "not_taken": done.bad,
    }  # fmt: skip
    again, second, _spent = _import(dsn, files)
    told |= {"again_s": round(again, 1), "again_new": second.added, "again_changed": second.changed}
    with connect(dsn) as con:
        told["wrong_cells"] = con.execute(RECOUNT).fetchone()[0]  # type: ignore[index]
        told["fold_s"] = round(
            _timed(lambda: con.execute("SELECT services.fold(2147483647)"))[0], 2
        )
        told["wrong_folded"] = con.execute(RECOUNT).fetchone()[0]  # type: ignore[index]
        told["sum_ms"] = 1e3 * _median(
            lambda: con.execute("SELECT sum(saved_papers) FROM services.dossier"), 5
        )
    return told


def _import(dsn: str, files: list[str]) -> tuple[float, Any, tuple[float, float]]:
    from dancu.sectors.public_services.importing import reading, taking
    from dancu.store.files import read_file
    from dancu.store.postgres import connect

    start = time.perf_counter()
    sheets = [
        sheet
        for file in files
        for sheet in reading.read(read_file(Path(file)), name=Path(file).name)
    ]
    read = time.perf_counter() - start
    order = taking.Order("bench", "cong-tinh", dt.datetime(2024, 6, 21, tzinfo=dt.UTC))
    with connect(dsn) as con:
        before = _cpu_of(con.info.backend_pid)
        done = taking.take(con, sheets, order, progress=lambda _what, _share: None)
        con.commit()
        server = _cpu_of(con.info.backend_pid) - before
    return time.perf_counter() - start, done, (read, server)


def _cpu_of(pid: int) -> float:
    """Seconds that a process of the server has worked; it runs on this machine."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def compared(dsn: str, files: list[str], second: str) -> dict[str, Any]:
    """Two portals against each other, and the second against the register; the effects must add up."""
    _ready(dsn)
    from dancu.sectors.public_services.importing import differing, reading
    from dancu.sectors.public_services.importing.counted import Figures, Period
    from dancu.store.files import read_file
    from dancu.store.postgres import connect

    period = Period(FIRST, LAST)
    start = time.perf_counter()
    sheets = [
        s for file in files for s in reading.read(read_file(Path(file)), name=Path(file).name)
    ]
    other = differing.side_of("B", reading.read(read_file(Path(second)), name="b.csv"))
    found = differing.compared(differing.side_of("A", sheets), other, period)
    total = Figures()
    for _count, effect in found.effects().values():
        total = total.more(effect)
    told = {"differ_s": round(time.perf_counter() - start, 1), "differences": len(found.differences),
            "unexplained": sum(abs(n) for n in found.a.less(found.b).less(total))}  # fmt: skip
    start = time.perf_counter()
    with connect(dsn) as con:
        ours = differing.own_side(con, period)
    differing.compared(other, ours, period)
    return told | {"differ_own_s": round(time.perf_counter() - start, 1)}


def figures(dsn: str) -> dict[str, Any]:
    """All indicators for every unit and procedure, from the dossiers and from the kept sums."""
    _ready(dsn)
    from django.db import connections

    from dancu.engine.report.indicators import Asked
    from dancu.sectors.public_services.figures import counting
    from dancu.sectors.public_services.indicators import INDICATORS

    counting.connection = connections["owner"]  # type: ignore[attr-defined]
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE services.dossier, services.kept")
    wanted = counting.Wanted(INDICATORS, Asked(FIRST, LAST), PROVINCE)
    same = counting.count(wanted).rows == counting.count(wanted, source="dossiers").rows
    return {
        "cold_s": round(_median(lambda: counting.count(wanted, source="dossiers"), 3), 2),
        "kept_ms": round(1e3 * _median(lambda: counting.count(wanted), 7), 1), "same": same,
    }  # fmt: skip


def inbox(dsn: str) -> dict[str, Any]:
    """The page as an officer of a ward opens it, and as a leader of the whole province does."""
    _ready(dsn)
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) services.dossier")
        cursor.execute(
            "SELECT place FROM services.dossier WHERE ended_at IS NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
        )
        (place,) = cursor.fetchone()
    told: dict[str, Any] = {}
    for who, role, unit in (
        ("officer", "one_stop_officer", place),
        ("province", "admin_control", PROVINCE),
    ):
        client = _client(role, unit)
        spent = sorted(_timed(lambda c=client: _page(c))[0] for _ in range(ASKED))  # type: ignore[misc]
        told |= {
            f"{who}_p50_ms": round(1e3 * spent[ASKED // 2], 1),
            f"{who}_p95_ms": round(1e3 * spent[int(0.95 * ASKED)], 1),
        }
    return told


def _client(role: str, unit: str) -> Any:
    from django.test import Client

    from dancu.platform.access import territory
    from dancu.platform.accounts import services

    user, first = services.do_create_user(
        username=f"do.{secrets.token_hex(4)}", display_name="Người đo", by="bench", demo=True
    )
    services.do_grant(
        user=user,
        role=role,
        unit_code=unit,
        unit_on=territory.register_day(),
        by="bench",
        reason="bench",
    )
    client = Client(headers={"host": "localhost"})
    answer = client.post("/dang-nhap/", {"username": user.username, "password": first})
    assert answer.status_code == 302, answer.status_code
    for _ in range(5):
        _page(client)
    return client


def _page(client: Any) -> None:
    answer = client.get("/ho-so/")
    assert answer.status_code == 200, answer.status_code


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    made = work()
    return time.perf_counter() - start, made


def _median(work: Callable[[], Any], times: int) -> float:
    return statistics.median(_timed(work)[0] for _ in range(times))


def main(scale: float = 1.0) -> None:
    """Makes the lists, a database of its own; times each part in a process of its own."""
    import psycopg

    from dancu.province import dossier_files
    from dancu.store import supervisor

    bench = Bench("services", scale)
    made = dossier_files.make(scale, SEED, ROOT / "var" / "bench" / "services")
    files = [str(path) for path in (*made.lists, made.messages)]
    server, name = supervisor.ensure(ROOT), f"dancu_bench_{secrets.token_hex(4)}"
    with contextlib.closing(psycopg.connect(server.dsn, autocommit=True)) as con:
        con.execute(f"CREATE DATABASE {name}")
        try:
            _measure(bench, server.database(name), files, str(made.second))
        finally:
            con.execute(f"DROP DATABASE {name} WITH (FORCE)")
    bench.finish()


def _measure(bench: Bench, dsn: str, files: list[str], second: str) -> None:
    scale = bench.scale
    what = f"{round(DOSSIERS * scale):,} dossiers"
    taken = bench.call(
        taken_in, who="dancu import", what=what, args={"dsn": dsn, "files": files}
    ).extra
    differ = bench.call(
        compared, who="dancu differ", what=what, args={"dsn": dsn, "files": files, "second": second}
    ).extra
    print(taken, differ, flush=True)
    counted = bench.call(figures, who="dancu figures", what=what, args={"dsn": dsn}).extra
    box = bench.call(inbox, who="dancu inbox", what=what, args={"dsn": dsn}).extra
    goals = (
        ("taking everything in, s", max(10.0, 60 * scale), taken["import_s"]),
        (
            "cells of kept figures other than a recount",
            0,
            taken["wrong_cells"] + taken["wrong_folded"],
        ),
        (
            "what the same files change a second time",
            0,
            taken["again_new"] + taken["again_changed"],
        ),
        ("dossiers of the difference that no reason explains", 0, differ["unexplained"]),
        ("all indicators from dossiers, s", 2.0, counted["cold_s"]),
        ("all indicators from kept sums, ms", 100.0, counted["kept_ms"]),
        ("inbox of an officer, p95, ms", 100.0, box["officer_p95_ms"]),
        ("inbox of the whole province, p95, ms", 100.0, box["province_p95_ms"]),
    )
    for text, goal, got in goals:
        bench.goal(text, goal=goal, got=got, at_most=True)
