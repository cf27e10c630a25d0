"""Figures of public services at full size: every indicator for every unit and procedure, from cold and from kept sums.

``--scale 1`` is the review's half year: 332,400 dossiers of the 25 essential services, 321,335 of them online, among
them 6,556 of driving licences with 3,535 online, over 209 communes, the districts and the province; put in by one
INSERT … SELECT generate_series through the same triggers as any other dossier, into a PostgreSQL of its own with
default settings and no fsync. Timed are the statements that the pages send, on a warm cache, with their answers read
into Python: the least wall time of nine (cold: five), since noise only ever adds, and beside it what the server's
process spent of CPU on one. The published shares are checked from the records. A sum over one column of the same table
in the same run stands beside them, as a measure of the machine.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.harness import Bench

DOSSIERS, ONLINE = 332_400, 321_335
LICENCES, LICENCES_ONLINE = 6_556, 3_535
FIRST, LAST = dt.date(2024, 1, 1), dt.date(2024, 6, 30)
ROOT = "24"

# One row a dossier: the first `licences` are of ES20, `online` of which came online; of the others the first so many.
FILL = """
INSERT INTO services.dossier (code, procedure, version, essential, procedure_group, place, unit_code, channel,
    applicant, applicant_name, status, filed_at, accepted_at, due_at, ended_at, minutes, on_time, supplements,
    saved_papers, electronic_result, paid_online, paper_reason, source)
SELECT 'BENCH-' || n, p.code, p.version, p.service, p.grp, c.commune,
    CASE p.level WHEN 'commune' THEN c.commune WHEN 'district' THEN c.district ELSE '24' END,
    CASE WHEN n <= {licences} THEN CASE WHEN n <= {licences_online} THEN 2 ELSE 1 END
         WHEN n <= {licences} + {online} - {licences_online} THEN 2
         WHEN n % 8 = 0 THEN 3 ELSE 1 END,
    CASE WHEN n % 5 > 0 THEN md5(n::text)::uuid END, 'NGƯỜI THỬ', CASE WHEN open THEN 4 ELSE 9 END,
    at, at, at + interval '7 days', CASE WHEN NOT open THEN done END,
    CASE WHEN NOT open THEN 60 + (n * 7919) % 4000 END, CASE WHEN NOT open THEN n % 29 > 0 END,
    CASE WHEN n % 97 = 0 THEN 2 ELSE 0 END, n % 3, NOT open AND n % 4 > 0,
    CASE WHEN NOT open AND n % 2 = 0 THEN n % 3 = 0 END,
    CASE WHEN n % 2 = 0 THEN 'no_device' ELSE 'no_account' END, 'bench'
FROM (SELECT n, at, at + ((n * 31) % 14400) * interval '1 minute' AS done,
             at > timestamptz '2024-06-15 00:00+07' AND n % 4 = 0 AS open,
             CASE WHEN n <= {licences} THEN {licence} ELSE (n::bigint * 1103515245 + 12345) / 8192 % {others} END AS k,
             (n::bigint * 22695477 + 1) / 4096 % {communes} AS c
      FROM (SELECT n, timestamptz '2024-01-01 00:00+07' + ((n::bigint * 48271) % 261000) * interval '1 minute' AS at
            FROM generate_series(1, {dossiers}::bigint) n) AS dated) AS drawn
JOIN unnest(%s::text[], %s::int[], %s::text[], %s::text[], %s::text[], %s::int[])
    AS p(code, version, service, grp, level, k) USING (k)
