"""Which communes a grant opens, on the register's day.

A grant names a unit as it was on the grant's own day: «Phường Bắc Giang 07204» of November is another place
than the one of June 2024, so its communes are carried to the register's day through the change table.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

from django.db import connection

from dancu.reference import units


def register_day() -> dt.date:
    """The day whose units the register's rows carry: set when a register is loaded, else today."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM access.setting WHERE name = 'register_day'")
        row = cursor.fetchone()
    return dt.date.fromisoformat(row[0]) if row else dt.date.today()  # noqa: DTZ011


def set_register_day(day: dt.date, *, using: str = "owner") -> None:
    """For loading a register and for applying a unit change: claims of the old day end."""
    from django.db import connections

    with connections[using].cursor() as cursor:
        cursor.execute(
            "INSERT INTO access.setting VALUES ('register_day', %s)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [day.isoformat()],
        )
        cursor.execute(
            "UPDATE access.claim SET ended_at = now()"
            " WHERE ended_at IS NULL AND register_day <> %s", [day],
        )  # fmt: skip


def communes(code: str, *, on: dt.date | None = None) -> frozenset[str]:
    """The communes of a unit of the register's day; empty for a code that does not exist then."""
    return _communes(code, on or register_day(), on or register_day())


def of_grant(grant: Any, *, on: dt.date | None = None) -> frozenset[str]:
    """The communes that a grant opens on the register's day; none without a unit."""
    if not grant.unit_code:
        return frozenset()
    return _communes(grant.unit_code, grant.unit_on, on or register_day())


def full_name(code: str, on: dt.date) -> str:
    """A unit's name with the code, or the code alone when it did not exist on the day."""
    found = units.on(max(on, units.FIRST_DAY)).find(code)
    return f"{found.full_name} ({code})" if found else code


@lru_cache(maxsize=4096)
def _communes(code: str, then: dt.date, on: dt.date) -> frozenset[str]:
    tree = units.on(max(then, units.FIRST_DAY))
    unit = tree.find(code)
    if unit is None:
        return frozenset()
    old = tree.communes_of(code) or (unit,)
    if then == on:
        return frozenset(commune.code for commune in old)
    day = max(on, units.FIRST_DAY)
    return frozenset(heir for commune in old for heir in _heirs(commune, day))


def _heirs(commune: units.Unit, day: dt.date) -> set[str]:
    """Where a commune lies on another day. People who were only moved over do not open the place they moved to."""
    if commune.in_force(on=day):
        return {commune.code}
    later = day > commune.valid_from
    steps = commune.successors(on=day) if later else commune.predecessors(on=day)
    return {step.unit.code for step in steps if step.kind != "people_moved"}
