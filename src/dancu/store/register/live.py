"""The register while it lives: records come, change and go, and everything that hangs on them follows at once.

In one transaction: the event is kept (once, whatever is sent again), the record that its caller made standard is
matched, the persons touched are chosen anew from their records, their rules and those of their groups run again,
findings open and close, score deltas are appended, and what others must know goes to the outbox. Under one epoch and
one asked day the register is then what a batch over the same records would give.

Writers follow one another (the link index's lock, until commit); readers wait for nobody.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import psycopg
from psycopg.types.json import Jsonb

from dancu.engine.ports import Context
from dancu.formats import person_name
from dancu.rules import on as rules_on
from dancu.store.errors import StoreError
from dancu.store.link_bulk import epoch_in
from dancu.store.link_index import LinkIndex, New
from dancu.store.postgres import connect
from dancu.store.register import doubts, identity, judging, schema, statements, writing
from dancu.store.register.effects import Effects, effects
from dancu.store.register.lasting import Lasting
from dancu.store.register.loading import context_in
from dancu.store.register.tally import Tally
from dancu.store.register.told import (
    Answer,
    Change,
    Done,
    Incoming,
    Name,
    Outcome,
    Outside,
    Touched,
    check_digest,
    once,
)

Connection = psycopg.Connection[Any]
_SETTINGS = (
    "jit = off",
    "plan_cache_mode = force_generic_plan",
    "join_collapse_limit = 1",
    "from_collapse_limit = 1",
    "client_min_messages = warning",
)


_STANDARD = tuple(schema.standard())


class _Put(NamedTuple):
    """A record matched and not written yet: its row of register.record and of register.standard."""

    record: dict[str, Any]
    standard: dict[str, Any]
    new: New


class Register:
    """A writer of the living register; one connection, so one thread at a time."""

    def __init__(self, connection: Connection, context: Context) -> None:
        """`context`: the day that the register is of, and its sources."""
        self._con, self.context = connection, context
        connection._prepared = Lasting()
        self._link = LinkIndex(connection, epoch_in(connection))
        self._rules = rules_on(context.on)
        self._files: dict[str, int] = {}
        self._put: list[_Put] = []
        self._prepare()

    @classmethod
    def open(cls, dsn: str) -> Register:
        """A writer with a connection of its own, set for many small statements; its day and sources are the register's.

        Raises StoreError when nothing was loaded.
        """
        con = connect(dsn, autocommit=True)
        for setting in _SETTINGS:
            con.execute(f"SET {setting}".encode())
        return cls(con, context_in(con))

    def close(self) -> None:
        """Closes the connection."""
        self._con.close()

    def _prepare(self) -> None:
        on, rules = self.context.on, self._rules
        for statement in statements.temporary({**statements.TEMPORARY, **writing.WORKING}):
            self._con.execute(statement.encode())
        touched = judging.persons_of("register.person", on, f"p.person_id = {writing.TOUCHED}")
        changed = f"s.record_id = {writing.CHANGED}"
        large = {
            "golden": statements.golden_statement(self.context),
            "person": statements.person_statement(self.context),
            "old_person": judging.verdicts(rules, level="person", table=touched),
            "new_person": judging.verdicts(
                rules, level="person", table=judging.persons_of("live_person", on)
            ),
            "old_record": judging.verdicts(
                rules, level="record", table=judging.standard_of(on, "TRUE", "live_old_record")
            ),
            "new_record": judging.verdicts(
                rules, level="record", table=judging.standard_of(on, changed)
            ),
            "person_groups": judging.person_groups(rules, on),
            "record_groups": judging.record_groups(rules, on),
            "open": writing.open_findings([r.id for r in rules if r.is_group]),
        }
        for name, statement in (large | writing.statements(self.context, rules)).items():
            self._con.execute(f"PREPARE dancu_{name} AS {statement}".encode())

    def _run(self, name: str) -> psycopg.Cursor[Any]:
        """A prepared statement; no parameters, since the tables of the transaction hold what it asks."""
        return self._con.execute(f"EXECUTE dancu_{name}".encode(), binary=True)

    def _do(self, statement: str, *given: Any) -> psycopg.Cursor[Any]:
        return self._con.execute(statement.encode(), given, prepare=True, binary=True)

    # --- events ---

    def apply(self, events: Sequence[Incoming]) -> list[Outcome]:
        """Take in events, all or none, in one transaction; what was taken in before answers as it did then.

        Raises Conflict (an id sent with another content), Outside (a person of another commune) and StoreError (no
        such record); then nothing has changed.
        """
        if not events:
            return []
        with self._con.transaction(), self._link.held():
            self._check_day()
            self._link.forget()
            self._files, self._put = {}, []
            known = self._known(events)
            fresh = {e.name: e for e in events if e.name not in known}
            if not fresh:
                return [known[event.name] for event in events]
            touched = Touched()
            taken = self._take_in(list(fresh.values()), touched)
            done = self._follow(touched, taken[-1].event_no)
            _check_places(fresh.values(), taken, touched, done)
            answered = dict(zip(fresh, self._answer(taken, done), strict=True))
            return [known.get(e.name) or once(answered, e.name) for e in events]

    def _check_day(self) -> None:
        found = self._do("SELECT on_day FROM register.state").fetchone()
        if found is None or found[0] != self.context.on:
            raise StoreError(
                "Kho dân cư đã chuyển sang ngày khác; hãy mở lại kết nối.\n"
                "The register has moved on to another day: open it again."
            )

    def try_out(self, event: Incoming) -> Effects:
        """What the event would do; nothing is kept. Raises what `apply` raises."""
        with self._con.transaction(force_rollback=True):
            (outcome,) = self.apply([event])
            return effects(self._con, outcome, on=self.context.on)

    def _known(self, events: Sequence[Incoming]) -> dict[Name, Outcome]:
        """What became of those that came before; Conflict when one of them came with another content."""
        digests: dict[Name, bytes] = {}
        for event in events:
            check_digest(event.name, digests.setdefault(event.name, event.digest), event.digest)
        sources, ids = map(list, zip(*digests, strict=True))
        rows = self._do(
            "SELECT e.ce_source, e.ce_id, e.digest, e.event_no, e.result"
            " FROM unnest(%s::text[], %s::text[]) AS n(s, i)"
            " JOIN register.event e ON e.ce_source = n.s AND e.ce_id = n.i", sources, ids,
        ).fetchall()  # fmt: skip
        for source, id_, digest, *_ in rows:
            check_digest((source, id_), bytes(digest), digests[source, id_])
        return {(s, i): Outcome.repeat(no, result or {}) for s, i, _, no, result in rows}

    def _take_in(self, events: Sequence[Incoming], touched: Touched) -> list[Outcome]:
        numbers = self._numbers(events)
        ids = self._new_ids(sum(c.record_id is None for e in events for c in e.changes))
        outcomes = []
        for number, event in zip(numbers, events, strict=True):
            records = tuple(self._change(one, number, ids, touched) for one in event.changes)
            for answer in event.answers:
                records += self._judge(answer, event.by, number, touched)
            outcomes.append(Outcome(number, False, records))
        self._put_down(touched)
        return outcomes

    def _numbers(self, events: Sequence[Incoming]) -> list[int]:
        """The events as they came, kept; their numbers, in their order."""
        rows = self._do(
            "INSERT INTO register.event (ce_source, ce_id, kind, happened_at, recorded_by, digest, data)"
            " SELECT n.s, n.i, n.k, n.h, n.b, n.g, n.d FROM unnest(%s::text[], %s::text[], %s::text[],"
            " %s::timestamptz[], %s::text[], %s::bytea[], %s::jsonb[])"
            " WITH ORDINALITY AS n(s, i, k, h, b, g, d, o) ORDER BY n.o RETURNING event_no",
            [e.source for e in events], [e.id for e in events], [e.kind for e in events],
            [e.happened_at for e in events], [e.by for e in events], [e.digest for e in events],
            [Jsonb(dict(e.data)) for e in events],
        ).fetchall()  # fmt: skip
        return sorted(number for (number,) in rows)

    def _new_ids(self, how_many: int) -> Iterator[int]:
        if not how_many:
            return iter(())
        rows = self._do(
            "SELECT nextval(pg_get_serial_sequence('register.record', 'record_id'))"
            " FROM generate_series(1, %s)",
            how_many,
        ).fetchall()
        return iter([int(number) for (number,) in rows])

    def _answer(self, outcomes: Sequence[Outcome], done: Done) -> list[Outcome]:
        made = [done.told(outcome) for outcome in outcomes]
        self._do(
            "UPDATE register.event e SET result = n.result FROM unnest(%s::bigint[], %s::jsonb[]) AS n(no, result)"
            " WHERE e.event_no = n.no",
            [m.event_no for m in made], [Jsonb(m.as_result()) for m in made],
        )  # fmt: skip
        return made

    # --- records ---

    def _change(self, change: Change, event: int, ids: Iterator[int], touched: Touched) -> int:
        if change.record_id is None and change.row is not None:
            record = next(ids)
            self._put.append(self._as_put(record, change, event))
            touched.changed.add(record)
            return record
        record = next(ids) if change.record_id is None else change.record_id
        self._put_down(touched)
        if not self._put_away(record, event, touched) and change.row is None:
            raise StoreError(
                f"Không có bản ghi số {record} trong kho.\nThere is no record {record} in the register."
            )
        self._link.moves.clear()
        if change.row is None:
            self._link.delete(record)
        else:
            self._write_records([self._as_put(record, change, event)])
            self._link.insert(record, {**change.row, "source": change.source})
            if change.same_as is not None:
                self._link.judge(record, change.same_as, True)
        touched.moved(self._link.moves)
        touched.changed.add(record)
        return record

    def _put_away(self, record: int, event: int, touched: Touched) -> bool:
        """The record as it was goes to the history; False when there was none."""
        old = self._do(writing.KEEP_OLD, record, record, event).fetchone()
        if old is None:
            return False
        touched.before.setdefault(record, old[0])
        return True

    def _as_put(self, record: int, change: Change, event: int) -> _Put:
        file_no, row_no = change.file_no, change.row_no
        if file_no is None:
            if change.source not in self._files:
                self._files[change.source] = self._entered(change.source)
            file_no, row_no = self._files[change.source], record
        own = {"record_id": record, "source": change.source, "file_no": file_no, "row": row_no}
        standard = {**(change.row or {}), **own}
        return _Put(
            {**own, "sheet": change.sheet, "cells": dict(change.cells), "event_no": event},
            {name: standard.get(name) for name in _STANDARD} | {"person_id": 0},
            New(record, {**(change.row or {}), "source": change.source}, change.same_as),
        )

    def _put_down(self, touched: Touched) -> None:
        """The new records so far are written and matched, all of them as one."""
        if not self._put:
            return
        self._write_records(self._put)
        self._link.moves.clear()
        self._link.add([put.new for put in self._put])
        touched.moved(self._link.moves)
        self._put.clear()

    def _write_records(self, puts: Sequence[_Put]) -> None:
        given = [[p.record for p in puts], [p.standard for p in puts]]
        written = [json.dumps(rows, ensure_ascii=False, default=str) for rows in given]
        self._do(writing.PUT_RECORDS, written[0])
        self._do(writing.PUT_STANDARD, written[1])
        self._do(writing.PUT_FRESH, [p.new.record_id for p in puts])

    def _entered(self, source: str) -> int:
        """The file of what is entered one by one on the register's day: one a source, looked at by no dialect."""
        row = self._do(
            "SELECT file_no FROM register.file WHERE entered AND source = %s AND list_date = %s",
            source, self.context.on,
        ).fetchone() or self._do(
            "INSERT INTO register.file (file_no, sheet, name, sha256, source, list_date, entered)"
            " SELECT coalesce(max(file_no), 0) + 1, '', %s, '', %s, %s, true FROM register.file RETURNING file_no",
            f"{source} {self.context.on:%d/%m/%Y}", source, self.context.on,
        ).fetchone()  # fmt: skip
        return int(row[0])  # type: ignore[index]

    def _judge(self, answer: Answer, by: str, number: int, touched: Touched) -> tuple[int, int]:
        """A person's answer about two records stands beside the machine's score and counts from now on."""
        pair = (min(answer.record_a, answer.record_b), max(answer.record_a, answer.record_b))
        self._do(
            "INSERT INTO register.judgement (record_a, record_b, verdict, by, second_by, reason, event_no)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            *pair, answer.verdict, by, answer.second_by, answer.reason, number,
        )  # fmt: skip
        self._put_down(touched)
        self._link.moves.clear()
        self._link.judge(*pair, {"same": True, "different": False}.get(answer.verdict))
        touched.moved(self._link.moves)
        return pair

    # --- what follows ---

    def _follow(self, touched: Touched, event: int) -> Done:
        self._do("SELECT set_config('dancu.event', %s, true)", str(event))
        self._mark(touched)
        for name in ("spouses", "members", "golden", "weddings", "person"):
            self._run(name)
        tally = Tally(self._rules)
        for level in ("person", "record"):
            tally.rows(self._run(f"old_{level}"), level, -1)
            tally.rows(self._run(f"new_{level}"), level, +1)
        for name in ("seed", "differs", "near_self", "near", "unseed"):
            self._run(name)
        done = self._write(touched, event)
        doubts.follow(self._do, self._link, event)
        self._groups(tally)
        done.opened, done.closed = self._open_and_close(tally, event)
        return done

    def _mark(self, touched: Touched) -> None:
        """Tell the transaction's tables whom it is about."""
        after = {r: label for r, label in touched.after.items() if label is not None}
        self._do(
            "UPDATE register.standard s SET person_id = n.label FROM unnest(%s::bigint[], %s::bigint[])"
            " AS n(record_id, label) WHERE s.record_id = n.record_id AND s.person_id <> n.label",
            list(after), list(after.values()),
        )  # fmt: skip
        for name, ids in (
            ("changed", sorted(touched.changed)),
            ("relabelled", list(after)),
            ("touched", touched.persons()),
        ):
            self._do(f"INSERT INTO live_{name} SELECT unnest(%s::bigint[])", ids)

    def _write(self, touched: Touched, event: int) -> Done:
        """The persons touched, as they are now; who was merged, split, new or gone."""
        there = self._do(
            "SELECT person_id, citizen_id, unit_code FROM register.person"
            f" WHERE person_id = {writing.TOUCHED}"
        ).fetchall()
        known = {person: citizen for person, citizen, _ in there}
        now = frozenset(p for (p,) in self._do("SELECT person_id FROM live_person"))
        made = self._identities(touched, known, now)
        if gone := sorted(known.keys() - now):
            self._do(writing.GONE, gone)
        changed = {p for (p,) in self._run("history")} | made.born.keys()
        self._run("update_person")
        if made.born:
            self._do(
                "INSERT INTO live_identity SELECT * FROM unnest(%s::bigint[], %s::uuid[])",
                list(made.born), list(made.born.values()),
            )  # fmt: skip
            self._run("insert_person")
        self._sort()
        for name in ("contested", "life_event", "residence"):
            self._run(f"clear_{name}")
            self._run(f"fill_{name}")
        citizens = {**known, **made.born}
        self._tell(event, made, [citizens[p] for p in sorted(changed)])
        return Done(
            {r: citizens[p] for r, p in touched.after.items() if p in citizens and p is not None},
            place_of={person: unit for person, _, unit in there},
            event=event,
        )

    def _identities(
        self, touched: Touched, known: Mapping[int, UUID], now: frozenset[int]
    ) -> identity.Identities:
        born = sorted(now - known.keys())
        former: dict[int, UUID] = {}
        if born:
            former = dict(
                self._do(
                    "DELETE FROM register.merged WHERE person_id = ANY(%s) RETURNING person_id, citizen_id",
                    born,
                ).fetchall()
            )
        return identity.assign(
            known=known, now=now, moved=touched.moves(), former=former, fresh=uuid4
        )

    def _sort(self) -> None:
        rows = self._do(
            "SELECT p.person_id, p.full_name FROM register.person p"
            " JOIN live_person n ON n.person_id = p.person_id"
            " WHERE p.sort_key IS NULL AND p.full_name IS NOT NULL"
        ).fetchall()
        if rows:
            self._do(
                "UPDATE register.person p SET sort_key = n.k FROM unnest(%s::bigint[], %s::text[]) n(id, k)"
                " WHERE p.person_id = n.id",
                [p for p, _ in rows], [person_name.list_key(name) for _, name in rows],
            )  # fmt: skip

    def _tell(self, event: int, made: identity.Identities, changed: Sequence[UUID]) -> None:
        """What other systems must know; they read it from the outbox."""
        notes: list[tuple[str, dict[str, Any]]] = [
            *(("person.split", {"citizen": str(c)}) for c in made.split),
            *(
                ("person.merged", {"citizen": str(m.citizen), "into": str(m.into)})
                if m.into
                else ("person.removed", {"citizen": str(m.citizen)})
                for m in made.merged
            ),
        ]
        if changed:
            notes.append(("person.changed", {"citizens": [str(c) for c in changed]}))
        for one in made.merged:
            self._do(
                "INSERT INTO register.merged (person_id, citizen_id, into_id, event_no) VALUES (%s, %s, %s, %s)"
                " ON CONFLICT (person_id) DO UPDATE SET citizen_id = excluded.citizen_id,"
                " into_id = excluded.into_id, at = now(), event_no = excluded.event_no",
                one.person, one.citizen, one.into, event,
            )  # fmt: skip
        for kind, data in notes:
            self._do(
                "INSERT INTO register.outbox (event_no, kind, data) VALUES (%s, %s, %s)",
                event, kind, Jsonb(data),
            )  # fmt: skip

    # --- findings ---

    def _groups(self, tally: Tally) -> None:
        for name in ("reseed", "near_data"):
            self._run(name)
        tally.groups(self._run("person_groups"), "person")
        for name in (
            "near_record_self",
            "seed_record",
            "near_record",
            "reseed_record",
            "near_record_data",
        ):
            self._run(name)
        tally.groups(self._run("record_groups"), "record")

    def _open_and_close(self, tally: Tally, event: int) -> tuple[int, int]:
        difference = tally.against(self._run("open"))
        if difference.closing:
            self._do(
                "UPDATE register.finding SET closed_at = now(), closed_by = %s WHERE finding_no = ANY(%s)",
                event, difference.closing,
            )  # fmt: skip
        if difference.rekeyed:
            numbers, keys = zip(*difference.rekeyed, strict=True)
            self._do(
                "UPDATE register.finding f SET group_key = n.k FROM unnest(%s::bigint[], %s::text[]) n(id, k)"
                " WHERE f.finding_no = n.id", list(numbers), list(keys),
            )  # fmt: skip
        if difference.opening:
            columns = [list(c) for c in zip(*difference.opening, strict=True)]
            self._do(writing.OPENED, event, *columns)
        if deltas := tally.deltas():
            with self._con.cursor() as cursor, cursor.copy(writing.DELTAS) as copy:
                copy.write("".join(writing.delta_line(event, *delta) for delta in deltas))
        return len(difference.opening), len(difference.closing)


def _check_places(
    events: Iterable[Incoming], outcomes: Sequence[Outcome], touched: Touched, done: Done
) -> None:
    """Whoever records may change persons of its own communes alone; asked of what the register held before."""
    for event, outcome in zip(events, outcomes, strict=True):
        if event.only_in is None:
            continue
        places = {done.place_of.get(person) for person in touched.joined(outcome.records)}
        if places - event.only_in - {None}:
            raise Outside(
                "Sự kiện rơi vào người thuộc đơn vị khác; chưa ghi gì.\n"
                "The event concerns a person of another unit; nothing was recorded."
            )
