"""A second load: what a finished run tells otherwise than the register's records of the same files, and only that.

A record is known by file name, sheet and row; it is unchanged when its cells are equal.
`compare` finds what is new, changed and gone; `apply` takes it in through the register's own door, a group a
transaction. Broken off at any point, the next comparison finds what is left: nothing is done twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import adbc_driver_postgresql.dbapi as adbc
import psycopg
import pyarrow as pa

from dancu.store.duckdb import DuckStore
from dancu.store.errors import StoreError
from dancu.store.postgres import connect
from dancu.store.register import loading, schema
from dancu.store.register.desk import digest
from dancu.store.register.live import Register
from dancu.store.register.told import Change, Incoming, Outcome, Outside

TOGETHER = 40
"""Records in one transaction: enough to share its price, few enough to stop soon."""
KIND = "list_row"
_READ = 2_000

Progress = Callable[[int, int], None]
"""Called with how many changes are done and how many there are."""


class Stopped(Exception):
    """Somebody asked to stop; what was taken in stays, and a later call goes on from there."""


@dataclass(frozen=True)
class Difference:
    """How many records of the run are new, changed or as they were, and how many of the register's are gone."""

    new: int
    changed: int
    gone: int
    unchanged: int

    @property
    def total(self) -> int:
        """What there is to do."""
        return self.new + self.changed + self.gone


