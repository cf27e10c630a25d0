"""A change of units applied to a small register: the same as one batch asked for on that day; undone, as before."""

from __future__ import annotations

import contextlib
import datetime as dt
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pytest
from tests.small import ON, Small

from dancu.cli.execute import execute, open_run, open_store
from dancu.engine import events, golden, score, validate
from dancu.engine.events.residences import residences
from dancu.engine.link import Epoch, link
from dancu.engine.ports import Context
from dancu.store import supervisor
from dancu.store.duckdb import DuckStore
from dancu.store.register import loading, moves, moving, schema, scoring
from dancu.store.register.loading import context_in
from dancu.store.register.working import perform

MERGED, TWO_LEVELS = dt.date(2025, 1, 1), dt.date(2025, 7, 1)
TODAY = dt.date(2026, 11, 27)
Tables = dict[str, list[Any]]


@dataclass
class World:
    """The lists of a small province, and a database with the register of 21 June 2024 to copy from."""

    folder: Path
    small: Small
    server: supervisor.Server
    template: str

    def batch(self, on: dt.date, epoch: Epoch) -> Tables:
        """What one batch over the same lists makes of that day, under the register's own epoch."""
        job = replace(self.small.job(), out=self.folder / f"run-{on}", on=on, until="standardise")
        with open_store(job.out) as store:
            execute(job, store)
            standard = store.fetch("SELECT * FROM standard ORDER BY record_id")
        with DuckStore(threads=1) as store:
            store.put("standard", standard)
            made = link(standard, epoch.settings, epoch=epoch)
            store.put("links", made.links)
            store.put("pairs", made.pairs)
            for plan in (golden.plan, events.plan, validate.plan, score.plan):
                perform(store, plan(job.context()))
            return {name: _rows(store.fetch(query)) for name, query in _BATCH.items()}


@dataclass(frozen=True)
class Applied:
    """A database to copy from, and the number of the change that was applied to it last."""

    template: str
    number: int


_FINDING = "rule_id, level, {}, source, unit_code, group_key"
_SCORE = "rule_id, level, source, unit_code, evaluated, failed"
_BATCH = {
    "standard": f"SELECT {', '.join(f's.{c}' for c in schema.standard())}, l.person_id FROM standard s"
    " JOIN links l ON l.record_id = s.record_id",
    "person": f"SELECT {', '.join(schema.person())} FROM persons",
    "contested": f"SELECT {', '.join(schema.CONTESTED)} FROM contested",
    "life_event": f"SELECT {', '.join(schema.LIFE_EVENT)} FROM events",
    "residence": residences(),
    "finding": f"SELECT {_FINDING.format('id')} FROM findings",
    "score": f"SELECT {_SCORE} FROM counts",
    "scores": f"SELECT {scoring.COLUMNS} FROM scores",
    "duplicate": loading.DUPLICATES,
}
_LIVE = {
    "standard": f"SELECT {', '.join(schema.standard())}, person_id FROM register.standard",
    "person": f"SELECT {', '.join(schema.person())} FROM register.person",
    "contested": f"SELECT {', '.join(schema.CONTESTED)} FROM register.contested",
    "life_event": f"SELECT {', '.join(schema.LIFE_EVENT)} FROM register.life_event",
    "residence": f"SELECT {', '.join(schema.RESIDENCE)} FROM register.residence",
    "finding": f"SELECT {_FINDING.format('subject_id')} FROM register.finding WHERE closed_at IS NULL",
    "score": f"SELECT {_SCORE} FROM register.score",
    "duplicate": "SELECT record_a, record_b, score, probability, joined, blocked_by, unit_a, unit_b"
    " FROM register.duplicate WHERE settled_at IS NULL",
}


def _rows(table: pa.Table) -> list[Any]:
    return sorted(zip(*(c.to_pylist() for c in table.columns), strict=True), key=repr)


def live(dsn: str) -> Tables:
    """The register as it stands, with the scores of now."""
    with psycopg.connect(dsn) as con:
        found = {
            name: sorted(map(tuple, con.execute(query.encode()).fetchall()), key=repr)
            for name, query in _LIVE.items()
        }
        found["scores"] = _rows(scoring.scores_now(con, context_in(con)))
    return found


def same(found: Tables, expected: Tables) -> None:
    for name, rows in expected.items():
        here, there = set(map(repr, found[name])), set(map(repr, rows))
        assert not here - there and not there - here, (
            name,
            [*(here - there)][:2],
            [*(there - here)][:2],
        )
        assert len(found[name]) == len(rows), name


