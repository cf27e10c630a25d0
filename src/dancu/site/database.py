"""`dancu migrate`: the roles, migrations as the owner, the ledger's triggers, exactly the grants that apps declare.

Run at every start: it changes nothing when nothing is new. Several at once wait for one another.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from dancu.platform.ledger import installing
from dancu.platform.ui.registry import collect
from dancu.site import addresses

_LOCK = 4206_2024
_OTHERS = {
    # The queue's functions run as their caller, so the pages' role needs its tables to add a job.
    "procrastinate_": {"dancu_app": "SELECT, INSERT, UPDATE, DELETE"},
}


class UndeclaredTable(RuntimeError):
    """A model's table about which no app says who may do what."""


def migrate() -> None:
    """Bring the database to the present state."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            _roles(cursor)
            _settings(cursor)
            call_command("migrate", database="owner", verbosity=0, interactive=False)
            installing.install()
            _grants(cursor)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def declared() -> dict[str, dict[str, str]]:
    """What each app's ``grants.py`` says: table (or ``SCHEMA x`` …) → role → privileges."""
    found: dict[str, dict[str, str]] = {}
    for grants in collect("grants", "GRANTS"):
        found |= grants
    return found


def undeclared() -> list[str]:
    """Tables of our models that no app declares."""
    known = declared()
    ours = [m for m in apps.get_models() if m.__module__.startswith("dancu.") and m._meta.managed]
    return sorted({m._meta.db_table for m in ours} - {name.replace('"', "") for name in known})


def _roles(cursor: Any) -> None:
    """The two roles without any power of their own; those whose address was given are left alone."""
    for alias, role in addresses.ROLES.items():
        if addresses.is_given(alias):
            continue
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls OR rolreplication FROM pg_roles WHERE rolname = %s", [role]
        )  # fmt: skip
        found = cursor.fetchone()
        verb = "ALTER" if found else "CREATE"
        # Who may make roles is not always a superuser, and only that one may name these three of a role that is there.
        powers = "" if found and not found[0] else "NOSUPERUSER NOBYPASSRLS NOREPLICATION"
        statement = sql.SQL(
            f"{verb} ROLE {{}} LOGIN NOCREATEDB NOCREATEROLE NOINHERIT {powers} PASSWORD {{}}"
        ).format(sql.Identifier(role), sql.Literal(addresses.password(alias)))
        cursor.execute(statement)


def _settings(cursor: Any) -> None:
    """Statements are not compiled (ADR 0012), where the database is ours to say so: also on a server of an office."""
    cursor.execute(
        "SELECT current_database(), current_setting('jit')::boolean AND pg_has_role(datdba, 'USAGE')"
        " FROM pg_database WHERE datname = current_database()"
    )
    name, wanted = cursor.fetchone()
    if wanted:
        cursor.execute(sql.SQL("ALTER DATABASE {} SET jit = off").format(sql.Identifier(name)))


def _grants(cursor: Any) -> None:
    """Take everything back, then give what is declared: a privilege removed from a file is gone."""
    if missing := undeclared():
        raise UndeclaredTable(f"grants.py says nothing about: {', '.join(missing)}")
    cursor.execute(
        "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
    )
    schemas = [row[0] for row in cursor.fetchall()]
    cursor.execute("BEGIN")
    for role in addresses.ROLES.values():
        _revoke(cursor, role, schemas)
    for target, privileges in declared().items():
        for role, words in privileges.items():
            cursor.execute(f"GRANT {words} ON {target} TO {role}")
            _sequences(cursor, target, words, role)
    _others(cursor)
    cursor.execute("COMMIT")


def _revoke(cursor: Any, role: str, schemas: list[str]) -> None:
    cursor.execute("SELECT current_database()")
    database = sql.Identifier(cursor.fetchone()[0])
    name = sql.Identifier(role)
    for schema in schemas:
        for what in ("TABLES", "SEQUENCES", "FUNCTIONS"):
            cursor.execute(
                sql.SQL("REVOKE ALL ON ALL " + what + " IN SCHEMA {} FROM {}").format(
                    sql.Identifier(schema), name
                )
            )
        cursor.execute(
            sql.SQL("REVOKE ALL ON SCHEMA {} FROM {}").format(sql.Identifier(schema), name)
        )
    cursor.execute(
        sql.SQL("REVOKE CREATE, TEMPORARY ON DATABASE {} FROM PUBLIC, {}").format(database, name)
    )
    cursor.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, name))
    cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name))


def _sequences(cursor: Any, target: str, words: str, role: str) -> None:
    """Who inserts into a table with a counter needs the counter."""
    if "INSERT" not in words or " " in target:
        return
    cursor.execute(
        "SELECT quote_ident(n.nspname) || '.' || quote_ident(s.relname) FROM pg_class s"
        " JOIN pg_namespace n ON n.oid = s.relnamespace"
        " JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i')"
        " WHERE s.relkind = 'S' AND d.refobjid = %s::regclass", [target],
    )  # fmt: skip
    for (sequence,) in cursor.fetchall():
        cursor.execute(f"GRANT USAGE ON SEQUENCE {sequence} TO {role}")


def _others(cursor: Any) -> None:
    """Tables of packages that bring their own migrations."""
    for prefix, privileges in _OTHERS.items():
        cursor.execute(
            "SELECT quote_ident(tablename) FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename LIKE %s", [prefix + "%"],
        )  # fmt: skip
        for (table,) in cursor.fetchall():
            for role, words in privileges.items():
                cursor.execute(f"GRANT {words} ON {table} TO {role}")
                _sequences(cursor, table, words, role)
