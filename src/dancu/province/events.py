"""Lists of what happened: births, deaths and marriages, changes of residence."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from dancu.province import places
from dancu.province.cells import Cells, dates, joined, text, words
from dancu.province.families import MALE, Ints
from dancu.province.lists import Draft, day_of, district_of
from dancu.province.world import OUTSIDE, World, real_province

_WINDOW = {"births": 330, "deaths": 400, "marriages": 330, "moves": 270}
_DELAY = 9  # days from an event to its registration, at most


def _within(world: World, days: Ints, window: str, until: int) -> Ints:
    recent = (days >= 0) & (days > until - _WINDOW[window]) & (days <= until - _DELAY - 1)
    return np.flatnonzero(recent).astype(np.int32)


def _registered(people: Ints, days: Ints) -> pa.Array:
    return dates(days.astype(np.int64) + 1 + people % _DELAY)


def _sorted(world: World, people: Ints) -> Ints:
    return people[np.lexsort((people, world.unit[people]))]


def births(world: World) -> Draft:
    """Births of the last eleven months, with both parents."""
    on, f = day_of(world, "civil_status"), world.family
    people = _sorted(world, _within(world, f.birth, "births", on))
    people = people[(world.birth_place[people] < 0) & (world.left[people] < 0)]
    c = Cells(world, people, on)
    columns = {
        "full_name": c.name(),
        "personal_number": c.number(),
        "birth_date": c.birth(),
        "sex": c.sex(),
        "ethnic": c.ethnic(),
        "father_name": c.father_name(),
        "father_number": c.number(f.father[people]),
        "mother_name": c.mother_name(),
        "mother_number": c.number(f.mother[people]),
        "address": c.address(),
        "registered_on": _registered(people, f.birth[people]),
    }
    return _book("births", c, columns)


def deaths(world: World) -> Draft:
    """Deaths of the last thirteen months."""
    on = day_of(world, "civil_status")
    people = _sorted(world, _within(world, world.died, "deaths", on))
    c = Cells(world, people, on)
    columns = {
        "full_name": c.name(),
        "personal_number": c.number(),
        "birth_date": c.birth(),
        "sex": c.sex(),
        "death_date": dates(world.died[people]),
        "address": c.address(),
        "registered_on": _registered(people, world.died[people]),
    }
    return _book("deaths", c, columns)


def marriages(world: World) -> Draft:
    """Weddings of the last eleven months; the row is the husband's, the wife stands beside."""
    on, f = day_of(world, "civil_status"), world.family
    wed = np.where((f.sex == MALE) & (f.spouse >= 0), f.marriage, -1)
    people = _sorted(world, _within(world, wed, "marriages", on))
    c = Cells(world, people, on)
    columns = {
        "full_name": c.name(),
        "personal_number": c.number(),
        "birth_date": c.birth(),
        "address": c.address(),
        "spouse_name": c.name(f.spouse[people]),
        "spouse_number": c.number(f.spouse[people]),
        "marriage_date": dates(wed[people]),
        "registered_on": dates(wed[people]),
    }
    return _book("marriages", c, columns)


def _book(name: str, c: Cells, columns: dict[str, pa.Array]) -> Draft:
    return Draft("civil_status", name, c.on, c.people, columns, np.zeros(len(c), dtype=np.int32))


def moves(world: World) -> Draft:
    """Changes of residence of nine months: inside the province, and out of it."""
    on = day_of(world, "residence_moves")
    happened = np.maximum(world.moved, world.left)
    people = _sorted(world, _within(world, happened, "moves", on))
    people = people[world.died[people] < 0]
    people = people[world.family.birth[people] < happened[people]]
    c = Cells(world, people, on)
    out = world.left[people] >= 0
    away = [a for code in OUTSIDE for a in places.elsewhere(real_province(code))[:1]]
    far = joined("Thôn 1, ", words(away, world.family.household[people] % len(away)))
    former = words([places.full(p) for p in places.places(c.day)], world.old_unit[people])
    columns = {
        "event_kind": text("Đăng ký thường trú", len(c)),
        "full_name": c.name(),
        "personal_number": c.number(),
        "birth_date": c.birth(),
        "sex": c.sex(),
        "address": pa.compute.if_else(pa.array(out), far, c.address()),
        "event_date": dates(happened[people]),
        "registered_on": _registered(people, happened[people]),
        "note": former,
    }
    split = district_of(world, people) * 0
    return Draft("residence_moves", "moves", c.on, people, columns, split)
