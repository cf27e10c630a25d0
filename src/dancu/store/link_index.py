"""One record against the register in PostgreSQL: its packed records, keys, kept pairs and persons, in a schema.

The border it keeps: the engine weighs and solves, this file only keeps and fetches. Every change is one
transaction, or a part of the caller's `transaction()`; under one epoch the labels are those of a batch over the
same records. Writers wait for one another (an advisory lock until commit), readers for nobody.

What it keeps of a person is hashes, folded names and plain numbers: as personal as the register itself. Nothing of
it is logged. A role that only looks needs USAGE on the schema and SELECT on `record`, `key` and `state`; one that
writes also INSERT, UPDATE, DELETE on the tables; only the owner can `load` and `relink`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString, NamedTuple

import numpy as np
import psycopg
import pyarrow as pa
from psycopg import sql
from psycopg.types.numeric import Int8

from dancu.engine.link import Epoch, live, model, packed, packer
from dancu.engine.link.moved import Moved, moved
from dancu.store import link_bulk
from dancu.store.errors import StoreError
from dancu.store.link_bulk import KEYS, TABLES
from dancu.store.link_sql import CANDIDATES, EDGE, EDGE_AS, HEAD, HIT, OF_MANY, REACHED
from dancu.store.postgres import connect

Connection = psycopg.Connection[Any]
WRITERS = 0x6C696E6B
"""The lock of writers, of this index and of the register that stands on it: one after the other, until commit."""


class New(NamedTuple):
    """A record that has never been here. `same_as`: a record of which a person says that it is the same one's."""

    record_id: int
    record: Mapping[str, Any]
    same_as: int | None = None