@pytest.fixture(scope="module")
def world(
    small: Small, tmp_path_factory: pytest.TempPathFactory, postgres_server: supervisor.Server
) -> Iterator[World]:
    name = f"moves_{secrets.token_hex(4)}"
    with contextlib.closing(psycopg.connect(postgres_server.dsn, autocommit=True)) as con:
        con.execute(f"CREATE DATABASE {name}".encode())
    dsn = postgres_server.database(name)
    with psycopg.connect(dsn) as con:
        loading.create(con)
        con.execute(scoring.PATTERNS)
    with open_run(small.run) as store:
        loading.load(dsn, loading.Origin(store, ON, True, small.job().context().sources, "test"))
    yield World(tmp_path_factory.mktemp("moves"), small, postgres_server, name)


def copied(world: World, template: str) -> str:
    """The name of a new database that holds what the other holds."""
    name = f"moves_{secrets.token_hex(4)}"
    with contextlib.closing(psycopg.connect(world.server.dsn, autocommit=True)) as con:
        con.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
    return name


@pytest.fixture(scope="module")
def after_first(world: World) -> Applied:
    """The register after the first change; its number there."""
    name = copied(world, world.template)
    return Applied(name, apply(world.server.database(name), MERGED))


@pytest.fixture(scope="module")
def after_second(world: World, after_first: Applied) -> Applied:
    """And after the second."""
    name = copied(world, after_first.template)
    return Applied(name, apply(world.server.database(name), TWO_LEVELS))


@pytest.fixture
def dsn(world: World) -> Iterator[str]:
    """A register of this test's own."""
    with own(world, world.template) as dsn:
        yield dsn


@pytest.fixture
def merged(world: World, after_first: Applied) -> Iterator[tuple[str, int]]:
    """A register of this test's own to which the first change was applied, and the change's number."""
    with own(world, after_first.template) as dsn:
        yield dsn, after_first.number


@pytest.fixture
def two_levels(world: World, after_second: Applied) -> Iterator[str]:
    """A register of this test's own to which both changes were applied."""
    with own(world, after_second.template) as dsn:
        yield dsn


@contextlib.contextmanager
def own(world: World, template: str) -> Iterator[str]:
    name = copied(world, template)
    yield world.server.database(name)
    with contextlib.closing(psycopg.connect(world.server.dsn, autocommit=True)) as con:
        con.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def draft(dsn: str, day: dt.date) -> int:
    with psycopg.connect(dsn) as con:
        number = moves.draft(con, moves.packed(con, day), day=day, resolution="NQ thử", by="thu")
        assert not [p for p in moves.check(con, number) if p.stops]
        moves.preview(con, number)
    return number


def apply(dsn: str, day: dt.date) -> int:
    number = draft(dsn, day)
    moving.apply(dsn, context(dsn), number, by="thu", today=TODAY)
    return number


def context(dsn: str) -> Context:
    with psycopg.connect(dsn) as con:
        return context_in(con)


def test_scores_now_are_the_batch_s_digit_for_digit(world: World, dsn: str) -> None:
    with open_run(world.small.run) as store:
        expected = _rows(store.fetch(f"SELECT {scoring.COLUMNS} FROM scores"))
    with psycopg.connect(dsn) as con:
        assert _rows(scoring.scores_now(con, context_in(con))) == expected


def test_gaps_now_are_the_batch_s(world: World, dsn: str) -> None:
    columns = "scope_code, target, records_to_fix, identifier_records"
    with open_run(world.small.run) as store:
        expected = {r[0]: r for r in _rows(store.fetch(f"SELECT {columns} FROM gaps"))}
    with psycopg.connect(dsn) as con:
        found = scoring.gaps_now(con, context_in(con), sorted(expected))
    assert {r[0]: r for r in _rows(found.select(columns.split(", ")))} == expected


@pytest.mark.parametrize("day", [pytest.param(MERGED, marks=pytest.mark.slow), TWO_LEVELS])
def test_reorganisations_end_where_one_batch_of_that_day_would(
    world: World, after_first: Applied, after_second: Applied, day: dt.date
) -> None:
    with open_run(world.small.run) as store:
        epoch = Epoch.from_table(store.fetch("SELECT * FROM link_epoch"))
    applied = after_first if day == MERGED else after_second
    same(live(world.server.database(applied.template)), world.batch(day, epoch))


