"""A ledger of many million lines in minutes: one line goes the product's own way, the others are made of its bytes.

That line is written and given its place in a transaction that is rolled back. What PostgreSQL says of it (its bytes in
a COPY, the text that is committed to, its leaf) is cut where the values stand that differ from line to line, and other
values go in there. A process copies the log, another hashes and copies the entries, each then makes its indexes; this
one has the product lay the tiles. `wrong` compares lines with what the product's own SQL computes.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import random
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import md5, sha256
from multiprocessing.connection import Connection
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
import psycopg

from dancu.platform.ledger import ledgered as ours
from dancu.platform.register import ledgered as register
from dancu.store.ledger import installing, schema, sequencing, tiles
from dancu.store.ledger.installing import as_written
from dancu.store.register import loading

Bytes = npt.NDArray[np.uint8]
"""A line each row, a byte each column."""
Told = Callable[[str], None]
"""What has been done so far."""
STEP, SEED = 4096, 7
"""Lines made at a time: few enough that they stay in the processor's cache from form to form."""
KINDS = [*register.KINDS, *ours.KINDS]
LOG = next(kind for kind in KINDS if kind.name == "access.1")
ENTRY = "ledger.entry"
TABLES = (LOG.place, ENTRY)
_EPOCH = np.datetime64("2000-01-01", "us")
_HEX = np.frombuffer(bytes(range(256)).hex().encode(), np.uint16)
_HEADER, _TRAILER = 19, 2
"""Of a binary COPY."""
_LINE = """
INSERT INTO register.access_log
    (access_no, receipt, at, citizen_id, by, role, unit_code, purpose, basis, fields) OVERRIDING SYSTEM VALUE
VALUES (%s, %s, %s, %s, %s, 'clinic_clerk', '07204', 'health_care', 'Luật Bảo hiểm y tế', '{full_name,birth_date}')
"""


def citizen(number: int) -> bytes:
    """The identifier of an invented citizen."""
    return md5(b"c%d" % number).digest()


@dataclass(frozen=True)
class Form:
    """Bytes of a line: what is the same in all, and between that the names of what is not."""

    parts: tuple[bytes | str, ...]

    @classmethod
    def of(cls, line: bytes, values: Mapping[str, bytes]) -> Form:
        """Every value stands in it once."""
        names = {value: name for name, value in values.items()}
        found = re.split(b"(" + b"|".join(map(re.escape, names)) + b")", line)
        assert sorted(names.get(part, "") for part in found[1::2]) == sorted(values), line
        return cls(tuple(names.get(part, part) for part in found))

    def filled(self, values: Mapping[str, Bytes]) -> Bytes:
        """A line for each row of the values."""
        return _beside(*(values[part] if isinstance(part, str) else part for part in self.parts))


@dataclass(frozen=True)
class Forms:
    """One line in four forms: as a row of the log, as what is committed to, as what a leaf hashes, as an entry."""

    header: bytes
    log: Form
    committed: Form
    leaf: Form
    entry: Form


