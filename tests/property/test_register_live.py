"""The living register equals the batch: any history, in any order and batch size, ends where one batch would end."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.small import ON, Small

from dancu.cli.execute import open_run
from dancu.engine import events, golden, validate
from dancu.engine.events.residences import residences
from dancu.engine.link import Epoch, link
from dancu.engine.link.live import as_judgements
from dancu.engine.ports import Drop, Kernel, Part, Sql, Step
from dancu.reference.events import stated_kinds
from dancu.store.duckdb import DuckStore
from dancu.store.link_index import LinkIndex
from dancu.store.postgres import connect
from dancu.store.register import schema
from dancu.store.register.live import Register
from dancu.store.register.loading import DUPLICATES, begin, create
from dancu.store.register.told import Answer, Change, Incoming

LARGE = int(os.environ.get("DANCU_HISTORIES", "0"))
"""Histories on demand (new ones each time); CI plays a few that are always the same."""
EXAMPLES = LARGE or 4
POOL = 90
"""Records that a history plays with."""

Rows = dict[int, dict[str, Any]]
Answers = dict[tuple[int, int], bool]


class World:
    """A province's standard records, the epoch learnt from them, and an empty register beside."""

    def __init__(self, small: Small, dsn: str) -> None:
        with open_run(small.run) as store:
            self.standard = store.fetch(
                f"SELECT s.* FROM standard s JOIN links l USING (record_id) ORDER BY {_TOGETHER} LIMIT {POOL}"
            )
            self.epoch = Epoch.from_table(store.fetch("SELECT * FROM link_epoch"))
        self.context = small.job().context()
        self.pool: list[dict[str, Any]] = self.standard.to_pylist()
        self.dsn = dsn
        with connect(dsn) as con:
            create(con)
            begin(con, ON, True, self.context.sources, "test")
        with connect(dsn, autocommit=True) as con:
            LinkIndex(con, self.epoch)
        self.register = Register.open(dsn)
        self.reader = psycopg.connect(dsn, autocommit=True)

    def empty(self) -> None:
        """Forget every record, person and event."""
        tables = [
            "event",
            "record",
            "record_history",
            "standard",
            "person",
            "person_history",
            "merged",
            "contested",
            "life_event",
            "residence",
            "finding",
            "score_count",
            "score_delta",
            "outbox",
            "judgement",
            "duplicate",
        ]
        listed = ", ".join(f"register.{t}" for t in tables)
        self.reader.execute(f"TRUNCATE {listed}, link.record, link.key, link.edge, link.judgement")

    def batch(self, rows: Rows, answers: Answers) -> dict[str, list[Any]]:
        """What one batch makes of these records and answers, in the register's terms."""
        table = pa.Table.from_pylist(
            [{**row, "record_id": i} for i, row in sorted(rows.items())],
            schema=self.standard.schema,
        )
        judged = as_judgements([(a, b, same) for (a, b), same in answers.items()])
        made = link(table, self.epoch.settings, epoch=self.epoch, judgements=judged)
        with DuckStore(threads=1) as store:
            store.put("standard", table)
            store.put("links", made.links)
            store.put("pairs", made.pairs)
            for plan in (golden.plan, events.plan, validate.plan):
                _do(store, plan(self.context))
            ask = lambda query: sorted(_plain(store.fetch(query)), key=str)  # noqa: E731
            return {
                "standard": ask(
                    f"SELECT {_named(schema.standard(), 's')}, l.person_id FROM standard s"
                    " JOIN links l ON l.record_id = s.record_id"
                ),
                "person": ask(f"SELECT {', '.join(schema.person())} FROM persons"),
                "contested": ask(f"SELECT {', '.join(schema.CONTESTED)} FROM contested"),
                "life_event": ask(
                    f"SELECT {', '.join(schema.LIFE_EVENT)} FROM events WHERE person_id IS NOT NULL"
                ),
                "residence": ask(residences()),
                "finding": ask(
                    "SELECT rule_id, level, id, source, unit_code, group_key FROM findings"
                ),
                "duplicate": ask(DUPLICATES),
                "score": ask(
                    "SELECT rule_id, level, source, unit_code, evaluated, failed FROM counts"
                ),
            }

    def live(self) -> dict[str, list[Any]]:
        """The same of the register as it stands."""
        ask = lambda query: sorted(map(tuple, self.reader.execute(query).fetchall()), key=str)  # noqa: E731
        tables = {
            "standard": f"SELECT {', '.join(schema.standard())}, person_id FROM register.standard",
            "finding": "SELECT rule_id, level, subject_id, source, unit_code, group_key"
            " FROM register.finding WHERE closed_at IS NULL",
            "duplicate": "SELECT record_a, record_b, score, probability, joined, blocked_by, unit_a, unit_b"
            " FROM register.duplicate WHERE settled_at IS NULL",
            "score": "SELECT rule_id, level, source, unit_code, evaluated, failed FROM register.score",
        }
        for name, columns in (
            ("person", schema.person()),
            ("contested", schema.CONTESTED),
            ("life_event", schema.LIFE_EVENT),
            ("residence", schema.RESIDENCE),
        ):
            tables[name] = f"SELECT {', '.join(columns)} FROM register.{name}"
        return {name: ask(query) for name, query in tables.items()}


# Whole households, and who else is named like them or bears the same number, stand beside each other.
_TOGETHER = (
    "md5(coalesce((SELECT max(m.household_number) FROM standard m JOIN links k USING (record_id)"
    " WHERE k.person_id = l.person_id), CAST(l.person_id AS VARCHAR))), l.person_id, s.record_id"
)