def test_a_closed_day_reads_the_same_after_units_merged(dsn: str) -> None:
    with psycopg.connect(dsn) as con:
        said = scoring.scores_now(con, context_in(con))
        assert scoring.freeze_day(con, context_in(con)) == said.num_rows
    apply(dsn, MERGED)
    with psycopg.connect(dsn) as con:
        con.execute("UPDATE register.score_count SET failed = failed + 1")
        assert scoring.freeze_day(con, Context(ON)) == 0
        assert _rows(scoring.scores_on(con, ON)) == _rows(said)


def test_restated_scores_add_up_to_the_same_people(merged: tuple[str, int]) -> None:
    dsn, _ = merged
    with psycopg.connect(dsn) as con:
        then = scoring.scores_on(con, ON).to_pylist()
        found = scoring.restated(con, ON, to=MERGED)
    now = {
        r["scope_code"]: r
        for r in found.scores.to_pylist()
        if _index(r) and r["scope"] == "commune"
    }
    was = {r["scope_code"]: r for r in then if _index(r) and r["scope"] == "commune"}
    joined = [was[c] for c in ("07204", "07207") if c in was]
    assert now["07207"]["evaluated"] == sum(r["evaluated"] for r in joined)
    assert now["07207"]["passed"] == sum(r["passed"] for r in joined)
    kept = sum(r["evaluated"] for r in now.values())
    assert kept == sum(r["evaluated"] for r in was.values())
    assert not found.unknown


def _index(row: dict[str, Any]) -> bool:
    return (row["field"], row["criterion"], row["rule_id"]) == ("*", "*", "*")


def test_a_change_is_undone_to_the_row(world: World, merged: tuple[str, int]) -> None:
    before = live(world.server.database(world.template))
    dsn, number = merged
    assert live(dsn)["person"] != before["person"]
    moving.undo(dsn, context(dsn), number, by="thu")
    same(live(dsn), before)
    with psycopg.connect(dsn) as con:
        assert moves.get(con, number).state == "undone"
        assert moves.register_day(con) == ON
    moving.apply(dsn, context(dsn), number, by="thu", today=TODAY)
    assert context(dsn).on == MERGED


def test_what_was_built_upon_a_change_keeps_it(merged: tuple[str, int]) -> None:
    dsn, number = merged
    with psycopg.connect(dsn) as con:
        scoring.freeze_day(con, context_in(con))
        assert moves.get(con, number).result is not None
        assert moving.hindrances(con, number) == ("closed_day",)
    with pytest.raises(moves.ChangeError, match="closed_day"):
        moving.undo(dsn, context(dsn), number, by="thu")


def test_applied_twice_is_applied_once(merged: tuple[str, int]) -> None:
    dsn, number = merged
    again = moving.apply(dsn, context(dsn), number, by="thu", today=TODAY)
    with psycopg.connect(dsn) as con:
        assert con.execute("SELECT count(*) FROM register.event").fetchone() == (1,)
        assert again.event_no == moves.get(con, number).event_no


def test_an_attempt_cut_off_leaves_the_old_day(dsn: str) -> None:
    before, number = live(dsn), draft(dsn, MERGED)

    def cut(_con: object, _event: int) -> None:
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        moving.apply(dsn, context(dsn), number, by="thu", today=TODAY, also=cut)
    same(live(dsn), before)
    with psycopg.connect(dsn) as con:
        assert con.execute("SELECT to_regnamespace('register_next')").fetchone() == (None,)
    moving.apply(dsn, context(dsn), number, by="thu", today=TODAY)
    assert context(dsn).on == MERGED


def test_people_of_a_split_commune_go_where_it_was_decided(dsn: str) -> None:
    number = draft(dsn, MERGED)
    with psycopg.connect(dsn) as con:
        con.execute("UPDATE register.standard SET unit_code = '07549' WHERE unit_code = '07201'")
        con.execute("UPDATE register.person SET unit_code = '07549' WHERE unit_code = '07201'")
        heads = moves.heads(con, number, "07549")
        first, second = heads[0][0], heads[1][0]
        moves.decide(con, number, old_code="07549", where=[first], new_code="07555", by="thu")
        with pytest.raises(moves.ChangeError):
            moves.decide(con, number, old_code="07549", where=[second], new_code="07201", by="thu")
        people = con.execute(
            "SELECT address_head, count(*) FROM register.person WHERE unit_code = '07549'"
            " AND address_head = ANY(%s) GROUP BY 1", [[first, second]],
        ).fetchall()  # fmt: skip
    assert len(people) == 2
    moving.apply(dsn, context(dsn), number, by="thu", today=TODAY)
    with psycopg.connect(dsn) as con:
        query = "SELECT DISTINCT unit_code FROM register.person WHERE address_head = %s"
        went = {u for (u,) in con.execute(query, [first]).fetchall()}
    assert "07555" in went