def fill(dsn: str, rows: int, citizens: int, told: Told = lambda _what: None) -> dict[str, int]:  # fmt: skip
    """The register and the ledger in an empty database, with so many lines one second after another until now."""
    start = time.perf_counter()
    people = np.frombuffer(b"".join(map(citizen, range(citizens))), np.uint8).reshape(-1, 16)
    with psycopg.connect(dsn, autocommit=True, options="-c synchronous_commit=off") as con:
        loading.create(con)
        con.execute(schema.SCHEMA.encode())
        installing.install(con, KINDS)
        forms = _forms(con)
        # A trigger with a transition table keeps every row of a COPY, fired or not.
        con.execute(f"DROP TRIGGER {installing.TRIGGER} ON {LOG.place}".encode())
        later = {table: _without_indexes(con, table) for table in TABLES}
        began = np.datetime64(int(time.time()) - rows, "s")
        fork = multiprocessing.get_context("fork")
        given, giving = fork.Pipe(duplex=False)
        log = fork.Process(target=_log, args=(dsn, rows, people, began, forms, later[LOG.place]))
        entries = fork.Process(
            target=_entries, args=(dsn, rows, people, began, forms, later[ENTRY], giving)
        )
        try:
            log.start()
            entries.start()
            giving.close()
            made = 0
            while made < rows:
                leaves = given.recv_bytes()
                tiles.append(con, made, leaves)
                made += len(leaves) // tiles.HASH
                if made % (rows // 20 + 1) < STEP:
                    told(f"{made:,} of {rows:,} leaves")
            told("indexes")
            entries.join()
            log.join()
        finally:
            for process in (log, entries):
                if process.is_alive():
                    process.kill()
        assert (log.exitcode, entries.exitcode) == (0, 0)
        con.execute("UPDATE ledger.tree SET size = %s", [rows])
        for column in (f"{LOG.place} ALTER access_no", "ledger.pending ALTER entry_no"):
            con.execute(f"ALTER TABLE {column} RESTART WITH {rows + 1}".encode())
        installing.install(con, KINDS)
        con.execute("VACUUM (ANALYZE) ledger.pending, ledger.tile")
    spent = time.perf_counter() - start
    return {"fill_rows_s": round(rows / spent), "fill_s": round(spent)}


def wrong(con: psycopg.Connection[Any], rows: int, *, most: int = 1000) -> int:
    """How many of a sample of lines, entries and leaves are not what the product's own SQL computes."""
    sample = random.sample(range(rows), min(rows, most))
    with con.transaction(), as_written(con):
        row = con.execute(
            f"SELECT count(*) FROM ledger.entry e JOIN {LOG.place} l ON l.receipt = e.key::uuid"
            " JOIN ledger.kind k USING (kind_no) JOIN ledger.tile t ON t.level = 0 AND t.index = e.leaf_index / 256"
            f" WHERE leaf_index = ANY(%s) AND k.name = '{LOG.name}' AND l.at = e.at AND l.access_no = leaf_index + 1"
            f" AND sha256(e.salt || convert_to({LOG.row_text('l')}, 'UTF8')) = e.commitment"
            " AND substr(t.hashes, (e.leaf_index %% 256)::integer * 32 + 1, 32)"
            " = ledger.leaf_hash(k.name, e.key, e.at, e.adopted, e.commitment)".encode(), [sample],
        ).fetchone()  # fmt: skip
    assert row is not None
    return len(sample) - int(row[0])


def _forms(con: psycopg.Connection[Any]) -> Forms:
    """Out of a line that the trigger noted and that was given its place."""
    no, place, by = 1_234_567_891, 1_234_567_892, "clinic.777"
    receipt, who = (UUID(bytes=sha256(of).digest()[:16], version=4) for of in (b"receipt", b"who"))
    at = np.datetime64("2024-06-21T08:00:00")
    with con.transaction(force_rollback=True):
        con.execute(_LINE, [no, receipt, f"{at}Z", who, by])
        assert sequencing.sequence(con) == 1
        con.execute(
            "UPDATE ledger.entry SET leaf_index = %s, entry_no = %s,"
            " at = (SELECT at FROM register.access_log)", [place, no],
        )  # fmt: skip
        with as_written(con):
            row = con.execute(
                f"SELECT e.salt, e.commitment, {LOG.row_text('l')},"
                " ledger.leaf(k.name, e.key, e.at, e.adopted, e.commitment)"
                f" FROM {LOG.place} l, ledger.entry e JOIN ledger.kind k USING (kind_no)".encode()
            ).fetchone()
        assert row is not None
        salt, commitment, text, leaf = (
            bytes(row[0]),
            bytes(row[1]),
            row[2].encode(),
            row[3].encode(),
        )
        assert commitment == sha256(salt + text).digest()
        log, entry = (_copied(con, table) for table in TABLES)
    values = {
        "no": no.to_bytes(8, "big"), "no_said": b"%d" % no, "place": place.to_bytes(8, "big"),
        "receipt": receipt.bytes, "receipt_said": str(receipt).encode(),
        "citizen": who.bytes, "citizen_said": str(who).encode(),
        "at": _moments(np.array([at])).tobytes(), "at_said": str(at).encode(), "by": by.encode(),
        "salt": salt, "commitment": commitment, "commitment_said": commitment.hex().encode(),
    }  # fmt: skip

    def form(line: bytes, names: str) -> Form:
        return Form.of(line, {name: values[name] for name in names.split()})

    return Forms(
        header=log[:_HEADER],
        log=form(log[_HEADER:-_TRAILER], "no receipt at citizen by"),
        committed=form(salt + text, "salt no_said receipt_said at_said citizen_said by"),
        leaf=form(b"\x00" + leaf, "receipt_said at_said commitment_said"),
        entry=form(entry[_HEADER:-_TRAILER], "no place at salt commitment receipt_said"),
    )


def _copied(con: psycopg.Connection[Any], table: str) -> bytes:
    with con.cursor().copy(f"COPY (TABLE {table}) TO STDOUT (FORMAT binary)".encode()) as copy:
        return b"".join(bytes(block) for block in copy)


def _steps(rows: int) -> Iterator[tuple[int, int]]:
    """Parts of the lines: first number and the one after the last; in each all numbers have as many digits."""
    first = 1
    while first <= rows:
        end = min(first + STEP, rows + 1, 10 ** len(str(first)))
        yield first, end
        first = end


def _lines(first: int, end: int, people: Bytes, began: np.datetime64) -> dict[str, Bytes]:
    """What is in these lines, the same in both processes."""
    chance = np.random.default_rng([SEED, first])
    no = np.arange(first, end)
    return {
        "no": _big(no), "receipt": _uuids(chance, len(no)), "at": _moments(began + no),
        "citizen": people[chance.integers(len(people), size=len(no))],
        "by": _beside(b"clinic.", _digits(no % 700, 3)),
    }  # fmt: skip


def _log(
    dsn: str, rows: int, people: Bytes, began: np.datetime64, forms: Forms, later: list[str]
) -> None:
    with _copying(dsn, LOG.place, forms.header, later) as write:
        for first, end in _steps(rows):
            write(forms.log.filled(_lines(first, end, people, began)))


def _entries(
    dsn: str,
    rows: int,
    people: Bytes,
    began: np.datetime64,
    forms: Forms,
    later: list[str],
    giving: Connection,
) -> None:
    salts = np.random.default_rng(SEED)
    with _copying(dsn, ENTRY, forms.header, later) as write:
        for first, end in _steps(rows):
            no, made = np.arange(first, end), _lines(first, end, people, began)
            made |= {
                "place": _big(no - 1), "salt": _uuids(salts, len(no)), "no_said": _digits(no, len(str(first))),
                "receipt_said": _said(made["receipt"]), "citizen_said": _said(made["citizen"]),
                "at_said": _clock(began + no),
            }  # fmt: skip
            made["commitment"] = _hashes(forms.committed.filled(made))
            made["commitment_said"] = _hexed(made["commitment"])
            giving.send_bytes(_hashes(forms.leaf.filled(made)).tobytes())
            write(forms.entry.filled(made))


@contextlib.contextmanager
def _copying(
    dsn: str, table: str, header: bytes, later: list[str]
) -> Iterator[Callable[[Bytes], None]]:
    """Rows into a table that is emptied in the same transaction, so that they may come frozen; then its indexes."""
    with psycopg.connect(dsn) as con:
        con.execute(f"TRUNCATE {table}".encode())
        with con.cursor().copy(f"COPY {table} FROM STDIN (FORMAT binary, FREEZE)".encode()) as copy:
            copy.write(header)
            yield lambda rows: copy.write(rows.tobytes())
            copy.write(b"\xff\xff")
        con.commit()
        con.autocommit = True
        con.execute("SET maintenance_work_mem = '512MB'")
        for statement in [*later, f"VACUUM (ANALYZE) {table}"]:
            con.execute(statement.encode())


def _without_indexes(con: psycopg.Connection[Any], table: str) -> list[str]:
    """Drops the indexes of a table; the statements that make them again."""
    keys = con.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'p'",
        [table],
    ).fetchall()
    for name, _ in keys:
        con.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}".encode())
    others = con.execute(
        "SELECT indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass",
        [table],
    ).fetchall()
    for name, _ in others:
        con.execute(f"DROP INDEX {name}".encode())
    made = [f"ALTER TABLE {table} ADD CONSTRAINT {name} {key}" for name, key in keys]
    return [*made, *(statement for _, statement in others)]


