"""Units as rows name them: a code with the first day of the unit that bore it, and the communes it covers since.

Kept in tables so that the database can decide who sees which row; written by the owner alone, from the reference data.

>>> unit_of("213", dt.date(2024, 6, 21)).key
('213', datetime.date(2024, 5, 1))
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection, connections
from django.utils.translation import gettext as _

from dancu.reference import units
from dancu.sectors.direction.errors import DirectionError


@dataclass(frozen=True)
class Place:
    """A unit of one spell."""

    unit_code: str
    unit_on: dt.date
    level: str
    name: str
    parent_code: str

    @property
    def key(self) -> tuple[str, dt.date]:
        """What its rows bear."""
        return self.unit_code, self.unit_on

    def communes(self, *, on: dt.date) -> frozenset[str]:
        """Its communes among those of the same or a later day; before its own time none."""
        state = max(day for day in units.days_of_change() if day <= max(on, units.FIRST_DAY))
        return _territory(self.key).get(state, frozenset())

    def above(self) -> Place | None:
        """The unit one level up while this one lived; None above the province."""
        return unit_of(self.parent_code, self.unit_on) if self.parent_code else None


def unit_of(code: str, on: dt.date) -> Place:
    """The unit that bore the code on the day; DirectionError when none did."""
    found = units.on(max(on, units.FIRST_DAY)).find(code)
    if found is None:
        raise DirectionError(
            _("Không có đơn vị mang mã %(code)s trong ngày %(day)s.")
            % {"code": code, "day": f"{on:%d/%m/%Y}"}
        )
    return _place(found)


def ready(code: str, on: dt.date) -> Place:
    """As `unit_of`, with the rows of its whole province in the tables."""
    found = unit_of(code, on)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM direction.territory WHERE unit_code = %s AND unit_on = %s", [*found.key]
        )
        if cursor.fetchone() is None:
            refresh(units.on(max(on, units.FIRST_DAY)).get(code).province_code or code)
    return found


def refresh(province: str) -> int:
    """Every unit that ever lay in the province, with its communes in each state; how many units."""
    lived = _lived(province)
    with connections["owner"].cursor() as cursor:
        cursor.executemany(
            "INSERT INTO direction.place VALUES (%s, %s, %s, daterange(%s, %s, '[]'))"
            " ON CONFLICT (unit_code, unit_on) DO UPDATE SET level = excluded.level, lives = excluded.lives",
            [[u.code, u.valid_from, u.level, _since(u), u.valid_to] for u in lived],
        )
        cursor.executemany(
            "INSERT INTO direction.territory VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (unit_code, unit_on, state_from) DO UPDATE SET communes = excluded.communes",
            [
                [*unit.identity, day, sorted(held)]
                for unit in lived
                for day, held in _territory(unit.identity).items()
                if held
            ],
        )
    return len(lived)


def mine(user: Any, *, on: dt.date) -> list[Place]:
    """The units of the day whose rows the asker may see, from the province down; in a page's own transaction."""
    for grant in user.grants_today:
        if grant.unit_code and units.on(max(grant.unit_on, units.FIRST_DAY)).find(grant.unit_code):
            ready(grant.unit_code, grant.unit_on)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit_code FROM direction.place WHERE lives @> %s ORDER BY length(unit_code), unit_code", [on]
        )  # fmt: skip
        codes = [row[0] for row in cursor.fetchall()]
    return [unit_of(code, on) for code in codes]


def provinces() -> list[str]:
    """Those whose units are in the tables."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT unit_code FROM direction.place WHERE level = 'province' ORDER BY 1"
        )
        return [row[0] for row in cursor.fetchall()]


@cache
def _lived(province: str) -> tuple[units.Unit, ...]:
    found = {
        unit.identity: unit
        for day in units.days_of_change()
        for unit in units.on(day).by_code.values()
        if province in (unit.province_code, unit.code)
    }
    return tuple(found.values())


@cache
def _territory(key: tuple[str, dt.date]) -> dict[dt.date, frozenset[str]]:
    """Its communes in each state of the units since its own, carried from one state to the next.

    People who were only moved over do not open the place they moved to.
    """
    code, first = key
    days = [day for day in units.days_of_change() if day >= first]
    tree = units.on(days[0])
    held = {*(tree.communes_of(code) or (tree.get(code),))}
    found = {}
    for day in days:
        held = {
            step.unit
            for unit in held
            for step in unit.successors(on=day)
            if step.kind != "people_moved"
        }
        found[day] = frozenset(unit.code for unit in held)
    return found


def _since(unit: units.Unit) -> dt.date | None:
    """The first day on which it is known to have been; None of what was there before our lists begin."""
    return None if unit.valid_from <= units.FIRST_DAY else unit.valid_from


def _place(unit: units.Unit) -> Place:
    return Place(unit.code, unit.valid_from, unit.level, unit.full_name, unit.parent_code)