@pytest.mark.slow
def test_the_acts_of_2026_move_nobody(two_levels: str) -> None:
    dsn, day = two_levels, dt.date(2026, 9, 20)
    with psycopg.connect(dsn) as con:
        told = moves.preview(con, draft(dsn, day))
    assert told["persons"] == 0 and told["undecided"] == 0
    with psycopg.connect(dsn) as con:
        before = con.execute(
            "SELECT person_id, unit_code FROM register.person ORDER BY 1"
        ).fetchall()
    number = apply(dsn, day)
    with psycopg.connect(dsn) as con:
        assert (
            con.execute("SELECT person_id, unit_code FROM register.person ORDER BY 1").fetchall()
            == before
        )
        assert (moves.get(con, number).result or {})["moved"] == 0


BAD = (
    ("mã cũ không có", [("99999", "07207", "whole")], "unknown_old"),
    ("mã mới không có", [("07204", "99999", "whole")], "unknown_new"),
    ("loại không có", [("07204", "07207", "gop")], "bad_kind"),
    ("ghi hai lần", [("07204", "07207", "whole"), ("07204", "07207", "whole")], "twice"),
    ("khác nghị quyết", [("07204", "07213", "whole")], "not_in_law"),
    ("thiếu xã mất đi", [("07201", "07201", "unchanged")], "missing"),
)


@pytest.mark.parametrize(("sentence", "rows", "why"), BAD, ids=[b[0] for b in BAD])
def test_a_wrong_table_is_refused(dsn: str, sentence: str, rows: list[Any], why: str) -> None:
    del sentence
    with psycopg.connect(dsn) as con:
        number = moves.draft(
            con, [moves.Row(*r) for r in rows], day=MERGED, resolution="x", by="thu"
        )
        assert why in {p.why for p in moves.check(con, number) if p.stops}
    with pytest.raises(moves.ChangeError):
        moving.apply(dsn, context(dsn), number, by="thu", today=TODAY)


DAYS = (
    ("ngày không có thay đổi", dt.date(2025, 3, 3), "unknown_day"),
    ("chưa áp dụng lần trước", TWO_LEVELS, "earlier_change"),
    ("ngày đã qua", dt.date(2024, 5, 1), "past_day"),
)


@pytest.mark.parametrize(("sentence", "day", "why"), DAYS, ids=[d[0] for d in DAYS])
def test_a_wrong_day_is_refused(dsn: str, sentence: str, day: dt.date, why: str) -> None:
    del sentence
    with psycopg.connect(dsn) as con:
        number = moves.draft(
            con, [moves.Row("07204", "07207", "whole")], day=day, resolution="x", by="thu"
        )
        assert why in {p.why for p in moves.check(con, number)}


def test_before_its_day_a_change_waits(dsn: str) -> None:
    number = draft(dsn, MERGED)
    with pytest.raises(moves.ChangeError, match="Chưa tới ngày"):
        moving.apply(dsn, context(dsn), number, by="thu", today=dt.date(2024, 12, 31))


def test_one_event_a_commune_and_one_note_a_commune(merged: tuple[str, int]) -> None:
    dsn, _ = merged
    with psycopg.connect(dsn) as con:
        communes = con.execute(
            "SELECT count(*) FROM register.life_event WHERE kind = 'unit_change'"
        ).fetchone()
        people = con.execute(
            "SELECT count(*) FROM register.life_event WHERE kind = 'unit_change' AND person_id IS NOT NULL"
        ).fetchone()
        told = dict(con.execute("SELECT data->>'unit', data->'to' FROM register.outbox WHERE kind = 'unit.changed'")
                    .fetchall())  # fmt: skip
    assert communes is not None and communes[0] > 10
    assert people == (0,)
    assert set(told["07204"]) == {"07207"}