class LinkIndex:
    """The link index of a database; one connection, so one thread at a time."""

    def __init__(self, connection: Connection, epoch: Epoch, *, schema: str = "link") -> None:
        """Takes a connection (READ COMMITTED); makes what is missing. Raises StoreError for another epoch."""
        if connection.isolation_level not in (None, psycopg.IsolationLevel.READ_COMMITTED):
            raise StoreError(
                "Chỉ mục liên kết cần kết nối ở mức READ COMMITTED: ở mức khác, hai người ghi "
                "cùng lúc không thấy nhau.\nThe link index needs READ COMMITTED connections."
            )
        self.epoch, self._schema, self._con = epoch, sql.Identifier(schema), connection
        self._before: int | None = None
        self._held = False
        self._weights = model.weights(epoch)
        self._statements: dict[str, sql.Composed] = {}
        self.moves: dict[int, tuple[int | None, int | None]] = {}
        """Record -> its person before and after each change since the caller cleared it; None where it is not there."""
        self.reached: set[int] = set()
        """Records whose component was solved, or that went, since the caller cleared it."""
        self.doubts: dict[tuple[int, int], live.Doubt] = {}
        """Of these, the pairs that only a person can settle as they stand now."""
        with self._con.transaction():
            self._make()
            found = self._rows("SELECT epoch FROM {s}.state")
        self._check(found[0][0])

    @classmethod
    def open(cls, dsn: str, epoch: Epoch, *, schema: str = "link") -> LinkIndex:
        """An index with a connection of its own, set for many small statements."""
        connection = connect(dsn, autocommit=True)
        connection.execute("SET jit = off")
        connection.execute("SET plan_cache_mode = force_generic_plan")
        return cls(connection, epoch, schema=schema)

    @property
    def connection(self) -> Connection:
        """For what is asked beside the index."""
        return self._con

    def close(self) -> None:
        """Closes the connection."""
        self._con.close()

    def _sql(self, statement: LiteralString) -> sql.Composed:
        if statement not in self._statements:
            self._statements[statement] = sql.SQL(statement).format(s=self._schema)
        return self._statements[statement]

    def _rows(self, statement: LiteralString, *given: Any) -> list[tuple[Any, ...]]:
        return self._do(statement, *given).fetchall()

    def _do(self, statement: LiteralString, *given: Any) -> psycopg.Cursor[Any]:
        return self._con.cursor(binary=True).execute(self._sql(statement), given, prepare=True)

    def _make(self) -> None:
        """The schema and its tables, empty, where there are none."""
        self._con.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS])
        here = self._con.execute("SELECT to_regclass(%s)", [self._named("judgement")])
        if here.fetchone() != (None,):
            return
        self._con.execute(self._sql("CREATE SCHEMA IF NOT EXISTS {s}"))
        for table, columns in TABLES.items():
            self._con.execute(
                sql.SQL("CREATE TABLE {}.{} {}").format(
                    self._schema, sql.Identifier(table), sql.SQL(columns)
                )
            )
        self._con.execute(self._sql("CREATE INDEX judgement_b ON {s}.judgement (b)"))
        self._index()
        link_bulk.keep_epoch(self._con, self._schema, self.epoch)

    def _named(self, table: str) -> str:
        return f"{self._schema.as_string(None)}.{table}"

    def _index(self) -> None:
        for table, columns in KEYS.items():
            self._con.execute(
                sql.SQL("ALTER TABLE {}.{} ADD CONSTRAINT {} PRIMARY KEY {}").format(
                    self._schema, sql.Identifier(table), sql.Identifier(f"{table}_pkey"), sql.SQL(columns)
                )
            )  # fmt: skip
        self._con.execute(self._sql("CREATE INDEX edge_b ON {s}.edge (b)"))

    def _check(self, found: str) -> None:
        if found != self.epoch.id:
            raise StoreError(
                f"Chỉ mục liên kết đang ở kỳ mô hình {found}, không phải {self.epoch.id}. Mở lại "
                "với kỳ đó, hoặc chạy relink.\n"
                f"The link index is under epoch {found}, not {self.epoch.id}: open it with that "
                "one, or relink."
            )

    # --- whole ---

    def load(self, records: pa.Table) -> int:
        """Replaces all records by these, linked as one batch; answers of people stay. The number of records."""
        with self._con.transaction():
            self._con.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS])
            return self._load(records, self.epoch)

    def relink(self, epoch: Epoch, records: pa.Table) -> Moved:
        """All records linked anew under `epoch`; what moved among those known before. One transaction."""
        with self._con.transaction():
            self._con.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS])
            before = self.labels()
            self._load(records, epoch)
            after = self.labels()
        self.epoch, self._weights = epoch, model.weights(epoch)
        ids = sorted(before.keys() & after.keys())
        labels = [np.array([told[i] for i in ids], np.int64) for told in (before, after)]
        return moved(np.array(ids, np.int64), *labels)

    def _load(self, records: pa.Table, epoch: Epoch) -> int:
        whole = live.linked(records, epoch, self.judgements())
        with self._con.cursor() as cursor:
            cursor.execute(self._sql("TRUNCATE {s}.record, {s}.key, {s}.edge"))
            for table in KEYS:
                cursor.execute(
                    sql.SQL("ALTER TABLE {}.{} DROP CONSTRAINT {}").format(
                        self._schema, sql.Identifier(table), sql.Identifier(f"{table}_pkey")
                    )
                )
            cursor.execute(self._sql("DROP INDEX {s}.edge_b"))
        self.doubts = {(d.record_a, d.record_b): d for d in whole.doubts}
        self._copy("record", link_bulk.records(whole))
        self._copy("key", link_bulk.keys(whole))
        self._copy("edge", link_bulk.edges(whole))
        self._index()
        self._con.execute(self._sql("ANALYZE {s}.record, {s}.key, {s}.edge"))
        link_bulk.keep_epoch(self._con, self._schema, epoch)
        return len(whole.ids)

    def _copy(self, table: str, chunks: Iterable[bytes]) -> None:
        statement = sql.SQL("COPY {}.{} FROM STDIN (FORMAT binary, FREEZE)")
        with (
            self._con.cursor() as cursor,
            cursor.copy(statement.format(self._schema, sql.Identifier(table))) as copy,
        ):
            copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
            for chunk in chunks:
                copy.write(chunk)
            copy.write(b"\xff\xff")

    # --- one at a time ---

    def find(self, record: Mapping[str, Any]) -> list[live.Match]:
        """The records that may be the same person as `record`, the likeliest first; nothing is changed."""
        found = self._weighed(packer.pack(record, self.epoch))
        return sorted(found, key=lambda m: (-m.score, m.record_id))

    def _weighed(self, one: packed.Packed) -> list[live.Match]:
        epoch, heads, bodies = self._rows(CANDIDATES, _wanted(one))[0]
        self._check(epoch)
        if not heads:
            return []
        head = np.frombuffer(heads, HEAD)
        return self._matched(one, head["id"], head["size"], bodies)

    def _matched(self, one: packed.Packed, ids: Any, sizes: Any, bodies: bytes) -> list[live.Match]:
        """What a record is to others, whose packed rows lie one after the other."""
        at = np.zeros(len(ids) + 2, np.int64)
        at[1] = len(one.data)
        np.cumsum(sizes, out=at[2:])
        at[2:] += at[1]
        data = np.frombuffer(one.data + bodies, np.uint8)
        score, pattern, conflict = live.weigh(data, at, self._weights, self.epoch.floor)
        kept = np.flatnonzero(score >= self.epoch.floor)
        others = [data[at[k + 1] : at[k + 2]].tobytes() for k in kept.tolist()]
        likely = live.likelihood(one.data, others, score[kept], self.epoch, self._weights)
        told = (np.asarray(ids)[kept], score[kept], likely)
        return list(map(live.Match, *(c.tolist() for c in (*told, pattern[kept], conflict[kept]))))

    def label(self, record_id: int) -> int:
        """The person of a record; raises KeyError when it is not there."""
        rows = self._rows("SELECT label FROM {s}.record WHERE record_id = %s", record_id)
        if not rows:
            raise KeyError(record_id)
        return int(rows[0][0])

    def labels(self) -> dict[int, int]:
        """Record -> person, for every record."""
        return dict(self._rows("SELECT record_id, label FROM {s}.record"))

    def insert(self, record_id: int, record: Mapping[str, Any]) -> int:
        """Put in a record (or its new content) and answer its person."""
        one = packer.pack(record, self.epoch)
        with self._writing():
            beside = self._taken_out(record_id) or []
            before = self._before
            self._connect([(record_id, self._weighed(one))])
            labels = self._solve([record_id, *beside], fresh={record_id: one.data})
            self._keep({record_id: one}, labels)
            self._moved(record_id, before, labels[record_id])
            return labels[record_id]

    update = insert

    def add(self, news: Sequence[New]) -> None:
        """Put in records that have never been here, as one: their components are solved once, with all of them."""
        packs = {new.record_id: packer.pack(new.record, self.epoch) for new in news}
        with self._writing():
            self._connect(self._among(packs))
            for new in news:
                if new.same_as is not None:
                    self._answered(new.record_id, new.same_as, True)
            labels = self._solve(list(packs), fresh={i: one.data for i, one in packs.items()})
            self._keep(packs, labels)
            for record_id in packs:
                self._moved(record_id, None, labels[record_id])

    def _among(self, packs: Mapping[int, packed.Packed]) -> Iterator[tuple[int, list[live.Match]]]:
        """Each record's matches among those that are here and those of `packs` before it."""
        keys = {i: _keys(one) for i, one in packs.items()}
        every = [Int8(h) for h in sorted({h for own in keys.values() for h in own})]
        hits, heads, bodies = self._rows(OF_MANY, every)[0]
        bearers: defaultdict[int, set[int]] = defaultdict(set)
        for key, record_id in np.frombuffer(hits or b"", HIT).tolist():
            bearers[key].add(record_id)
        rows, at = {}, 0
        for record_id, size in np.frombuffer(heads or b"", HEAD).tolist():
            rows[record_id], at = bodies[at : at + size], at + size
        for record_id, one in packs.items():
            near = sorted({other for key in keys[record_id] for other in bearers[key]})
            found = [rows[other] for other in near]
            yield (
                record_id,
                (
                    self._matched(one, near, [len(row) for row in found], b"".join(found))
                    if near
                    else []
                ),
            )
            rows[record_id] = one.data
            for key in keys[record_id]:
                bearers[key].add(record_id)

    def _keep(self, packs: Mapping[int, packed.Packed], labels: Mapping[int, int]) -> None:
        """The records and their keys."""
        keys = [f"{{{','.join(map(str, _keys(one)))}}}" for one in packs.values()]
        self._do(
            "WITH r AS (INSERT INTO {s}.record SELECT n.i, n.l, n.p, n.k::bigint[]"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[], %s::text[]) AS n(i, l, p, k)"
            " RETURNING record_id, keys)"
            " INSERT INTO {s}.key SELECT unnest(keys), record_id FROM r",
            [Int8(i) for i in packs], [Int8(labels[i]) for i in packs], [one.data for one in packs.values()], keys,
        )  # fmt: skip

    def delete(self, record_id: int) -> None:
        """Take a record out; raises KeyError when it is not there. What people said of it stays."""
        with self._writing():
            beside = self._taken_out(record_id)
            if beside is None:
                raise KeyError(record_id)
            self._looked([record_id], [])
            self._solve(beside)
            self._moved(record_id, self._before, None)

    def judge(self, a: int, b: int, same: bool | None) -> None:
        """What a person decided of two records counts from now on; None takes it back."""
        with self._writing():
            self._answered(a, b, same)
            self._solve([a, b])

    def _answered(self, a: int, b: int, same: bool | None) -> None:
        pair = (Int8(min(a, b)), Int8(max(a, b)))
        if same is None:
            self._do("DELETE FROM {s}.judgement WHERE a = %s AND b = %s", *pair)
        else:
            self._do(
                "INSERT INTO {s}.judgement VALUES (%s, %s, %s)"
                " ON CONFLICT (a, b) DO UPDATE SET same = excluded.same",
                *pair, bool(same),
            )  # fmt: skip

    def judgements(self) -> pa.Table:
        """What people decided: record_a < record_b, same."""
        return live.as_judgements(self._rows("SELECT a, b, same FROM {s}.judgement ORDER BY a, b"))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction (or a part of the caller's), alone among writers, under our epoch."""
        if self._held:
            yield
            return
        with self._con.transaction():
            self._alone()
            yield

    @contextmanager
    def held(self) -> Iterator[None]:
        """Many changes within the caller's transaction: the lock is taken and the epoch looked at once, here.

        What fails inside is undone with the whole of that transaction.
        """
        self._alone()
        self._held = True
        try:
            yield
        finally:
            self._held = False

    def _alone(self) -> None:
        # A statement of its own: the next ones then see what the writer before has committed.
        self._do("SELECT pg_advisory_xact_lock(%s)", WRITERS)
        self._check(self._rows("SELECT epoch FROM {s}.state")[0][0])

    def forget(self) -> None:
        """What was reached so far is done with."""
        self.moves.clear()
        self.reached.clear()
        self.doubts.clear()

    def _looked(self, ids: Sequence[int], doubts: Sequence[live.Doubt]) -> None:
        """A doubt counts until its component is solved again."""
        again = self.reached.intersection(ids)
        self.reached.update(ids)
        if again and self.doubts:
            here = set(ids)
            for pair in [p for p in self.doubts if not here.isdisjoint(p)]:
                del self.doubts[pair]
        self.doubts.update({(d.record_a, d.record_b): d for d in doubts})

    def _moved(self, record_id: int, before: int | None, after: int | None) -> None:
        first = self.moves.get(record_id, (before, after))[0]
        self.moves[record_id] = (first, after)

    def _taken_out(self, record_id: int) -> list[int] | None:
        """Takes out a record, its keys and pairs; the records beside it, None when it is not there."""
        one = Int8(record_id)
        rows = self._rows("DELETE FROM {s}.record WHERE record_id = %s RETURNING keys, label", one)
        self._before = int(rows[0][1]) if rows else None
        if not rows:
            return None
        self._do(
            "DELETE FROM {s}.key WHERE record_id = %s AND hash = ANY(%s::bigint[])",
            one, [Int8(h) for h in rows[0][0]],
        )  # fmt: skip
        pairs = self._rows("DELETE FROM {s}.edge WHERE a = %s OR b = %s RETURNING a, b", one, one)
        judged = self._rows(
            "SELECT a, b FROM {s}.judgement WHERE same AND (a = %s OR b = %s)", one, one
        )
        return sorted({i for pair in (*pairs, *judged) for i in pair} - {record_id})

    def _connect(self, matched: Iterable[tuple[int, Sequence[live.Match]]]) -> None:
        edges = [
            (min(i, m.record_id), max(i, m.record_id), m.score, _signed([m.pattern])[0], m.conflict)
            for i, matches in matched
            for m in matches
        ]
        if not edges:
            return
        a, b, score, pattern, conflict = map(list, zip(*edges, strict=True))
        self._do(
            "INSERT INTO {s}.edge SELECT * FROM unnest(%s::bigint[], %s::bigint[],"
            " %s::double precision[], %s::bigint[], %s::smallint[])",
            *([Int8(v) for v in c] for c in (a, b)), score, [Int8(p) for p in pattern], conflict,
        )  # fmt: skip

    def component(self, start: Sequence[int]) -> live.Solved:
        """Every whole component that holds one of these records, as it is solved now; nothing is changed."""
        self._check(self._rows("SELECT epoch FROM {s}.state")[0][0])
        return self._component(start)[1]

    def _component(
        self, start: Sequence[int], fresh: Mapping[int, bytes] | None = None
    ) -> tuple[dict[int, int], live.Solved]:
        """Record -> label as it stands, and the components solved; `fresh`: records about to be put in, packed."""
        (ids, labels, data, edges, *judged), *_ = self._rows(REACHED, [Int8(i) for i in start])
        known = dict(zip(ids or (), labels or (), strict=True))
        packs = dict(zip(ids or (), data or (), strict=True))
        packs |= fresh or {}
        here = np.array(sorted(packs), np.int64)
        answers = [
            (a, b, same)
            for a, b, same in zip(*(column or () for column in judged), strict=True)
            if a in packs and b in packs
        ]
        if not edges and not answers:
            return known, live.alone(here)
        told = np.frombuffer(edges or b"", EDGE)
        found = live.Edges(*(told[c].astype(t) for c, t in EDGE_AS.items()))
        return known, live.solved(
            here, packed.together([packs[i] for i in here.tolist()]),
            found, self.epoch, self._weights, live.as_judgements(answers),
        )  # fmt: skip

    def _solve(
        self, start: Sequence[int], *, fresh: Mapping[int, bytes] | None = None
    ) -> dict[int, int]:
        """Every whole component that holds one of these gets its labels anew; record -> label."""
        known, solved = self._component(start, fresh)
        labels = dict(zip(solved.ids.tolist(), solved.labels.tolist(), strict=True))
        self._looked(list(labels), solved.doubts())
        new = [(i, labels[i]) for i, label in known.items() if labels[i] != label]
        for i, label in new:
            self._moved(i, known[i], label)
        if new:
            changed = [[Int8(row[k]) for row in new] for k in range(2)]
            self._do(
                "UPDATE {s}.record r SET label = n.label"
                " FROM unnest(%s::bigint[], %s::bigint[]) AS n(record_id, label)"
                " WHERE r.record_id = n.record_id", *changed,
            )  # fmt: skip
        return labels


def _keys(one: packed.Packed) -> list[int]:
    """The keys that a record has, as PostgreSQL's bigint."""
    return _signed(sorted({h for h in one.keys if h}))


def _wanted(one: packed.Packed) -> list[Int8]:
    return [Int8(h) for h in _keys(one)]


def _signed(values: Sequence[int]) -> list[int]:
    """64-bit hashes as PostgreSQL's bigint."""
    out: list[int] = np.array(values, np.uint64).view(np.int64).tolist()
    return out
