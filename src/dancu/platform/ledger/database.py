"""Connections of the driver below Django's, for what the store does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from psycopg import conninfo

from dancu.store.postgres import connect

_KNOWN = {"dbname", "user", "password", "host", "port", "sslmode", "sslrootcert", "options"}


def raw(using: str = "default") -> Any:
    """Django's own, in the caller's transaction; `default` for pages, `owner` for background work."""
    wrapped = connections[using]
    wrapped.ensure_connection()
    return wrapped.connection


@contextmanager
def own() -> Iterator[Any]:
    """Another one as the owner, for long work in a transaction of its own settings."""
    given = connections["owner"].get_connection_params()
    dsn = conninfo.make_conninfo("", **{k: v for k, v in given.items() if k in _KNOWN and v})
    with connect(dsn, autocommit=True) as con:
        yield con
