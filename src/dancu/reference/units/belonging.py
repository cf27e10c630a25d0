"""Where the code on a record of some day belongs among the units of another day; never by names.

A record carries the code of the unit that had it then. Codes are used again and units merge, so a code is carried to
the asked day over the change table. What went whole into one unit counts there. What was divided counts in whatever
all its heirs have above them (district, province) and in a line of its own, `CODE@FIRST-DAY`: nothing is lost and
nothing is guessed. A code that was never a unit stands under `UNKNOWN`.

>>> from datetime import date
>>> above("07204", date(2024, 6, 1), date(2024, 6, 21))
('24', '213', '07204')
>>> above("07204", date(2024, 6, 1), date(2025, 7, 1)), above("07204", date(2025, 6, 1), date(2026, 11, 1))
(('24', '07210'), ('24', '07210'))
>>> above("213", date(2025, 6, 1), date(2025, 7, 1)), above("99999", date(2025, 6, 1), date(2025, 7, 1))
(('24', '213@2025-01-01'), ('?',))
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from dancu.reference import units
from dancu.reference.units.model import Unit

UNKNOWN = "?"


def known(day: dt.date) -> dt.date:
    """The day, or the first of which there are lists of units."""
    return max(day, units.FIRST_DAY)


def breaks(first: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    """The days within a period on which units changed: between them a code means one unit."""
    return tuple(day for day in units.days_of_change() if first < day <= last)


def era(day: dt.date) -> dt.date:
    """The first day of the state of units that holds on the day."""
    return max(first for first in units.days_of_change() if first <= known(day))


@lru_cache(maxsize=65536)
def above(code: str, then: dt.date, on: dt.date) -> tuple[str, ...]:
    """The codes of the day `on`, from the province down, for which a record with the code of the day `then` counts."""
    spell = spell_of(code, then)
    return (UNKNOWN,) if spell is None else above_unit(spell, era(on))


def spell_of(code: str, day: dt.date) -> Unit | None:
    """The unit that the code meant on the day, else the last before, else the first after; None: it never was one."""
    spells = units.history(code)
    lived = [u for u in spells if u.valid_from <= day]
    return lived[-1] if lived else next(iter(spells), None)


@lru_cache(maxsize=65536)
def above_unit(unit: Unit, day: dt.date) -> tuple[str, ...]:
    """The codes of the day for which a record of this unit counts."""
    heirs = {unit} if unit.in_force(on=day) else _heirs(unit, day)
    tree = units.on(day)
    paths = [[u.code for u in tree.path(heir.code)] for heir in sorted(heirs, key=lambda u: u.code)]
    if not paths:
        return (UNKNOWN,)
    common = [codes[0] for codes in zip(*paths, strict=False) if len(set(codes)) == 1]
    found = tree.find(common[-1]) if common else None
    if found is not None and found.level == unit.level:
        return tuple(common)
    return (*common, f"{unit.code}@{unit.valid_from.isoformat()}")


def divided(unit: str) -> Unit | None:
    """The former unit that a line `CODE@FIRST-DAY` stands for."""
    code, _, first = unit.partition("@")
    spells = units.history(code) if first else ()
    return next((u for u in spells if u.valid_from.isoformat() == first), None)


def _heirs(unit: Unit, day: dt.date) -> set[Unit]:
    if unit.level == "commune":
        later = day > unit.valid_from
        steps = unit.successors(on=day) if later else unit.predecessors(on=day)
        return {step.unit for step in steps if step.kind != "people_moved"}
    then = unit.valid_to if unit.valid_to is not None and unit.valid_to < day else unit.valid_from
    found: set[Unit] = set()
    for commune in units.on(known(then)).communes_of(unit.code):
        found |= {commune} if commune.in_force(on=day) else _heirs(commune, day)
    return found
