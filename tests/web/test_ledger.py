"""The ledger: each row leaves an entry in its own transaction, entries become leaves, leaves are proved."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from tests.web.register import RegisterSite

from dancu.lib import merkle
from dancu.platform.ledger import bulk
from dancu.store.ledger import proving, sequencing, sets, tiles

NOW = dt.datetime(2024, 6, 21, 8, 0, tzinfo=dt.UTC)


@pytest.fixture
def con(register_site: RegisterSite) -> Iterator[psycopg.Connection[Any]]:
    """The owner's connection, to the register that this module may change."""
    with psycopg.connect(register_site.dsn, autocommit=True) as made:
        yield made


def look(con: psycopg.Connection[Any], count: int = 1, by: str = "thu") -> list[str]:
    """Lines in the access log; their receipts."""
    rows = con.execute(
        "INSERT INTO register.access_log (citizen_id, by, purpose)"
        " SELECT gen_random_uuid(), %s, 'verify' FROM generate_series(1, %s) RETURNING receipt::text",
        [by, count],
    ).fetchall()
    return [row[0] for row in rows]


def waiting(con: psycopg.Connection[Any]) -> int:
    return sequencing.waiting(con).count


def test_a_row_and_its_entry_are_of_one_transaction(con: psycopg.Connection[Any]) -> None:
    sequencing.sequence_all(con)
    with pytest.raises(ZeroDivisionError), con.transaction():
        look(con)
        assert waiting(con) == 1
        raise ZeroDivisionError
    assert waiting(con) == 0
    look(con, 3)
    assert waiting(con) == 3


def test_who_may_add_a_row_needs_no_right_on_the_ledger(con: psycopg.Connection[Any]) -> None:
    before = waiting(con)
    with con.transaction(force_rollback=True):
        con.execute("SET LOCAL timezone = 'Asia/Ho_Chi_Minh'")
        con.execute("ALTER TABLE register.access_log DISABLE ROW LEVEL SECURITY")
        con.execute("SET LOCAL ROLE dancu_app")
        con.execute(
            "INSERT INTO register.access_log (citizen_id, by, purpose) VALUES (gen_random_uuid(), 'a', 'verify')"
        )
        con.execute("RESET ROLE")
        assert waiting(con) == before + 1


def test_the_commitment_is_the_hash_of_salt_and_row(con: psycopg.Connection[Any]) -> None:
    (receipt,) = look(con)
    sequencing.sequence_all(con)
    row = con.execute(
        "SELECT e.salt, e.commitment, l.access_no, l.citizen_id::text, l.at FROM ledger.entry e"
        " JOIN register.access_log l ON l.receipt::text = e.key WHERE e.key = %s", [receipt],
    ).fetchone()  # fmt: skip
    assert row is not None
    at = re.sub(r"\.?0+(?=\+)", "", row[4].astimezone(dt.UTC).isoformat(timespec="microseconds"))
    text = (
        f'{{"access_no" : {row[2]}, "receipt" : "{receipt}", "at" : "{at}", "citizen_id" : "{row[3]}", "by" : "thu",'
        ' "role" : "", "unit_code" : null, "purpose" : "verify", "basis" : "", "fields" : [], "extraordinary" : null,'
        ' "partner" : null, "officer" : null, "channel" : "page", "request_id" : null, "request_digest" : null,'
        ' "hidden_until" : null, "outcome" : null}'
    )
    assert sha256(bytes(row[0]) + text.encode()).digest() == bytes(row[1])


def test_a_leaf_is_what_the_tree_holds_and_its_bytes_are_canonical_json(
    con: psycopg.Connection[Any],
) -> None:
    (receipt,) = look(con)
    sequencing.sequence_all(con)
    (entry,) = proving.entries(con, key=receipt, kind="access")
    told = json.loads(entry.leaf)
    assert (told["v"], told["kind"], told["key"]) == (1, "access.1", receipt)
    assert json.dumps(told, separators=(",", ":"), ensure_ascii=False) == entry.leaf
    proof = proving.inclusion(con, index=entry.index or 0)
    assert proof.leaf_hash == merkle.leaf_hash(entry.leaf.encode())
    assert merkle.included(proof.leaf_hash, proof.index, proof.size, proof.path, proving.root(con))


