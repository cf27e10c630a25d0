"""A trigger on each table that goes into the ledger, and its rows from before taken in: part of `dancu migrate`.

The trigger runs once a statement, as the owner, in the transaction of the rows: without it there is no row, and
without the row no entry. Whoever adds rows needs no right on the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg

from dancu.store.ledger.kinds import SETTINGS, Kind, KindError

Connection = psycopg.Connection[Any]
TRIGGER = "ledger_entry"


def install(con: Connection, kinds: Iterable[Kind]) -> dict[str, int]:
    """Kinds, functions and triggers as declared; what was taken in of rows from before, by kind. Runs again safely.

    Each kind in a transaction of its own. Raises KindError when a kind changed without a new version.
    """
    declared = list(kinds)
    _check(declared)
    taken = {}
    for kind in declared:
        with con.transaction():
            number, new = _number(con, kind)
            con.execute(_function(kind, number).encode())
            con.execute(f"REVOKE ALL ON FUNCTION ledger.note_{number}() FROM PUBLIC".encode())
            if not _has_trigger(con, kind, number):
                con.execute(f"LOCK TABLE {kind.place} IN SHARE ROW EXCLUSIVE MODE".encode())
                con.execute(_trigger(kind, number).encode())
                if new:
                    taken[kind.name] = _adopt(con, kind, number)
    with con.transaction():
        _retire(con, declared)
    return taken


def stored(con: Connection) -> Mapping[int, Kind]:
    """Every kind there ever was by its number."""
    rows = con.execute(
        "SELECT kind_no, name, table_name, key, columns, about, row_at FROM ledger.kind ORDER BY kind_no"
    ).fetchall()
    return {
        row[0]: Kind(row[1], row[2], row[3], tuple(row[4]), about=row[5], at=row[6]) for row in rows
    }


def _check(declared: list[Kind]) -> None:
    for what in ("name", "table"):
        said = [getattr(kind, what) for kind in declared]
        if twice := {value for value in said if said.count(value) > 1}:
            raise KindError(f"declared twice: {', '.join(sorted(twice))}")


def _number(con: Connection, kind: Kind) -> tuple[int, bool]:
    """The kind's number, and whether the table was not covered before at all."""
    known = {k.name: (number, k) for number, k in stored(con).items()}
    if kind.name in known:
        number, before = known[kind.name]
        if before != kind:
            raise KindError(
                f"{kind.name} reads other columns than before: give it the next number, keep old entries readable"
            )
        con.execute("UPDATE ledger.kind SET until = NULL WHERE kind_no = %s", [number])
        return number, False
    new = all(k.table != kind.table for _, k in known.values())
    row = con.execute(
        "INSERT INTO ledger.kind (name, table_name, key, columns, about, row_at)"
        " VALUES (%s, %s, %s, %s, %s, %s) RETURNING kind_no",
        [kind.name, kind.table, kind.key, list(kind.columns), kind.about, kind.at],
    ).fetchone()
    assert row is not None
    return int(row[0]), new


def _retire(con: Connection, declared: list[Kind]) -> None:
    """Kinds that nobody declares any more: their table (if it is there) has no trigger of theirs."""
    names = [kind.name for kind in declared]
    tables = {kind.table for kind in declared}
    for number, kind in stored(con).items():
        if kind.name in names:
            continue
        con.execute(
            "UPDATE ledger.kind SET until = now() WHERE kind_no = %s AND until IS NULL", [number]
        )
        if kind.table not in tables and _is_there(con, kind.place):
            con.execute(f"DROP TRIGGER IF EXISTS {TRIGGER} ON {kind.place}".encode())


def _is_there(con: Connection, table: str) -> bool:
    row = con.execute("SELECT to_regclass(%s) IS NOT NULL", [table]).fetchone()
    return bool(row and row[0])


def _has_trigger(con: Connection, kind: Kind, number: int) -> bool:
    row = con.execute(
        "SELECT 1 FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = %s"
        " AND tgfoid = %s::regprocedure AND tgenabled = 'O'",
        [kind.place, TRIGGER, f"ledger.note_{number}()"],
    ).fetchone()
    return row is not None


def _function(kind: Kind, number: int) -> str:
    settings = " ".join(f"SET {name} = {value}" for name, value in SETTINGS.items())
    return (
        f"CREATE OR REPLACE FUNCTION ledger.note_{number}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        f" {settings} AS $note$ BEGIN {_noting(kind, number, 'added', adopted=False)}; RETURN NULL; END $note$"
    )


def _noting(kind: Kind, number: int, rows: str, *, adopted: bool) -> str:
    """OFFSET 0 keeps the salt one value, used twice."""
    return (
        "INSERT INTO ledger.pending (at, kind_no, adopted, salt, commitment, key)"
        f" SELECT clock_timestamp(), {number}, {str(adopted).lower()}, n.salt,"
        " sha256(n.salt || convert_to(n.text, 'UTF8')), n.key"
        f" FROM (SELECT {kind.key_text('t')} AS key, {kind.row_text('t')} AS text,"
        f" uuid_send(gen_random_uuid()) AS salt FROM {rows} t OFFSET 0) n"
    )


def _trigger(kind: Kind, number: int) -> str:
    return (
        f"CREATE OR REPLACE TRIGGER {TRIGGER} AFTER INSERT ON {kind.place} REFERENCING NEW TABLE AS added"
        f" FOR EACH STATEMENT EXECUTE FUNCTION ledger.note_{number}()"
    )


def _adopt(con: Connection, kind: Kind, number: int) -> int:
    """Rows from before in the order of their keys."""
    order = ", ".join(f'"{column}"' for column in kind.keys)
    rows = f"(SELECT * FROM {kind.place} ORDER BY {order})"
    with as_written(con):
        return con.execute(_noting(kind, number, rows, adopted=True).encode()).rowcount


@contextmanager
def as_written(con: Connection) -> Iterator[None]:
    """Inside, rows read as the triggers read them; within a transaction, which goes on with its own settings."""
    shown = ", ".join(f"current_setting('{name}')" for name in SETTINGS)
    before = con.execute(f"SELECT {shown}".encode()).fetchone() or ()
    for name, value in SETTINGS.items():
        con.execute(f"SET LOCAL {name} = {value}".encode())
    yield
    for name, was in zip(SETTINGS, before, strict=True):
        con.execute("SELECT pg_catalog.set_config(%s, %s, true)", [name, was])
