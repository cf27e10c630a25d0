"""Events and merges while processes are killed, the disk is full, the clock runs back, and messages come twice.

What holds afterwards: an acknowledged event is there; every event that is there has its result; the register is what
a batch over its records gives; each event's messages are on the outbox once; who sends all again changes nothing.
"""

from __future__ import annotations

import contextlib
import copy
import os
import random
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.bad_days import victim
from tests.bad_days.conftest import Durable
from tests.bad_days.victim import Victim
from tests.property.test_register_live import History, World
from tests.small import ON, Small

from dancu.store.link_index import LinkIndex
from dancu.store.register import loading, schema
from dancu.store.register.live import Register
from dancu.store.register.told import Answer, Incoming

EVENTS = 25
"""That happen in a story."""


@pytest.fixture(scope="module")
def first(durable: Durable, small: Small) -> World:
    """The province's records and epoch, made once; its database is not used."""
    with psycopg.connect(durable.server.dsn, autocommit=True) as con:
        con.execute("CREATE DATABASE world")
    made = World(small, durable.server.database("world"))
    made.register.close()
    made.reader.close()
    return made


@pytest.fixture
def world(first: World, durable: Durable, database: Callable[[], str]) -> Iterator[World]:
    """A register of its own, empty."""
    made: Any = copy.copy(first)
    made.name = database()
    _meet(made, durable.server.database(made.name), new=True)
    yield made
    with contextlib.suppress(psycopg.Error):
        made.register.close()
        made.reader.close()


def _meet(world: Any, dsn: str, *, new: bool = False) -> None:
    """Open it (again)."""
    world.dsn = dsn
    if new:
        with psycopg.connect(dsn) as con:
            loading.create(con)
            loading.begin(con, ON, True, world.context.sources, "test")
        with psycopg.connect(dsn, autocommit=True) as con:
            LinkIndex(con, world.epoch)
    world.register = Register.open(dsn)
    world.reader = psycopg.connect(dsn, autocommit=True)


def story(world: World, seed: int = 1) -> tuple[History, list[Incoming]]:
    """A register of sixty records, and many things that happen to it: births, changes, removals, merges, splits."""
    history, chance = History(world), random.Random(seed)
    sent: list[Incoming] = []
    fields = ["full_name", "phone", "birth_date", "unit_code", "household_number", "life_status"]
    while len(sent) < EVENTS:
        place = chance.randrange(len(world.pool))
        step = chance.choices(["put", "take", "edit", "judge"], [4, 1, 4, 3])[0]
        value = chance.choice(["same", "different"]) if step == "judge" else chance.choice(fields)
        other = chance.randint(1, 4) if step == "judge" else chance.randrange(len(world.pool))
        if (event := history._step(step, place, other, value)) is not None:
            sent.append(event)
    return history, sent


def check(world: World, sent: list[Incoming], acknowledged: dict[str, int]) -> list[str]:
    """The rules above; the ids that are in the register."""
    ask = lambda query: world.reader.execute(query).fetchall()  # noqa: E731
    mine = {event.id for event in sent}
    kept = {
        i: (n, r)
        for i, n, r in ask("SELECT ce_id, event_no, result FROM register.event")
        if i in mine
    }
    assert all(kept[i][0] == number for i, number in acknowledged.items()), (
        "an acknowledged event is lost"
    )
    assert all(result is not None for _, result in kept.values()), "an event without its result"
    _is_a_batch(world)
    told = Counter(ask("SELECT event_no, kind FROM register.outbox WHERE kind = 'person.changed'"))
    assert set(told.values()) <= {1}
    changed = {
        n
        for n, _ in ask(
            "SELECT DISTINCT event_no, 1 FROM register.person WHERE event_no IS NOT NULL"
        )
    }
    assert changed <= {n for n, _ in told}, "a change of which nobody is told"
    assert not ask(
        "SELECT event_no FROM register.outbox EXCEPT SELECT event_no FROM register.event"
    )
    assert not ask(
        "SELECT event_no FROM register.judgement EXCEPT SELECT event_no FROM register.event"
    )
    return [event.id for event in sent if event.id in kept]


