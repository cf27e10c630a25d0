"""The tables and indexes of the store's schema that a database lacks: for migrations only.

A register may have been loaded before the site was set up, or by an earlier release.
"""

from __future__ import annotations

import re
from typing import Any

from dancu.store.register import schema

_MADE = re.compile(rf"CREATE (?:TABLE|VIEW) {schema.SCHEMA}\.(\w+)")


def add_missing(cursor: Any) -> None:
    """Make what is not there; what is there stays as it is. The caller's transaction, as the owner."""
    for name in schema.EXTENSIONS:
        cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")
    for statement in schema.tables():
        made = _MADE.match(statement)
        if made is None or not _is_there(cursor, made[1]):
            cursor.execute(statement)
    for name, kind in schema.ACCESS_LOG_MORE.items():
        cursor.execute(
            f"ALTER TABLE {schema.SCHEMA}.access_log ADD COLUMN IF NOT EXISTS {name} {kind}"
        )
    for name, statement in schema.indexes():
        if not _is_there(cursor, name):
            cursor.execute(statement)


def _is_there(cursor: Any, name: str) -> bool:
    cursor.execute("SELECT to_regclass(%s)", [f"{schema.SCHEMA}.{name}"])
    return cursor.fetchone()[0] is not None
