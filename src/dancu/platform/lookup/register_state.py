"""The register's day and whether its people are invented: asked of the database twice a minute."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass

from django.db import connections

from dancu.platform.access import territory

KEPT = 30.0
"""Seconds."""


@dataclass(frozen=True)
class State:
    """`on`: the day whose units and laws hold; `test_people`: numbers of test people are lawful."""

    on: dt.date
    test_people: bool


_kept: list[tuple[float, str, State]] = []


def state(*, using: str = "default") -> State:
    """As of now, at most half a minute old."""
    connection = connections[using]
    database = str(connection.settings_dict["NAME"])
    if _kept and _kept[0][0] > time.monotonic() and _kept[0][1] == database:
        return _kept[0][2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT test_people FROM register.state")
        row = cursor.fetchone()
    found = State(territory.register_day(), bool(row and row[0]))
    _kept[:] = [(time.monotonic() + KEPT, database, found)]
    return found