def _is_a_batch(world: World) -> None:
    """The register against one batch over the very records and answers that are in it."""
    columns = list(schema.standard())
    given = {row["record_id"]: row for row in world.pool}
    with world.reader.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        found = cursor.execute(f"SELECT {', '.join(columns)} FROM register.standard").fetchall()
    rows = {row["record_id"]: {**given[row["record_id"]], **row} for row in found}
    answers: dict[tuple[int, int], bool] = {}
    for a, b, verdict in world.reader.execute(
        "SELECT record_a, record_b, verdict FROM register.judgement ORDER BY judgement_no"
    ):
        answers[a, b] = verdict == "same"
    expected, live = world.batch(rows, answers), world.live()
    for name, content in expected.items():
        assert sorted(live[name], key=str) == sorted(content, key=str), name


def again(world: World, sent: list[Incoming], there: list[str]) -> None:
    """All of it sent once more, in the same order: known ones are recognised, and nothing is there twice."""
    outcomes = [world.register.apply([event])[0] for event in sent]
    assert [event.id for event, o in zip(sent, outcomes, strict=True) if o.repeated] == there
    ((events, ids, judged),) = world.reader.execute(
        "SELECT count(*), count(DISTINCT ce_id), (SELECT count(*) FROM register.judgement) FROM register.event"
    ).fetchall()
    assert events == ids and judged == len([event for event in sent if event.judgement])
    check(world, sent, {event.id: o.event_no for event, o in zip(sent, outcomes, strict=True)})


def _heard(writer: Victim, upto: int) -> dict[str, int]:
    assert writer.hear() == "ready"
    return dict(writer.hear() for _ in range(upto))


def test_the_process_that_writes_is_killed_again_and_again(world: World) -> None:
    """The web process and the worker write alike: through a `Register` of their own."""
    _, sent = story(world)
    acknowledged: dict[str, int] = {}
    left = sent
    for upto in (5, 1, 17):
        writer = Victim(victim.write, world.dsn, left)
        acknowledged |= _heard(writer, upto)
        time.sleep(random.Random(upto).random() * 0.02)
        writer.kill()
        acknowledged |= dict(said for said in writer.rest() if isinstance(said, tuple))
        left = sent[len(acknowledged) :]  # the next one may send again what was done and not heard
    _settled(world)
    there = check(world, sent, acknowledged)
    assert len(acknowledged) <= len(there) <= len(acknowledged) + 1
    again(world, sent, there)


def _settled(world: World) -> None:
    """What the killed process had begun is undone by the server as soon as it notices: wait for its lock."""
    world.reader.execute("SELECT pg_advisory_lock(%s)", [0x6C696E6B])
    world.reader.execute("SELECT pg_advisory_unlock(%s)", [0x6C696E6B])


def test_postgresql_is_killed_among_events(world: Any, durable: Durable) -> None:
    _, sent = story(world, seed=2)
    writer = Victim(victim.write, world.dsn, sent)
    acknowledged = _heard(writer, 12)
    durable.kill()
    said = writer.rest() or [None]
    acknowledged |= dict(one for one in said if isinstance(one, tuple))
    assert said[-1] in ("OperationalError", "AdminShutdown", "InterfaceError")
    _meet(world, durable.again(world.name))
    there = check(world, sent, acknowledged)
    assert 12 <= len(acknowledged) <= len(there) <= len(acknowledged) + 1 < len(sent)
    again(world, sent, there)


def test_killed_in_the_middle_of_a_merge(world: World) -> None:
    """Held still inside the transaction, after the two are one and before it is committed."""
    history = History(world)
    a, b = (world.pool[p]["record_id"] for p in (1, 2))
    before = world.live()
    merge = Incoming(
        "test", "merge", "judgement", "tester", b"m", {}, (), Answer(min(a, b), max(a, b), "same")
    )
    held = Victim(held_merge, world.dsn, merge)
    assert held.hear() == "merged, not committed"
    held.kill()
    _settled(world)
    assert world.live() == before
    assert world.reader.execute("SELECT count(*) FROM register.judgement").fetchone() == (0,)
    (outcome,) = world.register.apply([merge])
    assert not outcome.repeated
    history.answers[min(a, b), max(a, b)] = True
    _is_a_batch(world)


