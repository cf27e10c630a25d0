"""The register made equal to what the new day holds (`register_next`): only what differs is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import psycopg
from psycopg.types.json import Jsonb

from dancu.formats import person_name
from dancu.store.register import identity, schema, writing

Connection = psycopg.Connection[Any]
_FINDING = {"rule_id": "text", "level": "text", "subject_id": "bigint", "source": "text",
            "unit_code": "text", "group_key": "text"}  # fmt: skip
_SCORE = {"rule_id": "text", "level": "text", "source": "text", "unit_code": "text",
          "evaluated": "bigint", "failed": "bigint"}  # fmt: skip


def tables() -> Iterator[str]:
    """Statements for the schema beside the register; what an earlier attempt left is dropped."""
    bodies = {
        "standard": schema.standard(),
        "link": {"record_id": "bigint", "label": "bigint"},
        "person": schema.person(),
        "contested": schema.CONTESTED,
        "life_event": schema.LIFE_EVENT,
        "residence": schema.RESIDENCE,
        "finding": _FINDING,
        "score": _SCORE,
    }
    yield "DROP SCHEMA IF EXISTS register_next CASCADE"
    yield "CREATE SCHEMA register_next"
    for name, columns in bodies.items():
        listed = ", ".join(f"{c} {k}" for c, k in columns.items())
        # Unlogged: after a crash it would be made anew anyway.
        yield f"CREATE UNLOGGED TABLE register_next.{name} ({listed})"


def write(
    con: Connection,
    event: int,
    on: dt.date,
    change: int | None,
    progress: Callable[[str, float], None],
) -> dict[str, int]:
    """All differences, in the caller's transaction; counts by name (those of `advance.Advanced`)."""
    progress("so sánh", 0.7)
    _ready(con)
    moved, unplaced = _moved(con, change)
    _records(con, change)
    progress("ghi công dân", 0.75)
    born, gone = _identities(con, event)
    changed = _persons(con)
    for name, columns in (
        ("contested", schema.CONTESTED),
        ("life_event", schema.LIFE_EVENT),
        ("residence", schema.RESIDENCE),
    ):
        _part(con, name, ", ".join(columns))
    progress("ghi lỗi và điểm", 0.9)
    opened, closed = _findings(con, event)
    _scores(con, event)
    _day(con, on)
    _tell(con, event, change)
    return {"moved": moved, "unplaced": unplaced, "changed": changed, "opened": opened,
            "closed": closed, "born": born, "gone": gone}  # fmt: skip


def _ready(con: Connection) -> None:
    con.execute("CREATE INDEX ON register_next.person (person_id)")
    con.execute("CREATE INDEX ON register_next.standard (record_id)")
    con.execute("CREATE INDEX ON register_next.finding (level, subject_id, rule_id)")
    for name in ("person", "standard", "link", "finding", "score", "contested", "life_event", "residence"):  # fmt: skip
        con.execute(f"ANALYZE register_next.{name}".encode())


