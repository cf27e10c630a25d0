"""Where the codes that dossiers of a period may carry belong among the units of another day, for one province.

How a code is carried is said in `reference.units.belonging`. A code that was never a unit of the province stands under
`UNKNOWN`.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from dancu.reference import units
from dancu.reference.units import Unit
from dancu.reference.units.belonging import above as carried
from dancu.reference.units.belonging import breaks, divided, known

__all__ = ["Places", "breaks", "codes_of", "divided", "known", "places", "state_of"]
Places = tuple[tuple[str, int, str], ...]
"""(code on the dossier, state of the period, unit it counts for): each code several times, up to the province."""


def state_of(day: str, first: dt.date, last: dt.date) -> str:
    """SQL: in which state of the units within the period a day lies, counted from nought."""
    found = breaks(first, last)
    if not found:
        return "0"
    days = ", ".join(f"DATE '{d.isoformat()}'" for d in found)
    return f"width_bucket({day}, ARRAY[{days}])"


@lru_cache(maxsize=64)
def places(root: str, first: dt.date, last: dt.date, on: dt.date) -> Places:
    """Every code that dossiers of the period may carry, with the units of the day `on` under `root`."""
    day = max(d for d in units.days_of_change() if d <= known(on))
    starts = (known(first), *breaks(first, last))
    return tuple(
        (code, state, above)
        for state, start in enumerate(starts)
        for code in sorted(_codes(root, day))
        for above in carried(code, start, day)
    )


def codes_of(unit: str, root: str, first: dt.date, last: dt.date) -> list[list[str | int]]:
    """The codes, each with its state, whose dossiers of the period count for a unit of its last day: two columns."""
    found = [
        (code, state) for code, state, above in places(root, first, last, last) if above == unit
    ]
    return [[code for code, _ in found], [state for _, state in found]]


@lru_cache(maxsize=64)
def _codes(root: str, day: dt.date) -> frozenset[str]:
    """All codes that ever lay in the provinces whose communes are under `root` on the day."""
    heirs = units.on(day).communes_of(root)
    provinces = {root}
    for start in units.days_of_change():
        if start < day:
            provinces |= {
                step.unit.province_code for heir in heirs for step in _before(heir, start)
            }
    return frozenset(
        unit.code
        for start in (*units.days_of_change(), day)
        for unit in units.on(start).by_code.values()
        if unit.province_code in provinces or unit.code in provinces
    )


def _before(heir: Unit, day: dt.date) -> tuple[units.Succession, ...]:
    return () if heir.in_force(on=day) else heir.predecessors(on=day)
