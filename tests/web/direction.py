"""The sample half-year of direction in a transaction that is undone: what figures and shortcomings are tried on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from dancu.sectors.direction import may, sample
from dancu.sectors.direction.books import BY_TABLE

_ALL = ", ".join(f"direction.{table}" for table in ("task", "act", "paper", *BY_TABLE))
TAKE_AWAY = f"TRUNCATE {_ALL} CASCADE"
"""All that is recorded in direction: others count what is there."""


@pytest.fixture(scope="module")
def made(site: str) -> Iterator[may.System]:
    """Nothing else is there, and nothing of it stays."""
    del site
    with may.as_system() as by:
        with connection.cursor() as cursor:
            cursor.execute(TAKE_AWAY)
        sample.make()
        yield by
        transaction.set_rollback(True)