JOIN unnest(%s::text[], %s::text[], %s::int[]) AS c(commune, district, c) USING (c)
"""


def measured(scale: float) -> dict[str, Any]:
    """All figures of one scale, in a process and a server of its own."""
    os.environ |= {"DANCU_DATABASE": "none", "DANCU_SECRET_KEY": "bench",
                   "DJANGO_SETTINGS_MODULE": "dancu.site.settings"}  # fmt: skip
    import django

    django.setup()
    from django.db import connections

    from dancu.site import addresses, database
    from dancu.store import supervisor

    with supervisor.temporary() as server:
        addresses.point(server.dsn)
        database.migrate()
        try:
            return _of(connections["owner"], scale)
        finally:
            connections.close_all()


def fill(connection: Any, scale: float) -> None:
    """The dossiers, in one statement; everything else follows by the triggers."""
    from dancu.reference import services, units

    procedures = [
        p for p in services.procedures(on=FIRST) if p.essential_id and p.essential_id != "ES20"
    ]
    licence = next(p for p in services.procedures(on=FIRST) if p.essential_id == "ES20")
    every = [*procedures, licence]
    communes = units.on(dt.date(2024, 6, 21)).communes_of(ROOT)
    sizes = {
        "licences": LICENCES,
        "licences_online": LICENCES_ONLINE,
        "online": ONLINE,
        "dossiers": DOSSIERS,
    }
    given = [
        [p.code for p in every], [p.version for p in every], [p.essential_id for p in every],
        [p.group for p in every], [p.level for p in every], [*range(len(every))],
        [c.code for c in communes], [c.district_code for c in communes], [*range(len(communes))],
    ]  # fmt: skip
    numbers = {name: round(n * scale) for name, n in sizes.items()}
    sql = (
        FILL.replace("%", "%%")
        .replace("%%s", "%s")
        .format(**numbers, licence=len(procedures), others=len(procedures), communes=len(communes))
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        cursor.execute("ANALYZE services.dossier, services.delta")


def _of(connection: Any, scale: float) -> dict[str, Any]:
    from dancu.engine.report.indicators import Asked
    from dancu.sectors.public_services.figures import counting, folding
    from dancu.sectors.public_services.figures.counting import Wanted
    from dancu.sectors.public_services.indicators import INDICATORS

    vars(counting)["connection"] = connection
    told: dict[str, Any] = {}
    told["fill_s"], _ = _timed(lambda: fill(connection, scale))
    told["fold_s"], told["folded"] = _timed(lambda: folding.fold_all(connection, most=100_000))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) services.dossier, services.kept, services.delta")
        cursor.execute("SELECT count(*) FROM services.kept")
        told["cells"] = cursor.fetchone()[0]
    asked = Asked(FIRST, LAST)
    wanted = Wanted(INDICATORS, asked, ROOT)
    told["first_s"], cold = _timed(lambda: counting.count(wanted, source="dossiers"))
    kept = counting.count(wanted)
    assert kept.rows == cold.rows, "kept sums and a recount differ"
    told["rows"] = len(kept.rows)
    told["cold_s"], told["cold_cpu_s"] = _least(
        connection, lambda: counting.count(wanted, source="dossiers"), 5
    )
    days = Wanted(INDICATORS, Asked(FIRST, dt.date(2024, 6, 21)), ROOT)
    own = Wanted(INDICATORS, asked, ROOT, (ROOT,), by="")
    works: dict[str, Callable[[], Any]] = {
        "kept": lambda: counting.count(wanted), "board": lambda: counting.count(own),
        "edges": lambda: counting.count(days), "sum": lambda: _sum(connection),
    }  # fmt: skip
    for name, work in works.items():
        wall, cpu = _least(connection, work, 9)
        told[f"{name}_ms"], told[f"{name}_cpu_ms"] = 1000 * wall, 1000 * cpu
    told["change_ms"] = 1000 * _change(connection, own, counting)
    for code in ("online_rate_essential_25", "online_rate_driving_licence"):
        told[code] = str(kept.figure(code, ROOT).value)
    return told


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    made = work()
    return time.perf_counter() - start, made


def _least(connection: Any, work: Callable[[], Any], times: int) -> tuple[float, float]:
    """The least wall time, and the CPU time of the server's process for one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    before = _cpu(stat)
    wall = min(_timed(work)[0] for _ in range(times))
    return wall, (_cpu(stat) - before) / times


def _cpu(stat: Path) -> float:
    user, system = stat.read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / float(os.sysconf("SC_CLK_TCK"))


def _sum(connection: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(saved_papers) FROM services.dossier")


def _change(connection: Any, own: Any, counting: Any) -> float:
    """From a change of one dossier to the province's figures that have it."""
    before = counting.count(own).figure("dossiers_received", ROOT).numerator
    start = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO services.dossier (code, procedure, version, essential, procedure_group, place, unit_code,"
            " channel, applicant_name, status, filed_at, accepted_at) VALUES ('BENCH-X', 'BG.ES12', 1, 'ES12', 'other',"
            " '07204', '07204', 2, 'NGƯỜI THỬ', 2, '2024-06-03 09:00+07', '2024-06-03 09:00+07')"
        )
    after = counting.count(own).figure("dossiers_received", ROOT).numerator
    assert after == before + 1
    return time.perf_counter() - start


def main(scale: float = 1.0) -> None:
    """Fill, count both ways, time."""
    bench = Bench("service_figures", scale)
    row = bench.call(
        measured, who="dancu", what=f"{round(DOSSIERS * scale):,} dossiers", args={"scale": scale}
    )
    got = row.extra
    for what, goal, name in (
        ("every indicator, unit and procedure from dossiers, s", 2.0, "cold_s"),
        ("the same from kept sums, ms", 100.0, "kept_ms"),
        ("the same up to a day within a month, ms", 300.0, "edges_ms"),
        ("one change until the province's figures have it, ms", 1000.0, "change_ms"),
    ):
        bench.goal(what, goal=goal, got=got[name], at_most=True)
    if scale == 1:
        bench.goal("321.335/332.400, %", goal=96.67, got=float(got["online_rate_essential_25"]))
        bench.goal("3.535/6.556, %", goal=53.92, got=float(got["online_rate_driving_licence"]))
    bench.finish()


if __name__ == "__main__":
    main()
