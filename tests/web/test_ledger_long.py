"""The ledger over a long access log, as `make bench NAME=ledger` measures it: a part in CI, the whole in `make slow`.

A fiftieth is a million lines with as little of citizens and bulk reads, three seconds of each load instead of twenty;
a tenth takes more than a minute, which CI does not have. Beside other tests a wall time says little: there the goals
for the slowest of a hundred are held by the median and the rate by a quarter, and what does not depend on the machine
is counted. The whole holds the goals as they are, and so does the bench.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest
from bench import ledger, ledger_fill

from dancu.store import supervisor
from dancu.store.ledger import checking, proving, sequencing

LINES = 3_000


@pytest.fixture(scope="module")
def filled(postgres: str) -> Iterator[psycopg.Connection[Any]]:
    """Some lines put in the fast way; the last tile is not full."""
    ledger_fill.fill(postgres, LINES, 100)
    with psycopg.connect(postgres, autocommit=True) as made:
        yield made


@pytest.fixture(scope="module")
def durable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a server with the product's own settings: what it calls committed is on the disk."""
    root = tmp_path_factory.mktemp("durable")
    try:
        yield root
    finally:
        supervisor.destroy(root)


def test_lines_put_in_at_once_are_those_of_the_product(filled: psycopg.Connection[Any]) -> None:
    assert checking.check(filled, keys=[]) == []
    assert ledger_fill.wrong(filled, LINES) == 0
    root = proving.root(filled)
    with filled.transaction(force_rollback=True):
        # The product gives the same entries their places anew.
        entry = "entry_no, at, kind_no, adopted, salt, commitment, key"
        filled.execute(
            f"INSERT INTO ledger.pending ({entry}) OVERRIDING SYSTEM VALUE SELECT {entry} FROM ledger.entry".encode()
        )
        filled.execute("CREATE TABLE before AS TABLE ledger.entry")
        filled.execute("TRUNCATE ledger.entry, ledger.tile")
        filled.execute("UPDATE ledger.tree SET size = 0")
        assert sequencing.sequence_all(filled) == LINES
        assert proving.root(filled) == root
        assert filled.execute("TABLE before EXCEPT TABLE ledger.entry").fetchall() == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE register.access_log SET by = 'khác' WHERE access_no = 7",
        "UPDATE ledger.entry SET salt = '\\x00' WHERE leaf_index = 7",
        "UPDATE ledger.entry SET at = at + interval '1 second' WHERE leaf_index = 7",
        "UPDATE ledger.tile SET hashes = overlay(hashes PLACING '\\x0000' FROM 300) WHERE (level, index) = (0, 0)",
    ],
)
def test_a_line_that_is_not_the_product_s_is_counted(
    filled: psycopg.Connection[Any], change: str
) -> None:
    with filled.transaction(force_rollback=True):
        filled.execute(change.encode())
        assert ledger_fill.wrong(filled, LINES, most=LINES) == 1


def test_the_next_line_goes_the_usual_way(filled: psycopg.Connection[Any]) -> None:
    filled.execute(
        "INSERT INTO register.access_log (citizen_id, by, purpose) VALUES (gen_random_uuid(), 'thu', 'exam')"
    )
    assert sequencing.sequence_all(filled) == 1
    assert filled.execute(
        "SELECT access_no, leaf_index, entry_no FROM register.access_log JOIN ledger.entry ON key = receipt::text"
        " WHERE by = 'thu'"
    ).fetchall() == [(LINES + 1, LINES, LINES + 1)]
    assert checking.check(filled, keys=[]) == []
    assert filled.execute(
        "SELECT count(*) FROM pg_index WHERE indrelid IN ('register.access_log'::regclass, 'ledger.entry'::regclass)"
    ).fetchone() == (7,)


@pytest.mark.parametrize(
    "share", [50, pytest.param(10, marks=pytest.mark.slow)], ids=["a_fiftieth", "a_tenth"]
)
def test_a_part_of_fifty_million_lines(durable: Path, share: int) -> None:
    sets = max(2, ledger.SETS // share)
    got = ledger.measured(
        ledger.ROWS // share,
        ledger.CITIZENS // share,
        sets=sets,
        seconds=3,
        beside=False,
        root=durable,
    )
    for what, figure, goal, at_most in ledger.GOALS:
        value = got[figure.replace("p99", "p50")]
        assert value <= goal if at_most else value >= goal / 4, (what, got)
    counted(got, sets=sets)


@pytest.mark.slow
def test_fifty_million_lines(durable: Path) -> None:
    """About twenty minutes of two cores, and 40 GB of disk while it runs."""
    got = ledger.measured(ledger.ROWS, ledger.CITIZENS, root=durable)
    for what, figure, goal, at_most in ledger.GOALS:
        assert got[figure] <= goal if at_most else got[figure] >= goal, (what, got)
    counted(got, sets=ledger.SETS)


def counted(got: Mapping[str, Any], *, sets: int) -> None:
    """Nothing is lost or added, and an answer or a proof costs what its size asks for, however long the log is."""
    assert got["tree"] == got["rows"] + sets + got["appended"]
    assert got["proof_hashes"] == (got["tree"] - 1).bit_length()
    # Fifty lines, each on a page of its own, and the way there in the index; some pages for each set.
    assert got["own_log_pages"] <= 60, got
    assert got["own_sets_pages"] <= 20 + 4 * sets, got