def _moved(con: Connection, change: int | None) -> tuple[int, int]:
    """Persons by commune before and now; kept with the change, so that restated scores know the shares."""
    pairs = (
        "SELECT coalesce(p.unit_code, '?') AS old, coalesce(n.unit_code, '?') AS new, count(*) AS persons"
        " FROM register.person p JOIN register_next.person n ON n.person_id = p.person_id GROUP BY 1, 2"
    )
    if change is not None:
        con.execute("DELETE FROM register.unit_moved WHERE change_no = %s", [change])
        con.execute(
            f"INSERT INTO register.unit_moved SELECT %s, old, new, persons FROM ({pairs}) p".encode(),
            [change],
        )
    row = con.execute(
        "SELECT coalesce(sum(persons) FILTER (WHERE old <> new), 0)::bigint,"
        " coalesce(sum(persons) FILTER (WHERE new = '?' AND old <> '?'), 0)::bigint"
        f" FROM ({pairs}) p".encode()
    ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def _records(con: Connection, change: int | None) -> None:
    if change is not None:
        con.execute("DELETE FROM register.unit_was WHERE change_no = %s", [change])
        con.execute(
            "INSERT INTO register.unit_was SELECT %s, s.record_id, s.unit_code FROM register.standard s"
            " JOIN register_next.standard n ON n.record_id = s.record_id"
            " WHERE s.unit_code IS DISTINCT FROM n.unit_code",
            [change],
        )
    columns = [c for c in schema.standard() if c != "record_id"]
    con.execute(
        f"UPDATE register.standard s SET ({', '.join(columns)}) ="
        f" ROW({', '.join(f'n.{c}' for c in columns)})"
        " FROM register_next.standard n WHERE n.record_id = s.record_id".encode()
    )


def _identities(con: Connection, event: int) -> tuple[int, int]:
    """Persons that came together or parted because communes now agree; their identifiers as after any event."""
    moves = {
        r: (old, new)
        for r, old, new in con.execute(
            "SELECT l.record_id, s.person_id, l.label FROM register_next.link l"
            " JOIN register.standard s ON s.record_id = l.record_id WHERE s.person_id <> l.label"
        )
    }
    con.execute(
        "UPDATE register.standard s SET person_id = l.label FROM register_next.link l"
        " WHERE l.record_id = s.record_id AND s.person_id <> l.label"
    )
    touched = sorted({person for pair in moves.values() for person in pair})
    known = dict(
        con.execute(
            "SELECT person_id, citizen_id FROM register.person WHERE person_id = ANY(%s)", [touched]
        ).fetchall()
    )
    now = frozenset(
        p for (p,) in con.execute(
            "SELECT person_id FROM register_next.person WHERE person_id = ANY(%s)", [touched]
        )
    )  # fmt: skip
    born = sorted(now - known.keys())
    former = dict(
        con.execute(
            "DELETE FROM register.merged WHERE person_id = ANY(%s) RETURNING person_id, citizen_id", [born]
        ).fetchall()
    )  # fmt: skip
    made = identity.assign(known=known, now=now, moved=moves, former=former, fresh=uuid4)
    gone = sorted(known.keys() - now)
    con.execute(writing.GONE.encode(), [gone])
    _insert(con, made)
    _told(con, event, made)
    return len(made.born), len(gone)


def _insert(con: Connection, made: identity.Identities) -> None:
    if not made.born:
        return
    columns = ", ".join(schema.person())
    new = ", ".join(f"n.{c}" for c in schema.person())
    con.execute(
        f"INSERT INTO register.person ({columns}, citizen_id, recorded_from, event_no)"
        f" SELECT {new}, i.citizen_id, greatest(now(), (SELECT max(upper(h.recorded)) FROM"
        " register.person_history h WHERE h.person_id = n.person_id)), current_setting('dancu.event')::bigint"
        " FROM register_next.person n JOIN unnest(%s::bigint[], %s::uuid[]) AS i(person_id, citizen_id)"
        " ON i.person_id = n.person_id".encode(),
        [list(made.born), list(made.born.values())],
    )


def _told(con: Connection, event: int, made: identity.Identities) -> None:
    notes: list[tuple[str, dict[str, str]]] = [
        ("person.split", {"citizen": str(c)}) for c in made.split
    ]
    for one in made.merged:
        con.execute(
            "INSERT INTO register.merged (person_id, citizen_id, into_id, event_no) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (person_id) DO UPDATE SET citizen_id = excluded.citizen_id,"
            " into_id = excluded.into_id, at = now(), event_no = excluded.event_no",
            [one.person, one.citizen, one.into, event],
        )
        citizen = {"citizen": str(one.citizen)}
        merged = ("person.merged", {**citizen, "into": str(one.into)})
        notes.append(merged if one.into else ("person.removed", citizen))
    for kind, data in notes:
        con.execute(
            "INSERT INTO register.outbox (event_no, kind, data) VALUES (%s, %s, %s)",
            [event, kind, Jsonb(data)],
        )


def _persons(con: Connection) -> int:
    """Rows that are no longer the same, the former ones into the history."""
    columns = list(schema.person())
    old, new = (", ".join(f"{t}.{c}" for c in columns) for t in "pn")
    differs = f"({old}) IS DISTINCT FROM ({new})"
    later = "greatest(now(), p.recorded_from + interval '1 microsecond')"
    by = "current_setting('dancu.event')::bigint"
    # One look at the differences: the wide comparison costs more than keeping the numbers of the persons.
    con.execute(
        "CREATE TEMPORARY TABLE day_person ON COMMIT DROP AS SELECT p.person_id FROM register.person p"
        f" JOIN register_next.person n ON n.person_id = p.person_id WHERE {differs}".encode()
    )
    con.execute("ANALYZE day_person")
    con.execute(
        "INSERT INTO register.person_history (person_id, citizen_id, recorded, row, event_no)"
        f" SELECT p.person_id, p.citizen_id, tstzrange(p.recorded_from, {later}),"
        f" jsonb_strip_nulls(to_jsonb(p)), {by} FROM register.person p JOIN day_person d USING (person_id)".encode()
    )
    done = con.execute(
        f"UPDATE register.person p SET ({', '.join(columns)}) = ROW({new}), recorded_from = {later},"
        f" event_no = {by}, sort_key = CASE WHEN n.full_name = p.full_name THEN p.sort_key END"
        " FROM register_next.person n JOIN day_person d ON d.person_id = n.person_id"
        " WHERE n.person_id = p.person_id".encode()
    )
    _sorted(con)
    return done.rowcount


def _sorted(con: Connection) -> None:
    rows = con.execute(
        "SELECT person_id, full_name FROM register.person WHERE sort_key IS NULL AND full_name IS NOT NULL"
    ).fetchall()
    if rows:
        con.execute(
            "UPDATE register.person p SET sort_key = n.k FROM unnest(%s::bigint[], %s::text[]) n(id, k)"
            " WHERE p.person_id = n.id",
            [[p for p, _ in rows], [person_name.list_key(name) for _, name in rows]],
        )


def _part(con: Connection, name: str, columns: str) -> None:
    """What hangs on persons: whole persons whose rows are not the same are put in anew."""
    con.execute(
        f"CREATE TEMPORARY TABLE day_part ON COMMIT DROP AS SELECT DISTINCT coalesce(person_id, -1) AS id FROM ("
        f"(SELECT {columns} FROM register.{name} EXCEPT ALL SELECT {columns} FROM register_next.{name}) UNION ALL"
        f" (SELECT {columns} FROM register_next.{name} EXCEPT ALL SELECT {columns} FROM register.{name})) d".encode()
    )
    con.execute(
        f"DELETE FROM register.{name} WHERE coalesce(person_id, -1) IN (SELECT id FROM day_part)".encode()
    )
    con.execute(
        f"INSERT INTO register.{name} ({columns}) SELECT {columns} FROM register_next.{name}"
        " WHERE coalesce(person_id, -1) IN (SELECT id FROM day_part)".encode()
    )
    con.execute("DROP TABLE day_part")


_SAME = "n.level = f.level AND n.subject_id = f.subject_id AND n.rule_id = f.rule_id"


def _findings(con: Connection, event: int) -> tuple[int, int]:
    """Findings close and open; one that only stands in another unit now goes on under its number."""
    closed = con.execute(
        "UPDATE register.finding f SET closed_at = now(), closed_by = %s WHERE f.closed_at IS NULL AND NOT EXISTS"
        f" (SELECT 1 FROM register_next.finding n WHERE {_SAME} AND n.source IS NOT DISTINCT FROM f.source)".encode(),
        [event],
    ).rowcount
    con.execute(
        "UPDATE register.finding f SET unit_code = n.unit_code, group_key = n.group_key"
        f" FROM register_next.finding n WHERE f.closed_at IS NULL AND {_SAME}"
        " AND (n.unit_code, n.group_key) IS DISTINCT FROM (f.unit_code, f.group_key)".encode()
    )
    opened = con.execute(
        "INSERT INTO register.finding (rule_id, level, subject_id, source, unit_code, group_key, opened_by)"
        " SELECT n.rule_id, n.level, n.subject_id, n.source, n.unit_code, n.group_key, %s"
        " FROM register_next.finding n WHERE NOT EXISTS"
        f" (SELECT 1 FROM register.finding f WHERE f.closed_at IS NULL AND {_SAME})".encode(),
        [event],
    ).rowcount
    return opened, closed


def _scores(con: Connection, event: int) -> None:
    con.execute(
        "INSERT INTO register.score_delta (event_no, rule_id, level, source, unit_code, evaluated, failed)"
        " SELECT %s, rule_id, level, source, unit_code, sum(evaluated)::integer, sum(failed)::integer FROM ("
        "SELECT rule_id, level, source, unit_code, evaluated, failed FROM register_next.score UNION ALL"
        " SELECT rule_id, level, source, unit_code, -evaluated, -failed FROM register.score) AS each_part"
        " GROUP BY rule_id, level, source, unit_code HAVING sum(evaluated) <> 0 OR sum(failed) <> 0",
        [event],
    )


def _day(con: Connection, on: dt.date) -> None:
    """The register's day; claims of the old day end, so that territories are read anew at log-in."""
    con.execute("UPDATE register.state SET on_day = %s", [on])
    found = con.execute("SELECT to_regclass('access.setting')").fetchone()
    if found and found[0]:
        con.execute(
            "INSERT INTO access.setting VALUES ('register_day', %s)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [on.isoformat()],
        )
        con.execute(
            "UPDATE access.claim SET ended_at = now() WHERE ended_at IS NULL AND register_day <> %s",
            [on],
        )


def _tell(con: Connection, event: int, change: int | None) -> None:
    """One note a commune that changed, for other systems."""
    if change is not None:
        con.execute(
            "INSERT INTO register.outbox (event_no, kind, data) SELECT %s, 'unit.changed', jsonb_build_object("
            "'unit', old_code, 'to', jsonb_object_agg(new_code, persons ORDER BY new_code)) FROM register.unit_moved"
            " WHERE change_no = %s AND old_code <> '?' GROUP BY old_code"
            " HAVING count(*) > 1 OR min(new_code) <> old_code ORDER BY old_code",
            [event, change],
        )
    con.execute(
        "INSERT INTO register.outbox (event_no, kind, data) SELECT %s, 'register.day',"
        " jsonb_build_object('on', on_day) FROM register.state",
        [event],
    )