def held_merge(say: Any, dsn: str, event: Incoming) -> None:
    """Apply, and stop before the commit."""
    register = Register.open(dsn)
    with register._con.transaction():
        register.apply([event])
        say.send("merged, not committed")
        say.recv()


@pytest.fixture
def small_disk(durable: Durable, world: World) -> Iterator[Path]:
    """A disk of four megabytes that holds the register's growing tables."""
    place = Path(tempfile.mkdtemp(prefix="dancu-disk-", dir="/var/tmp"))
    size = ["mount", "-t", "tmpfs", "-o", "size=4m,mode=0711", "tmpfs", str(place)]
    if subprocess.run(size, capture_output=True, check=False).returncode:
        place.rmdir()
        pytest.skip("mounting a small disk needs the rights of root")
    try:
        inside = place / "tables"
        inside.mkdir()
        owner = (durable.server.data or Path()).stat()
        os.chown(inside, owner.st_uid, owner.st_gid)
        world.reader.execute(f"CREATE TABLESPACE small_disk LOCATION '{inside}'")
        for table in GROWING:
            world.reader.execute(f"ALTER TABLE register.{table} SET TABLESPACE small_disk")
        yield place
        for table in GROWING:
            world.reader.execute(f"ALTER TABLE register.{table} SET TABLESPACE pg_default")
        world.reader.execute("DROP TABLESPACE small_disk")
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)
        place.rmdir()


GROWING = ("event", "record", "record_history", "standard", "person_history", "outbox")


def test_a_full_disk_refuses_the_event_and_harms_nothing(world: World, small_disk: Path) -> None:
    _, sent = story(world, seed=3)
    done = {event.id: world.register.apply([event])[0].event_no for event in sent[:5]}
    filler = small_disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    refused = 0
    for event in sent[5:]:
        try:
            done[event.id] = world.register.apply([event])[0].event_no
        except psycopg.errors.DiskFull:
            refused += 1
    assert refused
    there = check(world, sent, done)
    assert there == [event.id for event in sent if event.id in done]
    filler.unlink()
    again(world, sent, there)


def test_the_clock_is_set_back_an_hour(world: World) -> None:
    """As if everything had been recorded an hour later than it is now."""
    _, sent = story(world, seed=4)
    for event in sent[:20]:
        world.register.apply([event])
    for table in ("person", "record"):
        world.reader.execute(
            f"UPDATE register.{table} SET recorded_from = recorded_from + interval '1 hour'"
        )
    world.reader.execute(
        "UPDATE register.person_history SET recorded = tstzrange(lower(recorded) + interval '1 hour', upper(recorded) + interval '1 hour')"  # noqa: E501
    )
    for event in sent[20:]:
        world.register.apply([event])
    ((wrong,),) = world.reader.execute(
        "SELECT count(*) FROM (SELECT recorded FROM register.person_history UNION ALL"
        " SELECT recorded FROM register.record_history) h WHERE isempty(recorded) OR lower(recorded) >= upper(recorded)"
    ).fetchall()
    ((ahead,),) = world.reader.execute(
        "SELECT count(*) FROM register.person p JOIN register.person_history h USING (person_id)"
        " WHERE upper(h.recorded) > p.recorded_from"
    ).fetchall()
    assert (wrong, ahead) == (0, 0)
    check(world, sent, {})


def test_two_processes_send_the_same_events_at_once(world: World) -> None:
    """A partner that hears no answer sends again while the first is still being done."""
    _, sent = story(world, seed=5)
    outcomes: list[list[Any]] = [[], []]

    def send(mine: list[Any]) -> None:
        with contextlib.closing(Register.open(world.dsn)) as register:
            mine += [register.apply([event])[0] for event in sent[:25]]

    threads = [threading.Thread(target=send, args=(mine,)) for mine in outcomes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, second = outcomes
    assert [o.event_no for o in first] == [o.event_no for o in second]
    assert all(a.repeated != b.repeated for a, b in zip(first, second, strict=True))
    check(world, sent[:25], {e.id: o.event_no for e, o in zip(sent, first, strict=False)})