@pytest.mark.parametrize("count", [1, 255, 256, 257, 700])
def test_tiles_of_any_growth_give_the_root_of_all_leaves(
    con: psycopg.Connection[Any], count: int
) -> None:
    look(con, count)
    while sequencing.sequence(con, most=97):
        first = proving.root(con)
    leaves = con.execute(
        "SELECT ledger.leaf_hash(k.name, e.key, e.at, e.adopted, e.commitment) FROM ledger.entry e"
        " JOIN ledger.kind k USING (kind_no) ORDER BY leaf_index"
    ).fetchall()
    hashes = [bytes(leaf) for (leaf,) in leaves]
    assert first == merkle.root_of(hashes)
    size = len(hashes)
    later, path = proving.consistency(con, first=max(1, size - count))
    before = merkle.root_of(hashes[: max(1, size - count)])
    assert merkle.consistent(max(1, size - count), later, before, merkle.root_of(hashes), path)
    (held,) = con.execute("SELECT count(*) FROM ledger.tile WHERE level = 0").fetchone() or (0,)
    assert held == -(-size // tiles.WIDTH)


def test_writers_at_once_lose_no_entry_and_places_have_no_gap(register_site: RegisterSite) -> None:
    def write() -> None:
        with psycopg.connect(register_site.dsn, autocommit=True) as con:
            for _ in range(15):
                with con.transaction():
                    look(con, 2, by="cùng lúc")

    def give() -> None:
        with psycopg.connect(register_site.dsn, autocommit=True) as con:
            while not over.is_set():
                sequencing.sequence(con, most=7)

    over = threading.Event()
    writers = [threading.Thread(target=write) for _ in range(4)]
    givers = [threading.Thread(target=give) for _ in range(2)]
    for thread in (*writers, *givers):
        thread.start()
    for thread in writers:
        thread.join()
    over.set()
    for thread in givers:
        thread.join()
    with psycopg.connect(register_site.dsn, autocommit=True) as con:
        sequencing.sequence_all(con)
        assert con.execute(
            "SELECT count(*) FROM register.access_log l JOIN ledger.entry e ON e.key = l.receipt::text"
            " WHERE l.by = 'cùng lúc'"
        ).fetchone() == (120,)
        assert con.execute(
            "SELECT max(leaf_index) + 1 = count(*), count(*) = (SELECT size FROM ledger.tree) FROM ledger.entry"
        ).fetchone() == (True, True)


def test_who_commits_late_comes_late_and_is_not_lost(
    register_site: RegisterSite, con: psycopg.Connection[Any]
) -> None:
    with psycopg.connect(register_site.dsn) as slow:
        (early,) = look(slow)
        (late,) = look(con)
        sequencing.sequence_all(con)
        assert proving.entries(con, key=early) == [] and proving.entries(con, key=late)
        slow.commit()
    sequencing.sequence_all(con)
    (one,), (two,) = proving.entries(con, key=early), proving.entries(con, key=late)
    assert (one.index or 0) > (two.index or 0) and one.at < two.at


_KILLED = """
import os, sys, psycopg
from dancu.store.ledger import sequencing, tiles
append = tiles.append
def dies(con, size, hashes):
    append(con, size, hashes)
    print("half", flush=True)
    os.kill(os.getpid(), 9)
tiles.append = dies
with psycopg.connect(sys.argv[1], autocommit=True) as con:
    sequencing.sequence_all(con)
"""


def test_a_giver_killed_in_the_middle_leaves_the_old_tree(
    register_site: RegisterSite, con: psycopg.Connection[Any]
) -> None:
    sequencing.sequence_all(con)
    look(con, 300)
    before = (proving.root(con), waiting(con))
    ended = subprocess.run(
        [sys.executable, "-c", _KILLED, register_site.dsn], capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": "src"},
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (-signal.SIGKILL, "half\n"), ended.stderr
    assert (proving.root(con), waiting(con)) == before
    assert sequencing.sequence_all(con) == 300


def test_rows_from_before_are_taken_in_once_and_say_so(con: psycopg.Connection[Any]) -> None:
    from dancu.store.ledger.installing import install, stored
    from dancu.store.ledger.kinds import Kind, KindError

    ours = [*stored(con).values()]
    con.execute("CREATE TABLE public.old (id bigint, what text, more text)")
    con.execute("INSERT INTO public.old SELECT n, 'dòng ' || n FROM generate_series(10, 1, -1) n")
    kind = Kind("old.1", "old", "id", ("id", "what"))
    assert install(con, [*ours, kind]) == {"old.1": 10}
    assert install(con, [*ours, kind]) == {}
    con.execute("INSERT INTO public.old VALUES (11, 'mới')")
    sequencing.sequence_all(con)
    rows = con.execute(
        "SELECT e.key, e.adopted FROM ledger.entry e JOIN ledger.kind k USING (kind_no) WHERE k.name = 'old.1'"
        " ORDER BY leaf_index"
    ).fetchall()
    assert rows == [*((str(n), True) for n in range(1, 11)), ("11", False)]
    with pytest.raises(KindError, match="next number"):
        install(con, [*ours, Kind("old.1", "old", "id", ("id", "what", "more"))])
    assert install(con, [*ours, Kind("old.2", "old", "id", ("id", "what", "more"))]) == {}
    con.execute("INSERT INTO public.old VALUES (12, 'mới hơn')")
    assert con.execute("SELECT count(*) FROM ledger.pending").fetchone() == (1,)
    install(con, ours)
    con.execute("INSERT INTO public.old VALUES (13, 'không ghi nữa')")
    assert con.execute("SELECT count(*) FROM ledger.pending").fetchone() == (1,)
    con.execute("DROP TABLE public.old")


def test_a_set_is_one_row_and_each_person_in_it_finds_it(register_site: RegisterSite) -> None:
    people = [
        row[0] for row in register_site.ask("SELECT citizen_id::text FROM register.person LIMIT 40")
    ]
    number = bulk.record(
        by="nguoi.xuat", purpose="verify", basis="Công văn 12", what="Danh sách dự thi", citizens=people[:30],
        partner="so-gddt", using="owner",
    )  # fmt: skip
    again = bulk.record(
        by="nguoi.xuat",
        purpose="verify",
        basis="",
        what="Lần hai",
        citizens=people[5:],
        using="owner",
    )
    found = {n: [b.bulk_no for b in bulk.of(citizen_id=people[n], using="owner")] for n in (0, 10, 35)}  # fmt: skip
    assert found == {0: [number], 10: [again, number], 35: [again]}
    (one,) = bulk.of(citizen_id=people[0], using="owner")
    assert bulk.of(citizen_id=people[0]) == []  # a page without a log-in
    assert (one.count, one.partner, one.what) == (30, "so-gddt", "Danh sách dự thi")
    assert bulk.of(citizen_id=uuid4()) == []
    assert register_site.ask(
        "SELECT count(*) FROM ledger.bulk_chunk WHERE bulk_no = %s", number
    ) == [(1,)]


def test_a_set_proves_its_member_and_shows_no_other(register_site: RegisterSite) -> None:
    people = [str(uuid4()) for _ in range(9000)]
    number = bulk.record(
        by="x", purpose="verify", basis="", what="Cả tỉnh", citizens=people, using="owner"
    )
    ((root,),) = register_site.ask("SELECT set_root FROM ledger.bulk WHERE bulk_no = %s", number)
    shown = bulk.proof(bulk_no=number, citizen_id=people[4321])
    assert shown is not None and sets.proves(shown, root)
    assert not any(other in json.dumps(shown) for other in people if other != people[4321])
    assert not sets.proves({**shown, "citizen_id": people[1]}, root)
    assert not sets.proves({**shown, "salt": "00" * 32}, root)
    assert bulk.proof(bulk_no=number, citizen_id=uuid4()) is None


def test_who_was_merged_still_finds_the_sets_of_before(
    register_site: RegisterSite, con: psycopg.Connection[Any]
) -> None:
    old, older, now = (str(uuid4()) for _ in range(3))
    number = bulk.record(
        by="x", purpose="verify", basis="", what="Trước khi hợp nhất", citizens=[older], using="owner"
    )  # fmt: skip
    con.execute(
        "INSERT INTO register.merged (person_id, citizen_id, into_id) VALUES (-1, %s, %s), (-2, %s, %s)",
        [older, old, old, now],
    )
    (one,) = bulk.of(citizen_id=now, using="owner")
    assert (one.bulk_no, one.citizen_id) == (number, older)


def test_a_page_records_a_set_in_its_own_name_only(
    register_site: RegisterSite, client_as: Any, con: psycopg.Connection[Any]
) -> None:
    """As the database sees it: the claim of the log-in says who reads."""
    client = client_as("auditor")
    key = con.execute(
        "SELECT token_hash FROM access.claim WHERE user_id = %s ORDER BY opened_at DESC",
        [client.user.pk],
    ).fetchone()
    assert key is not None
    con.execute(
        "UPDATE access.claim SET token_hash = sha256('bí mật') WHERE token_hash = %s", [key[0]]
    )
    people = [uuid4() for _ in range(3)]
    with con.transaction():
        con.execute("SET LOCAL ROLE dancu_app")
        con.execute("SELECT set_config('dancu.token', 'bí mật', true)")
        given = {
            "purpose": "verification",
            "basis": "",
            "what": "Danh sách",
            "citizens": people,
            "partner": None,
        }
        number = sets.record(con, by=client.user.username, **given)
        assert con.execute("SELECT by FROM ledger.bulk WHERE bulk_no = %s", [number]).fetchone()
        with pytest.raises(psycopg.errors.InsufficientPrivilege), con.transaction():
            sets.record(con, by="nguoi.khac", **given)
        con.execute("RESET ROLE")


def test_what_is_erased_can_be_erased_once_and_only_what_there_is(
    register_site: RegisterSite, con: psycopg.Connection[Any]
) -> None:
    from dancu.store.ledger import erasing
    from dancu.store.ledger.kinds import KindError

    receipts = look(con, 3)
    root = proving.root(con)
    size = tiles.Tiles(con).size()
    done = erasing.erase(
        con, kind="access", keys=[*receipts[:2], str(uuid4())], by="x", law="Luật 91"
    )
    assert done is not None and done.count == 2
    assert erasing.erase(con, kind="access", keys=receipts[:2], by="x", law="Luật 91") is None
    assert con.execute(
        "SELECT count(*) FROM register.access_log WHERE receipt::text = ANY(%s)", [receipts]
    ).fetchone() == (1,)
    sequencing.sequence_all(con)
    (entry,) = proving.entries(con, key=receipts[0])
    proof = proving.inclusion(con, index=entry.index or 0)
    assert merkle.included(
        merkle.leaf_hash(entry.leaf.encode()), proof.index, proof.size, proof.path, proof.root
    )
    assert proving.root(con, size=size) == root
    (told,) = con.execute(
        "SELECT count, leaves::text FROM ledger.erasure WHERE erasure_no = %s", [done.erasure_no]
    )
    assert told[0] == 2 and told[1].startswith("{[")
    with pytest.raises(KindError):
        erasing.erase(con, kind="khong-co", keys=["1"], by="x", law="y")
