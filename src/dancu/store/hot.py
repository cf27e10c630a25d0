"""One statement on a connection that somebody else opened, prepared on the server: for the few paths that are hot.

Binding on the server sends values apart from the text, so the text is parsed and planned once a connection.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, LiteralString

import psycopg


def row(connection: Any, query: LiteralString, given: Sequence[Any]) -> tuple[Any, ...] | None:
    """The first row of the answer, under the connection's own rules of transactions."""
    with psycopg.Cursor(connection) as cursor:
        cursor.execute(query, given, prepare=True)
        found: tuple[Any, ...] | None = cursor.fetchone()
    return found
