"""Prepared statements that outlive a rollback: the one place that goes behind psycopg's public names."""

from __future__ import annotations

from psycopg._preparing import PrepareManager


class Lasting(PrepareManager):
    """Keeps what is prepared over a rollback.

    psycopg deallocates everything the connection has prepared once a transaction or a savepoint is rolled back (tables
    may have come back as others), the large statements of a register too: the next event would find none of them.
    Nothing is dropped here, and PostgreSQL itself keeps prepared statements over a rollback.
    """

    def clear(self) -> bool:
        """Nothing to forget."""
        return False
