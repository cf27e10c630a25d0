"""Boards at full size: each page whole, through log-in, rights and templates, over 332,400 dossiers of half a year.

The dossiers are those of `bench/service_figures.py`, the 2,034,961 persons those of `bench/report.py` with their sums
kept, in a PostgreSQL of its own with default settings and no fsync. Told are the least and the middle of nine askings,
since noise only ever adds, the first asking of all (nothing kept in memory, cold connection and templates), and what
this process spent of CPU on one; a sum over one column of the dossiers in the same run stands beside them. The nine
come one after another, as when a leader clicks through boards: live figures are then at most twenty seconds old
(`dashboards.told`).
"""

from __future__ import annotations

import datetime as dt
import os
import statistics
import time
from typing import Any

from bench.harness import Bench

CODE = "online_rate_essential_25"
HALF = "tu=2024-01&den=2024-06"
PAGES = {
    "province": f"/dieu-hanh/?{HALF}",
    "commune": f"/dieu-hanh/?{HALF}&don-vi=07204",
    "pillar": f"/dieu-hanh/tru-cot/?{HALF}&cap=xa",
    "figure": f"/dieu-hanh/chi-so/{CODE}/?{HALF}",
    "figure of communes": f"/dieu-hanh/chi-so/{CODE}/?{HALF}&cap=xa",
    "as known then": f"/dieu-hanh/?{HALF}&cach=khi-do",
}
ASKED, GOAL_MS = 9, 200.0


def measured(scale: float) -> dict[str, Any]:
    """All pages, in a process and a server of its own."""
    os.environ |= {"DANCU_DATABASE": "none", "DANCU_SECRET_KEY": "bench", "DANCU_HOSTS": "testserver",
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
            return _of(connections["owner"], server.dsn, scale)
        finally:
            connections.close_all()


def _of(connection: Any, dsn: str, scale: float) -> dict[str, Any]:
    from bench import report, service_figures
    from dancu.platform.access import territory
    from dancu.platform.reports import indicator_sums
    from dancu.sectors.public_services.figures import folding
    from dancu.store.postgres import connect

    territory.set_register_day(dt.date(2024, 6, 21))
    service_figures.fill(connection, scale)
    folding.fold_all(connection, most=100_000)
    with connect(dsn) as con:
        report.people(con, round(2_034_961 * scale))
    indicator_sums.fold(enough=-1)
    with connection.cursor() as cursor:
        # As if each had been known on the day itself: what is asked for as known then is then there.
        cursor.execute("ALTER TABLE services.dossier DISABLE TRIGGER USER")
        cursor.execute("UPDATE services.dossier SET known_from = NULL")
        cursor.execute("ALTER TABLE services.dossier ENABLE TRIGGER USER")
        cursor.execute("VACUUM (ANALYZE) services.dossier, services.kept, services.delta")
    told: dict[str, Any] = {"sum_ms": 1000 * min(_sum(connection) for _ in range(ASKED))}
    client = _client()
    for name, address in PAGES.items():
        times = [_page(client, address)]
        spent = time.process_time()
        times += [_page(client, address) for _ in range(ASKED)]
        told[f"{name}: cpu"] = round(1000 * (time.process_time() - spent) / ASKED, 1)
        told[f"{name}: first"] = round(times[0], 1)
        told[f"{name}: middle"] = round(statistics.median(times[1:]), 1)
        told[name] = round(min(times[1:]), 1)
    return told


def _client() -> Any:
    """A leader of the province, logged in through the log-in page."""
    from django.test import Client

    from dancu.platform.accounts import services

    user, first = services.do_create_user(
        username="bench.lanh.dao", display_name="Lãnh đạo", by="bench", demo=True
    )
    services.do_grant(
        user=user, role="unit_head", unit_code="24", unit_on=dt.date(2024, 6, 21), by="bench", reason="bench"
    )  # fmt: skip
    client = Client()
    client.post("/dang-nhap/", {"username": user.username, "password": first})
    return client


def _page(client: Any, address: str) -> float:
    start = time.perf_counter()
    answer = client.get(address)
    took = 1000 * (time.perf_counter() - start)
    assert answer.status_code == 200, (address, answer.status_code)
    return took


def _sum(connection: Any) -> float:
    start = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(saved_papers) FROM services.dossier")
    return time.perf_counter() - start


def main(scale: float = 1.0) -> None:
    """Fill, ask for each page, hold the least times against the goal."""
    bench = Bench("dashboards", scale)
    row = bench.call(
        measured, who="dancu", what=f"{round(332_400 * scale):,} dossiers", args={"scale": scale}
    )
    for name in PAGES:
        bench.goal(f"board, {name}, ms", goal=GOAL_MS, got=row.extra[name], at_most=True)
    bench.finish()


if __name__ == "__main__":
    main()
