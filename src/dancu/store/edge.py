"""Where the counter at the edge writes: one table that its role may add to and not read, over a connection of its own.

The border it keeps: nothing here shares a transaction, a pool or a role with what answers requests.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import psycopg

from dancu.store.errors import StoreError
from dancu.store.postgres import connect


@dataclass(frozen=True)
class Served:
    """One answer that shows signs of a person. `subject`: the identifiers in its own address."""

    at: dt.datetime
    request: UUID
    route: str
    status: int
    subject: tuple[UUID, ...]
    persons: tuple[UUID, ...]
    numbers: int
    receipts: tuple[UUID, ...]
    sealed: bool
    """A file or an encoding that could not be looked into."""


class Sink:
    """Adds rows; connects when it is first needed and again after a fault."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._open: psycopg.Connection[tuple[object, ...]] | None = None

    def add(self, rows: Sequence[Served]) -> None:
        """All of them, committed, or StoreError and none."""
        try:
            if self._open is None or self._open.closed:
                self._open = connect(self._dsn, autocommit=True)
            with self._open.cursor() as cursor, cursor.copy(_COPY) as copy:
                for row in rows:
                    copy.write_row((
                        row.at, row.request, row.route, row.status, list(row.subject), list(row.persons),
                        row.numbers, list(row.receipts), row.sealed,
                    ))  # fmt: skip
        except psycopg.Error as error:
            self.close()
            raise StoreError(
                "Bộ đếm ở rìa không ghi được.\nThe counter at the edge could not write."
            ) from error

    def close(self) -> None:
        """Until the next rows."""
        if self._open is not None:
            self._open.close()
        self._open = None


_COPY = "COPY edge.served (at, request, route, status, subject, persons, numbers, receipts, sealed) FROM STDIN"
