"""Two places of residence: codes with their days, never names; an old code is carried to the register's day."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from dancu.engine.verify import dates
from dancu.engine.verify.known import Known
from dancu.engine.verify.names import Said
from dancu.formats import address
from dancu.reference import units

_COLUMNS = ("permanent_unit", "temporary_unit")


def lives(claim: str, known: Known, on: dt.date) -> Said:
    """A commune (code or words, also a whole address) against the residence of now; said too when it was before."""
    codes, why = read(claim)
    if not codes:
        return "unknown", why
    here = {code for column in _COLUMNS if (code := known.text(column))}
    if not here:
        return "unknown", "not_in_register"
    if codes & here:
        return "match", "" if known.text("permanent_unit") in codes else "temporary_residence"
    if any(here & heirs(code, on) for code in codes):
        return "match", "former_unit"
    before = {home for home, _, _ in known.homes} | set(known.former.get("permanent_unit", ()))
    return ("close", "lived_there_before") if codes & before else ("mismatch", "")


def lived(claim: str, known: Known, on: dt.date) -> Said:
    """«Commune@day»: whether the person resided there on that day."""
    place, _, when = claim.rpartition("@")
    codes, why = read(place)
    day = dates.read(when)
    if not codes or day is None or not day[2]:
        return "unknown", why if not codes else "unreadable"
    then = dt.date(*day)
    homes = [h for h in known.homes if (h[1] or then) <= then and (h[2] is None or then < h[2])]
    if not homes:
        return "unknown", "not_in_register"
    if any(h[0] in codes or any(h[0] in heirs(code, on) for code in codes) for h in homes):
        return "match", "" if any(h[1] for h in homes) else "since_unknown_day"
    return "mismatch", ""


@lru_cache(maxsize=4096)
def read(text: str) -> tuple[frozenset[str], str]:
    """The communes that a text may mean in any era, or the reason why none."""
    plain = text.strip()[:300]
    if plain.isascii() and plain.isdigit() and len(plain) <= 5:
        known = any(unit.level == "commune" for unit in units.history(plain.zfill(5)))
        return (frozenset({plain.zfill(5)}), "") if known else (frozenset(), "unreadable")
    found = address.parse(plain)
    if found.commune_code:
        return frozenset({found.commune_code}), ""
    return frozenset(), "several_units" if found.reason == "ambiguous" else "unreadable"


@lru_cache(maxsize=4096)
def heirs(code: str, on: dt.date) -> frozenset[str]:
    """Where a commune of any era lies on the day; the places that only some people were moved to are not it."""
    day = max(on, units.FIRST_DAY)
    spells = units.history(code)
    if any(unit.in_force(on=day) for unit in spells):
        return frozenset({code})  # codes are used again: the place of the day is meant
    found: set[str] = set()
    for unit in spells:
        later = day > unit.valid_from
        steps = unit.successors(on=day) if later else unit.predecessors(on=day)
        found |= {step.unit.code for step in steps if step.kind != "people_moved"}
    return frozenset(found)
