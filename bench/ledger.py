"""The ledger over a long access log: reading one's own lines, appending, proving one row among all.

SCALE=1 is 50 million lines about 2,034,961 citizens in PostgreSQL with its default settings and fsync on, each with its
entry, all in the tree, and twenty bulk reads of everybody. The lines are put in by `bench/ledger_fill.py`; from then on
everything goes the way it goes in service: rows in transactions of a hundred from eight hands while places are given
beside them, durable and in a signed tree at the end. Beside the figures stands what the same disk and connection do: a
bare query, one committed insert into a table without anything, the same insert with and without the ledger's trigger.
"""

from __future__ import annotations

import contextlib
import random
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.harness import Bench

ROOT = Path(__file__).resolve().parent.parent
ROWS, CITIZENS, SETS = 50_000_000, 2_034_961, 20
HANDS, TOGETHER, PACE, SECONDS = 8, 100, 100, 20
GOALS = (
    ("own log, p99 in ms at 100 a second", "own_log_p99_ms", 50, True),
    ("rows a second, durable and provable", "append_s", 5000, False),
    ("proof made, p99 in ms", "proof_p99_ms", 20, True),
    ("proof checked, p99 in ms", "check_p99_ms", 5, True),
)
"""What it is called, its figure, the goal, whether that is the most."""
_ROLE = {
    kind: f"SET session_replication_role = {role}"
    for kind, role in (("without", "replica"), ("with", "origin"), ("bare", "origin"))
}
"""As a replica, no trigger fires."""
_CITIZEN = "md5('c' || {n})::uuid"


def measured(
    rows: int,
    citizens: int,
    *,
    sets: int = SETS,
    seconds: int = SECONDS,
    beside: bool = True,
    root: Path = ROOT,
) -> dict[str, Any]:
    """Fills a database of its own in the server of a folder, measures, drops it.

    `seconds`: how long the own log is read, then lines appended. `beside`: also what stands beside the figures.
    """
    import psycopg

    from dancu.store import supervisor

    server = supervisor.ensure(root)
    name = f"dancu_bench_{secrets.token_hex(4)}"
    with contextlib.closing(psycopg.connect(server.dsn, autocommit=True)) as con:
        con.execute(f"CREATE DATABASE {name}")
        try:
            return _figures(server.database(name), rows, citizens, sets, seconds, beside)
        finally:
            con.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _figures(
    dsn: str, rows: int, citizens: int, sets: int, seconds: int, beside: bool
) -> dict[str, Any]:
    from bench import ledger_fill
    from dancu.store.postgres import connect

    start = time.perf_counter()

    def say(what: str) -> None:
        print(f"{time.perf_counter() - start:6.0f} s  {what}", flush=True)

    told: dict[str, Any] = {"rows": rows}
    told |= ledger_fill.fill(dsn, rows, citizens, say)
    with connect(dsn, autocommit=True) as con:
        assert not ledger_fill.wrong(con, rows)
        size = con.execute("SELECT pg_database_size(current_database()) / 1000000").fetchone()
        told["database_mb"] = size[0] if size else 0
    say("lines, entries and leaves are what the product makes; bulk reads")
    told |= _sets(dsn, citizens, sets)
    say("own log")
    told |= _own_log(dsn, citizens, sets, seconds)
    if beside:
        told |= _paced(dsn, "bare", lambda con: con.execute("SELECT 1").fetchone(), seconds)
    say("appending")
    told |= _append(dsn, citizens, seconds)
    say("proofs")
    told |= _proofs(dsn)
    return told | _trigger(dsn) if beside else told


