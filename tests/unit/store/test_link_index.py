"""The link index in PostgreSQL: what the index in memory says, in transactions, with two writers at once."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import psycopg
import pyarrow as pa
import pytest
from bench.link import SOURCES, draw

from dancu.engine.link import Epoch, link, preset
from dancu.engine.link.live import Index
from dancu.store.errors import StoreError
from dancu.store.link_bulk import epoch_in
from dancu.store.link_index import LinkIndex
from dancu.store.postgres import connect

pytestmark = pytest.mark.postgres

RECORDS, TRUTH = draw(250, seed=31)
RECORDS = RECORDS.take(pa.array(np.argsort(TRUTH, kind="stable")))
ROWS: list[dict[str, Any]] = RECORDS.to_pylist()
IDS = [row["record_id"] for row in ROWS]
JOB = replace(preset("vietnamese_person"), one_per_source=tuple(SOURCES), population=2_000_000)


@cache
def epoch() -> Epoch:
    found = link(RECORDS, JOB).epoch
    assert found is not None
    return found


@pytest.fixture
def schema() -> str:
    return f'link "{secrets.token_hex(4)}'


@pytest.fixture
def register(postgres: str, schema: str) -> Iterator[LinkIndex]:
    """An index with every second record in it."""
    with closing(LinkIndex.open(postgres, epoch(), schema=schema)) as index:
        assert index.load(RECORDS.take(pa.array(range(0, len(ROWS), 2)))) == len(ROWS[::2])
        yield index


def memory() -> Index:
    return Index.of(RECORDS.take(pa.array(range(0, len(ROWS), 2))), epoch())


def test_it_finds_what_the_index_in_memory_finds(register: LinkIndex) -> None:
    other, seen = memory(), 0
    for row in [*ROWS, {}, {"full_name": "Ẩn Danh"}]:
        found = register.find(row)
        assert found == other.find(row)
        seen += len(found)
    assert seen > 100
    assert register.labels() == other.labels()


def test_any_history_gives_the_people_of_the_index_in_memory(register: LinkIndex) -> None:
    other, rng = memory(), np.random.default_rng(5)
    here = set(IDS[::2])
    for what in rng.integers(0, 5, 160).tolist():
        place = int(rng.integers(0, len(IDS)))
        one, near = IDS[place], IDS[(place + int(rng.integers(-3, 4))) % len(IDS)]
        if what < 2:
            row = ROWS[IDS.index(near)]
            assert register.insert(one, row) == other.insert(one, row)
            here.add(one)
        elif what == 2 and one in here:
            register.delete(one)
            other.delete(one)
            here.discard(one)
        elif one != near:
            answer = [True, False, None][int(rng.integers(0, 3))]
            register.judge(one, near, answer)
            other.judge(one, near, answer)
    assert register.labels() == other.labels()
    judged = [("record_a", "ascending"), ("record_b", "ascending")]
    assert register.judgements().sort_by(judged).equals(other.judgements().sort_by(judged))
    for one in here:
        assert register.label(one) == other.label(one)


def test_answers_outlive_a_load(register: LinkIndex) -> None:
    register.judge(IDS[0], IDS[-1 - len(IDS) % 2], True)
    a, b = IDS[0], IDS[-1 - len(IDS) % 2]
    register.load(RECORDS)
    assert register.label(a) == register.label(b)


def test_who_is_not_there_is_said_so(register: LinkIndex) -> None:
    for call in (register.label, register.delete):
        with pytest.raises(KeyError):
            call(10**9)


def test_an_insert_in_the_callers_transaction_is_undone_with_it(
    register: LinkIndex, postgres: str, schema: str
) -> None:
    before = register.labels()
    with connect(postgres) as con:
        index = LinkIndex(con, epoch(), schema=schema)
        with con.transaction(force_rollback=True):
            index.insert(IDS[1], ROWS[1])
            assert IDS[1] in index.labels()
    assert register.labels() == before


def test_a_second_writer_waits_and_sees_the_first(
    register: LinkIndex, postgres: str, schema: str
) -> None:
    pair = next(p for p in link(RECORDS, JOB, epoch=epoch()).pairs.to_pylist() if p["joined"])
    a, b = pair["record_a"], pair["record_b"]
    rows = dict(zip(IDS, ROWS, strict=True))
    register.load(RECORDS.slice(0, 0))
    done = threading.Event()

    def second() -> None:
        with closing(LinkIndex.open(postgres, epoch(), schema=schema)) as other:
            other.insert(b, rows[b])
            done.set()

    writer = threading.Thread(target=second)
    with connect(postgres) as con:
        first = LinkIndex(con, epoch(), schema=schema)
        with con.transaction():
            first.insert(a, rows[a])
            writer.start()
            assert not done.wait(0.5)
        writer.join(20)
    assert done.is_set()
    assert register.label(a) == register.label(b) == min(a, b)


def test_two_writers_at_once_end_with_the_people_of_batch(
    register: LinkIndex, postgres: str, schema: str
) -> None:
    def write(rows: list[dict[str, Any]]) -> None:
        with closing(LinkIndex.open(postgres, epoch(), schema=schema)) as index:
            for row in rows:
                index.insert(row["record_id"], row)

    rest = ROWS[1::2]
    writers = [threading.Thread(target=write, args=[rest[k::2]]) for k in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    links = link(RECORDS, JOB, epoch=epoch()).links.to_pydict()
    assert register.labels() == dict(zip(links["record_id"], links["person_id"], strict=True))


def test_a_new_epoch_relinks_all_and_tells_what_moved(
    register: LinkIndex, postgres: str, schema: str
) -> None:
    register.load(RECORDS)
    before = register.labels()
    strict = link(RECORDS, replace(JOB, threshold=0.9999999)).epoch
    assert strict is not None
    told = register.relink(strict, RECORDS)
    links = link(RECORDS, JOB, epoch=strict).links.to_pydict()
    after = dict(zip(links["record_id"], links["person_id"], strict=True))
    assert register.labels() == after
    assert told.records.tolist() == sorted(i for i in before if before[i] != after[i])
    assert len(told.split) > 0
    assert (told.before, told.after) == (len(set(before.values())), len(set(after.values())))
    with connect(postgres) as con:
        assert epoch_in(con, schema=schema).id == strict.id
        with pytest.raises(StoreError, match="relink"):
            LinkIndex(con, epoch(), schema=schema)


def test_who_opened_it_under_the_old_epoch_is_refused(
    register: LinkIndex, postgres: str, schema: str
) -> None:
    other = link(RECORDS, replace(JOB, threshold=0.99)).epoch
    assert other is not None
    with closing(LinkIndex.open(postgres, epoch(), schema=schema)) as old:
        register.relink(other, RECORDS)
        for call in (lambda: old.find(ROWS[0]), lambda: old.insert(IDS[0], ROWS[0])):
            with pytest.raises(StoreError, match=other.id):
                call()


def test_another_isolation_is_refused(postgres: str, schema: str) -> None:
    with connect(postgres) as con:
        con.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with pytest.raises(StoreError, match="READ COMMITTED"):
            LinkIndex(con, epoch(), schema=schema)