@dataclass
class Applied:
    """What was done. `outside`: records refused, since their person is another's. `queued`: pairs left to a person."""

    new: int = 0
    changed: int = 0
    gone: int = 0
    persons: int = 0
    matched: int = 0
    opened: int = 0
    closed: int = 0
    queued: int = 0
    outside: list[tuple[str, int]] = field(default_factory=list)

    def add(self, other: Applied) -> None:
        """Both together."""
        for name in ("new", "changed", "gone", "persons", "matched", "opened", "closed", "queued"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.outside += other.outside


def compare(dsn: str, store: DuckStore, *, whole: bool = False) -> Difference:
    """Makes the table `_changes` in the store; `whole`: what a file no longer holds is gone from it."""
    listed = store.fetch("SELECT DISTINCT name FROM files WHERE source IS NOT NULL")
    files = listed["name"].to_pylist()
    store.put("_known", _known(dsn, files))
    store.create("_mine", _MINE)
    store.create("_differing", _DIFFERING)
    store.put("_same", _equal_after_all(dsn, store))
    gone = _GONE if whole else f"{_GONE} AND FALSE"
    store.create("_changes", f"{_CHANGED} UNION ALL {gone}")
    found = store.fetch("SELECT what, count(*) AS n FROM _changes GROUP BY what")
    counts = dict(zip(found["what"].to_pylist(), found["n"].to_pylist(), strict=True))
    new, changed, left = (int(counts.get(what, 0)) for what in ("new", "changed", "gone"))
    return Difference(new, changed, left, store.rows("_mine") - new - changed)


def rename(dsn: str, old: str, new: str) -> None:
    """The file `new` takes the place of `old`, row by row; raises StoreError when both are in the register."""
    if old == new:
        return
    with connect(dsn) as con:
        both = con.execute(
            "SELECT count(DISTINCT name) FROM register.file WHERE name = ANY(%s)", [[old, new]]
        )
        if (both.fetchone() or (0,))[0] == 2:
            raise StoreError(
                f"Tệp «{new}» đã có trong sổ, nên không thể thay cho «{old}».\n"
                f"File {new} is in the register already: it cannot replace {old}."
            )
        con.execute("UPDATE register.file SET name = %s WHERE name = %s", [new, old])


def apply(
    dsn: str,
    store: DuckStore,
    *,
    by: str,
    only_in: frozenset[str] | None = None,
    progress: Progress = lambda _done, _all: None,
    stop: Callable[[], bool] = lambda: False,
    kept: Callable[[Applied], None] = lambda _group: None,
) -> Applied:
    """Take in what `compare` found, a group a transaction. Raises Stopped, and StoreError (another load is running).

    `only_in`: communes whose people may be changed, and in which rows may lie. `kept` is told of each group.
    """
    done, total = Applied(), store.rows("_changes")
    with loading.alone(dsn) as con:
        numbers = _files(con, store)
        stamp = _last_event(con)
        register = Register.open(dsn)
        try:
            for at, group in _groups(store, numbers, by, stamp, only_in):
                progress(at, total)
                if stop():
                    raise Stopped
                part = _taken(register, con, group)
                kept(part)
                done.add(part)
        finally:
            register.close()
    progress(total, total)
    return done


# --- comparing ---

_MINE = f"""
SELECT r.record_id, r.file_no, f.name, f.sha256, f.sheet, r.row, r.source, {loading.cells_text()} AS cells
FROM records r JOIN (SELECT file_no, coalesce(sheet, '') AS sheet, name, sha256 FROM files) f
  ON f.file_no = r.file_no AND f.sheet = coalesce(r.sheet, '')
"""
_DIFFERING = """
SELECT m.record_id, k.record_id AS known FROM _mine m
JOIN _known k ON k.name = m.name AND k.sheet = m.sheet AND k.row = m.row
WHERE md5(m.cells) <> k.digest OR m.source <> k.source
"""
_CHANGED = """
SELECT CASE WHEN k.record_id IS NULL THEN 'new' ELSE 'changed' END AS what, k.record_id AS known, m.record_id AS mine,
  m.name, m.sha256, m.sheet, m.row, m.source
FROM _mine m LEFT JOIN _known k ON k.name = m.name AND k.sheet = m.sheet AND k.row = m.row
WHERE k.record_id IS NULL
   OR m.record_id IN (SELECT record_id FROM _differing WHERE record_id NOT IN (SELECT record_id FROM _same))
"""
_GONE = """
SELECT 'gone' AS what, k.record_id AS known, NULL AS mine, k.name, f.sha256, k.sheet, k.row, k.source
FROM _known k JOIN (SELECT name, min(sha256) AS sha256 FROM files GROUP BY name) f ON f.name = k.name
WHERE NOT EXISTS (SELECT 1 FROM _mine m WHERE m.name = k.name AND m.sheet = k.sheet AND m.row = k.row)
"""
_KNOWN = """
SELECT r.record_id, f.name, r.sheet, r.row, r.source, md5(r.cells::text) AS digest
FROM register.record r JOIN register.file f ON f.file_no = r.file_no AND f.sheet = r.sheet
WHERE NOT f.entered AND f.name = ANY($1)
"""


def _known(dsn: str, names: Sequence[str]) -> pa.Table:
    """The register's records of these files; a digest stands for the cells, so that a province fits into memory."""
    with adbc.connect(dsn) as con, con.cursor() as cursor:
        quoted = ", ".join("'" + name.replace("'", "''") + "'" for name in names)
        cursor.execute(_KNOWN.replace("ANY($1)", f"ANY(ARRAY[{quoted}]::text[])"))
        return cursor.fetch_arrow_table()


def _equal_after_all(dsn: str, store: DuckStore) -> pa.Table:
    """Records whose cells are written otherwise and are the same: another order, other blanks."""
    same: list[int] = []
    with connect(dsn) as con:
        for rows in _slices(store.fetch("SELECT * FROM _differing ORDER BY record_id")):
            mine = [row["record_id"] for row in rows]
            cells = _by_id(
                store, f"SELECT record_id, source, cells FROM _mine WHERE record_id IN {_in(mine)}"
            )
            there = {
                number: (source, json.loads(str(text)))
                for number, source, text in con.execute(
                    "SELECT record_id, source, cells::text FROM register.record WHERE record_id = ANY(%s)",
                    [[row["known"] for row in rows]],
                )
            }
            same += [
                row["record_id"] for row in rows
                if row["known"] in there
                and there[row["known"]] == _told(cells[row["record_id"]])
            ]  # fmt: skip
    return pa.table({"record_id": pa.array(same, pa.int64())})


def _told(row: Mapping[str, Any]) -> tuple[str, Any]:
    return row["source"], json.loads(row["cells"])


# --- applying ---

Numbers = Mapping[tuple[str, str], int]
"""(name, sheet) -> the register's number of the file."""


def _files(con: psycopg.Connection[Any], store: DuckStore) -> Numbers:
    """The files of the run as the register numbers them; a file that it knows by name keeps its number."""
    listed = store.fetch(
        "SELECT name, coalesce(sheet, '') AS sheet, sha256, source, list_date FROM files"
        " WHERE source IS NOT NULL AND list_date IS NOT NULL ORDER BY file_no, sheet"
    ).to_pylist()
    numbers: dict[tuple[str, str], int] = {}
    with con.transaction():
        for one in listed:
            row = con.execute(
                "SELECT coalesce((SELECT min(file_no) FROM register.file WHERE name = %s AND NOT entered),"
                " (SELECT coalesce(max(file_no), 0) + 1 FROM register.file))", [one["name"]],
            ).fetchone()  # fmt: skip
            number = int(row[0]) if row else 1
            con.execute(
                "INSERT INTO register.file (file_no, sheet, name, sha256, source, list_date)"
                " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (file_no, sheet) DO UPDATE"
                " SET sha256 = excluded.sha256, source = excluded.source,"
                " list_date = excluded.list_date",
                [number, one["sheet"], one["name"], one["sha256"], one["source"], one["list_date"]],
            )
            numbers[(one["name"], one["sheet"])] = number
    return numbers


def _last_event(con: psycopg.Connection[Any]) -> int:
    row = con.execute("SELECT coalesce(max(event_no), 0) FROM register.event").fetchone()
    return int(row[0]) if row else 0


def _groups(
    store: DuckStore, numbers: Numbers, by: str, stamp: int, only_in: frozenset[str] | None
) -> Iterator[tuple[int, list[tuple[Mapping[str, Any], Incoming]]]]:
    """Groups of changes with their events, and how many went before."""
    order = "ORDER BY what <> 'gone', name, sheet, row"
    at = 0
    for rows in _slices(store.fetch(f"SELECT * FROM _changes {order}")):
        mine = [row["mine"] for row in rows if row["mine"] is not None]
        standard = _by_id(store, f"SELECT * FROM standard WHERE record_id IN {_in(mine)}")
        cells = _by_id(store, f"SELECT record_id, cells FROM _mine WHERE record_id IN {_in(mine)}")
        made: list[tuple[Mapping[str, Any], Incoming]] = [
            (row, _event(row, standard, cells, numbers, by, stamp, only_in)) for row in rows
        ]
        for first in range(0, len(made), TOGETHER):
            yield at + first, made[first : first + TOGETHER]
        at += len(rows)


def _event(
    row: Mapping[str, Any],
    standard: Mapping[int, Mapping[str, Any]],
    cells: Mapping[int, Mapping[str, Any]],
    numbers: Numbers,
    by: str,
    stamp: int,
    only_in: frozenset[str] | None,
) -> Incoming:
    """One record's change. Its name holds the state that it was compared with: the same file may come again later."""
    place = (row["name"], row["sheet"])
    name = f"{row['sha256']}:{row['sheet']}:{row['row']}@{stamp}"
    if row["mine"] is None:
        change = Change(row["known"], row["source"], None)
        name += ":gone"
    else:
        told = {c: standard[row["mine"]].get(c) for c in schema.standard()}
        given = json.loads(cells[row["mine"]]["cells"])
        change = Change(row["known"], row["source"], told, given, numbers[place], row["sheet"], row["row"])  # fmt: skip
    data = {"file": row["name"], "sheet": row["sheet"], "row": row["row"], "what": row["what"]}
    return Incoming("dancu/lists", name, KIND, by, digest(KIND, data), data, (change,), only_in=only_in)  # fmt: skip


def _taken(
    register: Register, con: psycopg.Connection[Any], group: Sequence[tuple[Mapping[str, Any], Incoming]]
) -> Applied:  # fmt: skip
    """A group at once; where one of it is refused, each by itself."""
    foreign = [(row["sheet"], row["row"]) for row, event in group if _is_elsewhere(event)]
    if foreign:
        done = _taken(register, con, [one for one in group if not _is_elsewhere(one[1])])
        done.outside += foreign
        return done
    if not group:
        return Applied()
    try:
        return _counted(con, group, register.apply([event for _, event in group]))
    except Outside:
        if len(group) == 1:
            row = group[0][0]
            return Applied(outside=[(row["sheet"], row["row"])])
    done = Applied()
    for one in group:
        done.add(_taken(register, con, [one]))
    return done


def _is_elsewhere(event: Incoming) -> bool:
    """Whether the row itself says that it belongs to another commune than the list may speak of."""
    unit = (event.changes[0].row or {}).get("unit_code")
    return event.only_in is not None and unit is not None and unit not in event.only_in


def _counted(
    con: psycopg.Connection[Any],
    group: Sequence[tuple[Mapping[str, Any], Incoming]],
    outcomes: Sequence[Outcome],
) -> Applied:
    done = Applied(opened=outcomes[-1].opened, closed=outcomes[-1].closed)
    for row, _ in group:
        setattr(done, row["what"], getattr(done, row["what"]) + 1)
    there = [
        o.records[0] for (row, _), o in zip(group, outcomes, strict=True) if row["what"] == "new"
    ]
    found = con.execute(
        "SELECT count(*) FILTER (WHERE s.person_id = s.record_id), count(*) FILTER (WHERE s.person_id <> s.record_id),"
        " (SELECT count(*) FROM register.duplicate d WHERE d.settled_at IS NULL"
        "  AND (d.record_a = ANY(%s) OR d.record_b = ANY(%s)))"
        " FROM register.standard s WHERE s.record_id = ANY(%s)", [there, there, there],
    ).fetchone()  # fmt: skip
    persons, matched, queued = found or (0, 0, 0)
    return replace(done, persons=int(persons), matched=int(matched), queued=int(queued))


def _slices(table: pa.Table) -> Iterator[list[dict[str, Any]]]:
    for first in range(0, table.num_rows, _READ):
        yield table.slice(first, _READ).to_pylist()


def _by_id(store: DuckStore, query: str) -> dict[int, dict[str, Any]]:
    return {int(row["record_id"]): row for row in store.fetch(query).to_pylist()}


def _in(numbers: Sequence[int]) -> str:
    return f"({', '.join(str(int(n)) for n in numbers) or 'NULL'})"