def _sets(dsn: str, citizens: int, count: int) -> dict[str, Any]:
    """Bulk reads of everybody; the first also gives everybody a number."""
    from uuid import UUID

    from dancu.store.ledger import sets
    from dancu.store.postgres import connect

    with connect(dsn, autocommit=True) as con:
        found = con.execute(
            f"SELECT {_CITIZEN.format(n='n')} FROM generate_series(0, %s) n".encode(),
            [citizens - 1],
        ).fetchall()
        people = [UUID(str(row[0])) for row in found]
        spent = []
        for number in range(count):
            start = time.perf_counter()
            with con.transaction():
                sets.record(
                    con, by="xuat", purpose="exam", basis="", what=f"Lần {number}", citizens=people, partner=None
                )  # fmt: skip
            spent.append(time.perf_counter() - start)
        size = con.execute("SELECT pg_total_relation_size('ledger.bulk_chunk')").fetchone()
    return {
        "set_first_s": round(spent[0], 2), "set_s": round(sorted(spent[1:])[(count - 1) // 2], 2),
        "set_bytes": round(size[0] / count) if size else 0,
    }  # fmt: skip


def _own_log(dsn: str, citizens: int, count: int, seconds: int) -> dict[str, Any]:
    """Fifty newest lines of a citizen and the sets that the citizen is in, at a steady pace."""
    own = (
        "SELECT at, by, role, unit_code, purpose, basis, fields FROM register.access_log"
        f" WHERE citizen_id = {_CITIZEN.format(n='%s::int')} ORDER BY at DESC LIMIT 50"
    )
    sets = f"SELECT * FROM ledger.bulk_of({_CITIZEN.format(n='%s::int')})"

    def read(con: Any) -> None:
        who = random.randrange(citizens)
        assert con.execute(own, [who]).fetchall() is not None
        assert len(con.execute(sets, [who]).fetchall()) == count

    told = _paced(dsn, "own_log", read, seconds)
    return told | {
        "own_log_pages": _pages(dsn, own, citizens), "own_sets_pages": _pages(dsn, sets, citizens),
    }  # fmt: skip


def _pages(dsn: str, query: str, citizens: int) -> int:
    """How many pages of the database an answer touches, in memory or not: the median of fifty citizens."""
    from dancu.store.postgres import connect

    found = []
    with connect(dsn, autocommit=True) as con:
        # The first ones also read the catalogue, as does one that is planned anew.
        for _ in range(60):
            row: Any = con.execute(
                f"EXPLAIN (ANALYZE, BUFFERS, FORMAT json) {query}".encode(),
                [random.randrange(citizens)],
            ).fetchone()
            plan = row[0][0]["Plan"]
            found.append(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])
    return int(sorted(found[10:])[25])


def _paced(dsn: str, name: str, work: Callable[[Any], object], seconds: int) -> dict[str, Any]:
    """Milliseconds from the moment each was due."""
    import psycopg

    out: list[float] = []
    begin = time.perf_counter() + 0.5

    def hand(which: int) -> None:
        with psycopg.connect(dsn, autocommit=True) as con:
            for number in range(which, PACE * seconds, HANDS):
                due = begin + number / PACE
                time.sleep(max(0.0, due - time.perf_counter()))
                work(con)
                out.append(round(1e3 * (time.perf_counter() - due), 2))

    _together(hand)
    out.sort()
    return {f"{name}_p50_ms": out[len(out) // 2], f"{name}_p99_ms": _p99(out)}


def _append(dsn: str, citizens: int, seconds: int) -> dict[str, Any]:
    """Until every row is in a signed tree: eight hands, a hundred rows a transaction, places given beside them."""
    import psycopg

    from dancu.store.ledger import heads, proving, sequencing
    from dancu.store.postgres import connect

    line = (
        "INSERT INTO register.access_log (citizen_id, by, purpose)"
        f" SELECT {_CITIZEN.format(n='floor(random() * %s)::int')}, 'thu', 'exam' FROM generate_series(1, %s)"
    )
    over, done = threading.Event(), [0] * HANDS
    start = time.perf_counter()

    def hand(which: int) -> None:
        with psycopg.connect(dsn, autocommit=True) as con:
            while time.perf_counter() - start < seconds:
                con.execute(line, [citizens, TOGETHER])
                done[which] += TOGETHER

    def places() -> None:
        with connect(dsn, autocommit=True) as con:
            while not over.wait(0.5):
                sequencing.sequence_all(con)

    giver = threading.Thread(target=places)
    giver.start()
    _together(hand)
    over.set()
    giver.join()
    with connect(dsn, autocommit=True) as con:
        sequencing.sequence_all(con)
        head = heads.sign(con, key=_key(), at=_now())
        spent = time.perf_counter() - start
        assert proving.root(con, size=head.size) == bytes(head.root)
        assert not sequencing.waiting(con).count
    return {"appended": sum(done), "append_s": round(sum(done) / spent)}


def _proofs(dsn: str) -> dict[str, Any]:
    from dancu.lib import merkle
    from dancu.store.ledger import proving, tiles
    from dancu.store.postgres import connect

    made, checked, longest = [], [], 0
    with connect(dsn, autocommit=True) as con:
        size = tiles.Tiles(con).size()
        root = proving.root(con)
        for _ in range(500):
            index = random.randrange(size)
            start = time.perf_counter()
            entry = proving.entry(con, index=index)
            proof = proving.inclusion(con, index=index)
            made.append(time.perf_counter() - start)
            assert entry is not None
            start = time.perf_counter()
            leaf = merkle.leaf_hash(entry.leaf.encode())
            assert merkle.included(leaf, index, size, proof.path, root)
            checked.append(time.perf_counter() - start)
            longest = max(longest, len(proof.path))
    return {
        "tree": size, "proof_p50_ms": _ms(made, 0.5), "proof_p99_ms": _ms(made, 0.99),
        "check_p50_ms": _ms(checked, 0.5), "check_p99_ms": _ms(checked, 0.99),
        "proof_hashes": longest,
    }  # fmt: skip


def _trigger(dsn: str) -> dict[str, Any]:
    """One committed insert: into a bare table, into the log without and with the ledger's trigger, in turn."""
    from dancu.store.postgres import connect

    line = "INSERT INTO register.access_log (citizen_id, by, purpose) VALUES (gen_random_uuid(), 'thu', 'exam')"
    spent: dict[str, list[float]] = {"bare": [], "without": [], "with": []}
    with connect(dsn, autocommit=True) as con:
        con.execute("CREATE TABLE bare (id bigint, said text)")
        for turn in range(1500):
            kind = ("bare", "without", "with")[turn % 3]
            con.execute(_ROLE[kind].encode())
            start = time.perf_counter()
            con.execute("INSERT INTO bare VALUES (1, 'x')" if kind == "bare" else line)
            spent[kind].append(time.perf_counter() - start)
        # Many in one statement: what the trigger itself costs, without a commit each.
        many = {}
        for kind in ("without", "with"):
            con.execute(_ROLE[kind].encode())
            start = time.perf_counter()
            con.execute(
                "INSERT INTO register.access_log (citizen_id, by, purpose)"
                " SELECT gen_random_uuid(), 'thu', 'exam' FROM generate_series(1, 20000)"
            )
            many[kind] = time.perf_counter() - start
    told = {f"insert_{kind}_p50_ms": _ms(times, 0.5) for kind, times in spent.items()}
    return told | {"trigger_us_a_row": round((many["with"] - many["without"]) / 20000 * 1e6, 1)}


def _key() -> Any:
    from dancu.lib import signing
    from dancu.store.keyring import Key

    made = signing.new()
    jwk = signing.jwk(made.public_key())
    return Key(jwk["kid"], jwk, made)


def _now() -> Any:
    import datetime as dt

    return dt.datetime.now(dt.UTC)


def _together(work: Callable[[int], None]) -> None:
    threads = [threading.Thread(target=work, args=(which,)) for which in range(HANDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _p99(spent: list[float]) -> float:
    return spent[int(0.99 * (len(spent) - 1))]


def _ms(spent: list[float], share: float) -> float:
    return round(1e3 * sorted(spent)[int(share * (len(spent) - 1))], 3)


def main(scale: float = 1.0) -> None:
    """`scale` 1 is 50 million lines of 2,034,961 citizens."""
    bench = Bench("ledger", scale)
    args = {"rows": max(1000, int(ROWS * scale)), "citizens": max(1000, int(CITIZENS * scale))}
    row = bench.call(measured, who="dancu", what="ledger", args=args, shown=True)
    for name, value in row.extra.items():
        print(f"{name}: {value}")
    for what, figure, goal, most in GOALS:
        bench.goal(what, goal=goal, got=row.extra[figure], at_most=most)
    bench.finish()