def _named(columns: Mapping[str, str], table: str) -> str:
    return ", ".join(f"{table}.{c}" for c in columns)


def _plain(table: pa.Table) -> list[tuple[Any, ...]]:
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def _do(store: DuckStore, steps: list[Step]) -> None:
    """The steps of a stage on tables in memory."""
    parts: dict[str, int] = {}
    for step in steps:
        match step:
            case Drop(names):
                for name in names:
                    store.drop(name)
            case Kernel(name, inputs, function):
                store.put(name, function(**{k: store.fetch(q) for k, q in inputs.items()}))
            case Part(name, _, query):
                before = f"SELECT * FROM {name} UNION ALL " if parts.get(name) else ""
                store.create(name, f"{before}{query}")
                parts[name] = 1
            case Sql(name, query):
                store.create(name, query)


@pytest.fixture(scope="module")
def world(small: Small, postgres: str) -> Iterator[World]:
    made = World(small, postgres)
    with contextlib.closing(made.reader), contextlib.closing(made.register):
        yield made


# What a change may write into a record: values that other rules and persons hang on.
_FIELDS = [
    "full_name",
    "personal_number",
    "birth_date",
    "life_status",
    "death_date",
    "marital_status",
    "spouse_number",
    "household_number",
    "relation_to_head",
    "phone",
    "unit_code",
    "permanent_unit",
    "mother_number",
    "event_kind",
]
_PLACE = st.integers(0, POOL - 1)
_STEPS = st.one_of(
    st.tuples(st.just("put"), _PLACE, st.none(), st.none()),
    st.tuples(st.just("put"), _PLACE, st.none(), st.none()),
    st.tuples(st.just("take"), _PLACE, st.none(), st.none()),
    st.tuples(st.just("edit"), _PLACE, _PLACE, st.sampled_from(_FIELDS)),
    st.tuples(st.just("clear"), _PLACE, st.none(), st.sampled_from(_FIELDS)),
    st.tuples(st.just("kind"), _PLACE, st.none(), st.sampled_from(stated_kinds())),
    st.tuples(st.just("judge"), _PLACE, st.integers(1, 4), st.sampled_from(["same", "different", "withdrawn"])),
)  # fmt: skip
histories = st.lists(st.lists(_STEPS, min_size=1, max_size=12), min_size=3, max_size=12)


class History:
    """Plays steps on the register and keeps beside what it should hold."""

    def __init__(self, world: World) -> None:
        self.world, self.rows, self.answers = world, {}, {}
        self.sent = 0
        self.begin()

    rows: Rows
    answers: Answers

    def begin(self) -> None:
        """Two thirds of the pool stand in the register when the history begins."""
        self.world.empty()
        here = [p for p in range(POOL) if p % 3]
        self.world.register.apply([self._event(self._change(p, self.world.pool[p])) for p in here])

    def _change(self, place: int, row: dict[str, Any] | None) -> Change:
        known = self.world.pool[place]
        record = known["record_id"]
        if row is None:
            self.rows.pop(record)
        else:
            self.rows[record] = {**row, "record_id": record, "source": known["source"],
                                 "file_no": known["file_no"], "row": known["row"]}  # fmt: skip
        return Change(record, known["source"], row, {}, known["file_no"], "", known["row"])

    def _event(self, change: Change | None, answer: Answer | None = None) -> Incoming:
        self.sent += 1
        changes = () if change is None else (change,)
        return Incoming("test", f"{self.sent}", "test", "tester", b"-", {}, changes, answer)

    def play(self, steps: list[Any]) -> None:
        """One transaction; then the same events once more, which must change nothing."""
        sent = [event for step in steps if (event := self._step(*step)) is not None]
        first = self.world.register.apply(sent)
        again = self.world.register.apply(sent)
        assert [o.event_no for o in again] == [o.event_no for o in first]
        assert all(o.repeated for o in again)

    def _step(self, what: str, place: int, other: Any, value: Any) -> Incoming | None:
        pool = self.world.pool
        record = pool[place]["record_id"]
        if what == "put":
            return self._event(self._change(place, pool[place]))
        if what == "judge":
            partner = pool[(place + other) % POOL]["record_id"]
            pair = (min(record, partner), max(record, partner))
            self.answers.pop(pair, None)
            if value != "withdrawn":
                self.answers[pair] = value == "same"
            return self._event(None, Answer(*pair, value))
        if record not in self.rows:
            return None
        if what == "take":
            return self._event(self._change(place, None))
        row = dict(self.rows[record])
        if what == "kind":
            return self._event(self._change(place, row | {"event_kind": value}))
        row[value] = pool[other][value] if what == "edit" else None
        return self._event(self._change(place, row))


def check(world: World, history: History) -> None:
    expected, found = world.batch(history.rows, history.answers), world.live()
    for name, rows in expected.items():
        only_batch = [r for r in rows if r not in found[name]]
        only_live = [r for r in found[name] if r not in rows]
        assert not only_batch and not only_live, (name, only_batch[:3], only_live[:3])
        assert len(rows) == len(found[name]), name


@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=not LARGE,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(history=histories)
def test_any_history_ends_where_one_batch_would_end(world: World, history: list[Any]) -> None:
    played = History(world)
    for steps in history:
        played.play(steps)
    check(world, played)