def _beside(*parts: bytes | Bytes) -> Bytes:
    """Columns side by side; bytes are the same in every row."""
    line = b"".join(part if isinstance(part, bytes) else bytes(part.shape[1]) for part in parts)
    count = max(len(part) for part in parts if not isinstance(part, bytes))
    made = np.empty((count, len(line)), np.uint8)
    made[:] = np.frombuffer(line, np.uint8)
    at = 0
    for part in parts:
        if isinstance(part, bytes):
            at += len(part)
        else:
            made[:, at : at + part.shape[1]] = part
            at += part.shape[1]
    return made


def _hashes(lines: Bytes) -> Bytes:
    flat, width = lines.tobytes(), lines.shape[1]
    made = b"".join(sha256(flat[at : at + width]).digest() for at in range(0, len(flat), width))
    return np.frombuffer(made, np.uint8).reshape(-1, 32)


def _uuids(chance: np.random.Generator, count: int) -> Bytes:
    """As `gen_random_uuid` makes them."""
    made = np.frombuffer(chance.bytes(16 * count), np.uint8).reshape(-1, 16).copy()
    made[:, 6] = made[:, 6] & 0x0F | 0x40
    made[:, 8] = made[:, 8] & 0x3F | 0x80
    return made


def _said(uuids: Bytes) -> Bytes:
    """As PostgreSQL writes them."""
    digits = _hexed(uuids)
    return _beside(digits[:, :8], b"-", digits[:, 8:12], b"-", digits[:, 12:16], b"-",
                   digits[:, 16:20], b"-", digits[:, 20:])  # fmt: skip


def _hexed(data: Bytes) -> Bytes:
    return _HEX[data].view(np.uint8)


def _digits(numbers: npt.NDArray[np.int64], width: int) -> Bytes:
    powers = 10 ** np.arange(width - 1, -1, -1)
    return (numbers[:, None] // powers % 10 + ord("0")).astype(np.uint8)


def _moments(at: npt.NDArray[np.datetime64]) -> Bytes:
    return _big((at.astype("M8[us]") - _EPOCH).astype(np.int64))


def _clock(at: npt.NDArray[np.datetime64]) -> Bytes:
    """As JSON and a leaf have them, to the second."""
    minute = at.astype("M8[m]")
    every = np.arange(minute[0], minute[-1] + 1)
    said = _bytes(np.datetime_as_string(every).astype("S16"))
    return _beside(said[(minute - minute[0]).astype(int)], b":", _digits(at.astype(int) % 60, 2))


def _big(numbers: npt.NDArray[np.int64]) -> Bytes:
    return _bytes(numbers.astype(">i8"))


def _bytes(values: npt.NDArray[Any]) -> Bytes:
    return values.view(np.uint8).reshape(len(values), -1)
