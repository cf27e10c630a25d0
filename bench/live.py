"""The living register: a run loaded, then events from many hands; how many a second, how long until the score moved.

A generated province is run, loaded into the checkout's own PostgreSQL (fsync on, default settings) and sent deaths,
moves, weddings, lost cards and corrections of its people, each made standard, matched, judged and committed: by one
hand after the other, by eight hands at once, and at a steady pace of 150 a second, where a latency counts from the
moment the event was due. The server's CPU is not in the process's figures. Beside it stands what the same disk and
connection do with one committed insert of a row, since an absolute time on a shared machine says little.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import random
import secrets
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.harness import Bench

ROOT = Path(__file__).resolve().parent.parent
ON = "2024-06-21"
ALONE, TOGETHER, PACE, HANDS = 300, 2_000, 150, 8
"""Events sent by one hand; by eight; how many a second at a steady pace (for ten seconds)."""


def measured(run: str) -> dict[str, Any]:
    """Loads the run into a database of its own, sends the events, drops the database."""
    import psycopg

    from dancu.store import supervisor

    server = supervisor.ensure(ROOT)
    name = f"dancu_bench_{secrets.token_hex(4)}"
    with contextlib.closing(psycopg.connect(server.dsn, autocommit=True)) as con:
        con.execute(f"CREATE DATABASE {name}")
        try:
            return _loaded(server.database(name), Path(run))
        finally:
            con.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _loaded(dsn: str, run: Path) -> dict[str, Any]:
    from dancu.cli.execute import context_of, open_run
    from dancu.store.postgres import connect
    from dancu.store.register import loading

    with connect(dsn) as con:
        loading.create(con, indexed=False)
    marks: dict[str, float] = {}
    start = time.perf_counter()
    context, _ = context_of(run)

    def note(what: str, share: float) -> None:
        if share >= 0.5:
            marks.setdefault("copied_s", round(time.perf_counter() - start, 1))

    with open_run(run) as store:
        origin = loading.Origin(store, context.on, context.test_people, context.sources, run.name)
        loaded = loading.load(dsn, origin, progress=note)
    marks["usable_s"] = round(time.perf_counter() - start, 1)
    return (
        {"citizens": loaded.rows["person"], "records": loaded.rows["record"]} | marks | _events(dsn)
    )


def _events(dsn: str) -> dict[str, Any]:
    from dancu.store.register.desk import Desk

    desk = Desk(dsn)
    with contextlib.closing(desk):
        sent = _drawn(dsn, desk.context())
        for _ in range(60):
            desk.submit(next(sent))
        alone = _spent(lambda: desk.submit(next(sent)), ALONE)
        busy, rate = _hands(desk, sent)
        paced = _paced(desk, sent)
    told = {"alone_p50_ms": alone[len(alone) // 2], "alone_p99_ms": _p99(alone)}
    told |= {"hands": HANDS, "events_s": round(rate, 1)}
    told |= {"hands_p50_ms": busy[len(busy) // 2], "hands_p99_ms": _p99(busy)}
    told |= {"pace_s": PACE, "pace_p50_ms": paced[len(paced) // 2], "pace_p99_ms": _p99(paced)}
    return told | {"insert_p50_ms": _insert(dsn)}


def _p99(spent: list[float]) -> float:
    return spent[int(0.99 * (len(spent) - 1))]


def _spent(work: Any, times: int) -> list[float]:
    """Milliseconds of each call, in ascending order."""
    out = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        out.append(round(1e3 * (time.perf_counter() - start), 2))
    return sorted(out)


def _hands(desk: Any, sent: Iterator[Any]) -> tuple[list[float], float]:
    """Eight threads, each sending its next event when the one before is answered."""
    events = [next(sent) for _ in range(TOGETHER)]
    out: list[float] = []

    def work(mine: list[Any]) -> None:
        for event in mine:
            start = time.perf_counter()
            desk.submit(event)
            out.append(round(1e3 * (time.perf_counter() - start), 2))

    start = time.perf_counter()
    threads = [threading.Thread(target=work, args=(events[k::HANDS],)) for k in range(HANDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(out), TOGETHER / (time.perf_counter() - start)


def _paced(desk: Any, sent: Iterator[Any]) -> list[float]:
    """Events at a steady pace, whether the one before is answered or not; latency from when it was due."""
    events = [next(sent) for _ in range(10 * PACE)]
    out: list[float] = []
    start = time.perf_counter() + 0.1
    waiting = []
    for k, event in enumerate(events):
        due = start + k / PACE
        time.sleep(max(0.0, due - time.perf_counter()))
        future = desk.send(event)
        future.add_done_callback(
            lambda _, due=due: out.append(round(1e3 * (time.perf_counter() - due), 2))
        )
        waiting.append(future)
    for future in waiting:
        future.result(60)
    return sorted(out)


def _drawn(dsn: str, context: Any) -> Iterator[Any]:
    """Events of people drawn at random, as a justice officer or the police would enter them."""
    import psycopg

    from dancu.store.register.desk import Refused, entry

    rng = random.Random(5)
    with contextlib.closing(psycopg.connect(dsn)) as con:
        people = con.execute(
            "SELECT full_name, personal_number, to_char(birth_date, 'DD/MM/YYYY'), sex, unit_code"
            " FROM register.person TABLESAMPLE SYSTEM (2) REPEATABLE (3)"
            " WHERE personal_number IS NOT NULL AND birth_date IS NOT NULL AND life_status = '1'"
            " AND unit_code IS NOT NULL AND full_name IS NOT NULL ORDER BY md5(person_id::text) LIMIT 8000"
        ).fetchall()
    units = sorted({p[4] for p in people})
    number = 0
    while True:
        name, personal, birth, sex, _ = people[number % len(people)]
        spouse = people[(number * 7 + 1) % len(people)]
        number += 1
        day = (context.on - dt.timedelta(days=rng.randrange(1, 90))).strftime("%d/%m/%Y")
        who = {"full_name": name, "personal_number": personal, "birth_date": birth}
        who["sex"] = "Nam" if sex == "1" else "Nữ"
        kind, more = rng.choice(
            (
                ("death", {"death_date": day}),
                ("move", {"event_date": day, "commune_code": rng.choice(units)}),
                ("marriage", {"marriage_date": day, "spouse_name": spouse[0], "spouse_number": spouse[1]}),
                ("card_lost", {"event_date": day}),
                ("correction", {"phone": f"09{rng.randrange(10**8):08d}"}),
            )
        )  # fmt: skip
        # A name that the register holds but a form would not take is nobody's event here.
        with contextlib.suppress(Refused):
            yield entry(
                kind, who | more, context=context, by="bench", source="bench",
                id=f"{secrets.token_hex(4)}-{number}",
            )  # fmt: skip


def _insert(dsn: str) -> float:
    """Median of one committed insert of one row, on the same server."""
    import psycopg

    with contextlib.closing(psycopg.connect(dsn, autocommit=True)) as con:
        con.execute("CREATE TABLE one (n bigint PRIMARY KEY)")
        numbers = iter(range(10**6))
        spent = _spent(lambda: con.execute("INSERT INTO one VALUES (%s)", [next(numbers)]), 500)
    return spent[len(spent) // 2]


def main(scale: float = 0.1) -> None:
    bench = Bench("live", scale)
    home = ROOT / "var" / "bench" / f"province-{scale:g}"
    run = ROOT / "var" / "bench" / f"run-{scale:g}"
    dancu = [sys.executable, "-m", "dancu"]
    if not (home / "truth").is_dir():
        bench.command(
            [*dancu, "province", "--scale", f"{scale}", "--seed", "7", "--out", str(home)],
            who="dancu province", what="generate",
        )  # fmt: skip
    bench.command(
        [*dancu, "run", str(home / "lists"), "--out", str(run), "--on", ON, "--test-people"],
        who="dancu run", what="run (kept from before if nothing changed)",
    )  # fmt: skip
    row = bench.call(measured, who="dancu", what="load, then events", args={"run": str(run)})
    told = row.extra
    for name, figure in told.items():
        print(f"  {name:<16} {figure:>12,}")
    bench.goal("copied, minutes", goal=1.2, got=told["copied_s"] / 60, at_most=True)
    bench.goal("usable, minutes", goal=6.0, got=told["usable_s"] / 60, at_most=True)
    bench.goal("events a second, eight hands", goal=150, got=told["events_s"])
    for how in ("hands", "pace"):
        got = told[f"{how}_p99_ms"]
        bench.goal(f"event to moved score, p99 in ms, {how}", goal=100, got=got, at_most=True)
    bench.finish()
