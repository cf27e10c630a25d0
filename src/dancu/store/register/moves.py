"""A change of units before it is applied: the resolution's table as a draft, its check, and what it would move.

The packed reference data say which units there are on a day and who took over whose people; a resolution's table is
held against them and never believed alone, and never joined on names. `moving` applies it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

import psycopg
from psycopg.types.json import Jsonb

from dancu.reference import units
from dancu.reference.units import Kind
from dancu.store.errors import StoreError
from dancu.store.register import resensed

Connection = psycopg.Connection[Any]
KINDS: tuple[str, ...] = get_args(Kind)
COMMUNE = 5
Why = Literal[
    "unknown_day", "past_day", "earlier_change", "unknown_old", "unknown_new", "bad_kind", "twice",
    "no_successor", "not_in_law", "missing", "split",
]  # fmt: skip
WARNINGS = frozenset({"split", "no_successor"})
"""The reference data do not know where the people go: they stay without a commune until somebody decides."""


class ChangeError(StoreError):
    """A change of units that cannot be done now; the message says why and what to do."""


@dataclass(frozen=True)
class Row:
    """One line of a resolution's table: people of `old_code` are in `new_code` afterwards."""

    old_code: str
    new_code: str
    kind: str
    note: str = ""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a draft, as a reason and the codes that it is about; some only warn."""

    why: Why
    old_code: str = ""
    new_code: str = ""
    detail: str = ""

    @property
    def stops(self) -> bool:
        """Whether the draft cannot be applied with it."""
        return self.why not in WARNINGS


@dataclass(frozen=True)
class Change:
    """A change as kept."""

    number: int
    day: dt.date
    resolution: str
    state: str
    file_name: str
    problems: tuple[Problem, ...]
    preview: Mapping[str, Any] | None
    result: Mapping[str, Any] | None
    event_no: int | None
    on_day_before: dt.date | None
    made_by: str
    made_at: dt.datetime
    applied_by: str | None
    applied_at: dt.datetime | None
    undone_by: str | None
    undone_at: dt.datetime | None

    @property
    def can_apply(self) -> bool:
        """Whether it was checked and nothing stops it."""
        return self.state in ("checked", "scheduled", "undone") and not any(
            p.stops for p in self.problems
        )


_COLUMNS = (
    "change_no, day, resolution, state, file_name, problems, preview, result, event_no, on_day_before,"
    " made_by, made_at, applied_by, applied_at, undone_by, undone_at"
)


# --- drafts ---


def packed(con: Connection, day: dt.date) -> list[Row]:
    """The table of a day of change out of the reference data, for the provinces in which the register has people."""
    before = units.on(day - dt.timedelta(days=1))
    provinces = {unit.province_code for unit in _inhabited(con, before)}
    return [
        Row(old, new, kind)
        for old, new, kind in _edges(day)
        if before.get(old).province_code in provinces
    ]


def _edges(day: dt.date) -> list[tuple[str, str, str]]:
    table = units.successor_table(frm=day - dt.timedelta(days=1), to=day).to_pylist()
    return [
        (r["old_code"], r["new_code"], r["kind"])
        for r in table
        if r["new_code"] and len(r["old_code"]) == COMMUNE
    ]


def draft(
    con: Connection,
    rows: Sequence[Row],
    *,
    day: dt.date,
    resolution: str,
    by: str,
    file_name: str = "",
    data: bytes = b"",
) -> int:
    """Keeps a table as a draft; its number."""
    if not rows and day not in units.days_of_change():
        raise ChangeError(
            "Bảng không có dòng nào; hãy kiểm tra tệp có cột mã cũ, mã mới, loại.\n"
            "The table has no rows: old code, new code and kind are expected."
        )
    digest = hashlib.sha256(data).hexdigest() if data else ""
    with con.transaction():
        found = con.execute(
            "INSERT INTO register.unit_change (day, resolution, file_name, sha256, made_by)"
            " VALUES (%s, %s, %s, %s, %s) RETURNING change_no",
            [day, resolution, file_name, digest, by],
        ).fetchone()
        assert found is not None
        con.cursor().executemany(
            "INSERT INTO register.unit_change_row VALUES (%s, %s, %s, %s, %s, %s)",
            [
                (found[0], n, r.old_code, r.new_code, r.kind, r.note)
                for n, r in enumerate(rows, start=1)
            ],
        )
    return int(found[0])


def get(con: Connection, number: int) -> Change:
    """The change; ChangeError when there is none."""
    row = con.execute(
        f"SELECT {_COLUMNS} FROM register.unit_change WHERE change_no = %s".encode(), [number]
    ).fetchone()
    if row is None:
        raise ChangeError(f"Không có thay đổi số {number}.\nThere is no change {number}.")
    return _change(row)


def listed(con: Connection) -> list[Change]:
    """All changes, the latest day first."""
    rows = con.execute(
        f"SELECT {_COLUMNS} FROM register.unit_change ORDER BY day DESC, change_no DESC".encode()
    ).fetchall()
    return [_change(row) for row in rows]


def rows_of(con: Connection, number: int) -> list[Row]:
    """The lines of a change."""
    found = con.execute(
        "SELECT old_code, new_code, kind, note FROM register.unit_change_row WHERE change_no = %s ORDER BY row_no",
        [number],
    )
    return [Row(*r) for r in found.fetchall()]


def _change(row: Sequence[Any]) -> Change:
    values = list(row)
    # A page's connection (Django's) leaves jsonb as text.
    values[5:8] = [json.loads(v) if isinstance(v, str) else v for v in values[5:8]]
    values[5] = tuple(Problem(**p) for p in values[5])
    return Change(*values)


# --- check ---


def check(con: Connection, number: int) -> tuple[Problem, ...]:
    """Holds the draft against the reference data and the register; keeps what is wrong with it."""
    change, rows = get(con, number), rows_of(con, number)
    if change.state in ("applied", "cancelled"):
        return change.problems
    problems = tuple(_problems(con, change.day, rows))
    con.execute(
        "UPDATE register.unit_change SET problems = %s, state = 'checked' WHERE change_no = %s",
        [Jsonb([asdict(p) for p in problems]), number],
    )
    return problems


def _problems(con: Connection, day: dt.date, rows: Sequence[Row]) -> Iterable[Problem]:
    on_day = register_day(con)
    if day not in units.days_of_change():
        yield Problem("unknown_day", detail=day.isoformat())
        return
    if day <= on_day:
        yield Problem("past_day", detail=on_day.isoformat())
        return
    for earlier in units.days_of_change():
        if on_day < earlier < day and _moves_somebody(con, earlier):
            yield Problem("earlier_change", detail=earlier.isoformat())
    yield from _codes(day, rows)
    yield from _law(con, day, rows)


def _moves_somebody(con: Connection, day: dt.date) -> bool:
    here = {unit.code for unit in _inhabited(con, units.on(day - dt.timedelta(days=1)))}
    return any(old in here and (old, kind) != (new, "unchanged") for old, new, kind in _edges(day))


def _codes(day: dt.date, rows: Sequence[Row]) -> Iterable[Problem]:
    before, after = units.on(day - dt.timedelta(days=1)), units.on(day)
    seen: set[tuple[str, str]] = set()
    for row in rows:
        pair = (row.old_code, row.new_code)
        if pair in seen:
            yield Problem("twice", *pair)
        seen.add(pair)
        if before.find(row.old_code) is None:
            yield Problem("unknown_old", *pair)
        if after.find(row.new_code) is None:
            yield Problem("unknown_new", *pair)
        if row.kind not in KINDS:
            yield Problem("bad_kind", *pair, row.kind)


def _law(con: Connection, day: dt.date, rows: Sequence[Row]) -> Iterable[Problem]:
    """The table says of the communes that have people in the register neither more nor less than the reference data."""
    here = {unit.code for unit in _inhabited(con, units.on(day - dt.timedelta(days=1)))}
    law: dict[str, set[str]] = defaultdict(set)
    for old, new, _ in _edges(day):
        law[old].add(new)
    said: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        said[row.old_code].add(row.new_code)
    after = units.on(day)
    for old in sorted(here):
        if not said[old] and law[old] not in ({old}, set()):
            yield Problem("missing", old, ", ".join(sorted(law[old])))
        elif not said[old] and after.find(old) is None:
            yield Problem("no_successor", old)
        elif said[old] and said[old] != law[old]:
            for new in sorted(said[old] - law[old]):
                yield Problem("not_in_law", old, new)
            for new in sorted(law[old] - said[old]):
                yield Problem("missing", old, new)
        if len(law[old]) > 1:
            yield Problem("split", old, ", ".join(sorted(law[old])))


def register_day(con: Connection) -> dt.date:
    """The asked day that the register is of; ChangeError when it is empty."""
    row = con.execute("SELECT on_day FROM register.state").fetchone()
    if row is None:
        raise ChangeError(
            "Kho dân cư chưa có dữ liệu; hãy nạp trước.\nThe register is empty: load a run first."
        )
    found: dt.date = row[0]
    return found


def _inhabited(con: Connection, tree: units.UnitTree) -> list[units.Unit]:
    """Communes of the tree in which the register has people (on its own day, led to the tree's day)."""
    rows = con.execute(
        "SELECT DISTINCT unit_code FROM register.person WHERE unit_code IS NOT NULL"
    ).fetchall()
    on_day = register_day(con)
    found: set[str] = set()
    for (code,) in rows:
        unit = units.on(max(on_day, units.FIRST_DAY)).find(code)
        if unit is not None:
            found |= {u.code for u in unit.as_of(tree.day)}
    return [tree.get(code) for code in sorted(found)]


# --- preview ---


def preview(con: Connection, number: int, *, tasks: str | None = None) -> dict[str, Any]:
    """What applying would move, by commune; kept with the change. Counts only: nobody is named.

    `tasks`: a query of unit_code and number of open tasks, where there are any.
    """
    change = get(con, number)
    on_day = register_day(con)
    open_tasks = dict(con.execute(tasks.encode()).fetchall()) if tasks else {}
    communes = []
    for code, persons, households, findings in _counts(con):
        to = resensed.heir(code, since=on_day, on=change.day)
        steps = units.successors(code, since=on_day, on=change.day) if to is None else ()
        if to == code and _same(code, on_day, change.day):
            continue
        communes.append({
            "old": code, "to": [to] if to else [s.unit.code for s in steps], "persons": persons,
            "households": households, "findings": findings, "tasks": open_tasks.get(code, 0),
            "moves": to != code, "split": to is None,
        })  # fmt: skip
    told = {
        "on": on_day.isoformat(),
        "communes": communes,
        "persons": sum(c["persons"] for c in communes if c["moves"]),
        "households": sum(c["households"] for c in communes if c["moves"]),
        "tasks": sum(c["tasks"] for c in communes if c["moves"]),
        "undecided": _undecided(con, number, [c["old"] for c in communes if c["split"]]),
    }
    con.execute(
        "UPDATE register.unit_change SET preview = %s WHERE change_no = %s", [Jsonb(told), number]
    )
    return told


def _same(code: str, since: dt.date, on: dt.date) -> bool:
    """Neither a new name nor new borders."""
    then, now = units.on(since).find(code), units.on(on).find(code)
    return then is not None and now is not None and then.identity == now.identity


def _counts(con: Connection) -> list[tuple[str, int, int, int]]:
    return con.execute(
        "SELECT p.unit_code, count(*), count(DISTINCT p.household_number), coalesce(max(f.n), 0)"
        " FROM register.person p LEFT JOIN (SELECT unit_code, count(*) AS n FROM register.finding"
        " WHERE closed_at IS NULL AND level = 'person' GROUP BY unit_code) f ON f.unit_code = p.unit_code"
        " WHERE p.unit_code IS NOT NULL GROUP BY p.unit_code ORDER BY p.unit_code"
    ).fetchall()


def _undecided(con: Connection, number: int, codes: Sequence[str]) -> int:
    row = con.execute(
        "SELECT count(*) FROM register.person p WHERE p.unit_code = ANY(%s) AND NOT EXISTS"
        " (SELECT 1 FROM register.unit_decision d WHERE d.change_no = %s AND d.old_code = p.unit_code"
        " AND d.address_head = coalesce(p.address_head, ''))",
        [list(codes), number],
    ).fetchone()
    return int(row[0]) if row else 0


# --- people of a split commune ---


def heads(con: Connection, number: int, old_code: str) -> list[tuple[str, int, str | None]]:
    """(house or hamlet as written, persons, commune decided) of a commune that is split, most persons first."""
    return con.execute(
        "SELECT coalesce(p.address_head, ''), count(*), max(d.new_code) FROM register.person p"
        " LEFT JOIN register.unit_decision d ON d.change_no = %s AND d.old_code = p.unit_code"
        " AND d.address_head = coalesce(p.address_head, '') WHERE p.unit_code = %s"
        " GROUP BY 1 ORDER BY 2 DESC, 1",
        [number, old_code],
    ).fetchall()


def decide(
    con: Connection, number: int, *, old_code: str, where: Iterable[str], new_code: str, by: str
) -> None:
    """People of these houses or hamlets of a split commune go to `new_code`; '' takes the decision back."""
    change = get(con, number)
    if change.state in ("applied", "cancelled"):
        raise ChangeError(
            "Thay đổi này đã áp dụng hoặc đã bỏ; không quyết định thêm được.\nThis change is closed."
        )
    targets = {r.new_code for r in rows_of(con, number) if r.old_code == old_code}
    if new_code and new_code not in targets:
        raise ChangeError(
            f"Mã {new_code} không nằm trong các đơn vị nhận dân của {old_code}.\n"
            f"{new_code} takes over nobody from {old_code}."
        )
    for head in where:
        con.execute(
            "DELETE FROM register.unit_decision WHERE change_no = %s AND old_code = %s AND address_head = %s",
            [number, old_code, head],
        )
        if new_code:
            con.execute(
                "INSERT INTO register.unit_decision (change_no, old_code, address_head, new_code, by)"
                " VALUES (%s, %s, %s, %s, %s)",
                [number, old_code, head, new_code, by],
            )


def decisions(con: Connection, number: int) -> dict[tuple[str, str], str]:
    """(commune, house or hamlet) -> commune, as decided so far."""
    rows = con.execute(
        "SELECT old_code, address_head, new_code FROM register.unit_decision WHERE change_no = %s",
        [number],
    ).fetchall()
    return {(old, head): new for old, head, new in rows}
