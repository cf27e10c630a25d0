"""The tables of a sector, as their owner sees them and as the pages' role does within somebody's claim."""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import DatabaseError, connection, transaction
from tests.sectors.working import Working
from tests.sectors.world import World, key_of

from dancu.platform.access import claims


def row_sums(world: World, relations: set[str]) -> set[tuple[str, str]]:
    """Every row of the tables with its sum: a row that was changed is no longer among them."""
    parts = [f"SELECT '{t}', md5(t::text) FROM {t} t" for t in relations]
    return {(row[0], row[1]) for row in world.ask(" UNION ALL ".join(parts))}


def about_somebody(sector: Working, world: World, relations: list[str]) -> set[str]:
    """Tables with a row that bears a mark of the person, and those that refer to such a table."""
    marks = [mark for mark in world.marks(sector.id) if "•" not in mark]
    found = {
        table
        for table in relations
        if world.ask(
            f"SELECT 1 FROM {table} t, unnest(%s::text[]) m WHERE strpos(t::text, m) > 0 LIMIT 1",
            marks,
        )
    }
    refers = world.ask(
        "SELECT conrelid::regclass::oid, confrelid::regclass::oid FROM pg_constraint WHERE contype = 'f'"
        " AND conrelid <> confrelid"
    )
    number = {world.ask("SELECT %s::regclass::oid", t)[0][0]: t for t in relations}
    while more := {number[a] for a, b in refers if a in number and number.get(b) in found} - found:
        found |= more
    return found


def kind(world: World, table: str) -> str:
    """Table or view."""
    return str(
        world.ask("SELECT relkind::text FROM pg_class WHERE oid = %s::regclass", table)[0][0]
    )


def columns(world: World, table: str) -> set[str]:
    """Their names."""
    query = "SELECT attname::text FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
    return {row[0] for row in world.ask(query, table)}


def closed(world: World, table: str) -> bool:
    """Whether row-level security is on."""
    return bool(
        world.ask("SELECT relrowsecurity FROM pg_class WHERE oid = %s::regclass", table)[0][0]
    )


def may(world: World, table: str, what: str) -> bool:
    """Whether the role of the pages has the privilege at all."""
    query = (
        "SELECT has_schema_privilege('dancu_app', relnamespace, 'USAGE')"
        " AND has_table_privilege('dancu_app', oid, %s) FROM pg_class WHERE oid = %s::regclass"
    )
    return bool(world.ask(query, what, table)[0][0])


def rows(world: World, client: Any, table: str) -> int:
    """How many rows a client of this claim reads."""
    return within(client, f"SELECT count(*) FROM {table}", read=True)


def written(world: World, client: Any, table: str) -> int:
    """Rows that an update which changes nothing reaches; none through a view that PostgreSQL cannot write."""
    ((events,),) = world.ask("SELECT pg_relation_is_updatable(%s::regclass, false)", table)
    if not events & 4:
        return 0
    column = world.ask(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND attidentity = ''"
        " AND NOT attisdropped ORDER BY attnum OFFSET 1 LIMIT 1", table,
    )  # fmt: skip
    return within(client, f'UPDATE {table} SET "{column[0][0]}" = "{column[0][0]}"', read=False)


def added(world: World, client: Any, table: str) -> int:
    """Whether a row as the sample's can be put in once more."""
    if kind(world, table) == "v":
        return 0
    listed = world.ask(
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''", table,
    )  # fmt: skip
    row = world.ask(f"SELECT to_jsonb(t)::text FROM {table} t LIMIT 1")
    statement = (
        f"INSERT INTO {table} ({listed[0][0]}) OVERRIDING SYSTEM VALUE"
        f" SELECT {listed[0][0]} FROM jsonb_populate_record(NULL::{table}, %s::jsonb)"
    )
    return within(client, statement, *row[0], read=False) if row else 0


def within(client: Any, statement: str, *given: Any, read: bool) -> int:
    """What the statement reaches as the pages' role with the client's claim; nothing of it stays. Denied is none."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            claims.use(key_of(client))
            cursor.execute(statement, given)
            found = int(cursor.fetchone()[0]) if read else cursor.rowcount
            transaction.set_rollback(True)
            return found
    except DatabaseError as error:
        if isinstance(error.__cause__, psycopg.errors.IntegrityError):
            return 1  # policies are asked before keys: the row was let in as far as those
        assert isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege), error
        return 0
