"""The owner's address: background work and drafts of changes are written past row-level security."""

from __future__ import annotations

from django.db import connections
from psycopg import conninfo

_KNOWN = {"dbname", "user", "password", "host", "port", "sslmode", "sslrootcert", "options"}


def owner() -> str:
    """As the settings have it."""
    given = connections["owner"].get_connection_params()
    return conninfo.make_conninfo("", **{k: v for k, v in given.items() if k in _KNOWN and v})
