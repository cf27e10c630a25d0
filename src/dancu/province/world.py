"""The truth: everybody of the invented province with kin, home, numbers and the days of a life.

Columns are numpy arrays, one row a person; days are days since 1970-01-01 and -1 is "never".
Lawful throughout: whoever is wrong in a list was made wrong by `flaws`, and that is written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from dancu.province import families, naming, numbers, places
from dancu.province.families import FEMALE, HUSBAND, MALE, WIFE, YEAR, Bools, Families, Ints
from dancu.province.naming import Lexicon, Name
from dancu.province.numbers import Longs
from dancu.province.tables import rows
from dancu.reference import ids
from dancu.reference.loader import rows as reference_rows

EPOCH = date(1970, 1, 1)
HOME_PROVINCE = 24
_CARDS_SINCE = (date(2021, 2, 1) - EPOCH).days
_AGES = (25, 40, 60)
# Share of the not-so-local spouses by the province they were born in: neighbours and Hà Nội.
OUTSIDE = {27: 22, 1: 18, 19: 14, 20: 12, 30: 8, 22: 6, 33: 5, 34: 5, 38: 4, 36: 3, 25: 3}


def day(when: date) -> int:
    """Days since 1970-01-01."""
    return (when - EPOCH).days


@dataclass(frozen=True)
class World:
    """All persons; `unit` and `old_unit` are places 0–208, `ethnic` a row of `groups`."""

    on: int
    words: Lexicon
    groups: tuple[str, ...]
    family: Families
    name: Name
    father_name: Name
    mother_name: Name
    year: Ints
    ethnic: Ints
    religion: Ints
    unit: Ints
    old_unit: Ints
    moved: Ints
    left: Ints
    died: Ints
    hamlet: Ints
    house: Ints
    hamlets: list[list[str]]
    born_in: Ints
    birth_place: Ints
    number: Longs
    old_number: Longs
    phone: Longs
    card_issued: Ints
    card_expires: Ints

    @property
    def size(self) -> int:
        return len(self.year)

    def age(self, rows_of: Ints, on: int) -> npt.NDArray[np.float64]:
        """Years lived on the day."""
        return np.asarray((on - self.family.birth[rows_of]) / YEAR)

    def listed(self, on: int) -> Bools:
        """Living in the province on the day."""
        gone = ((self.died >= 0) & (self.died <= on)) | ((self.left >= 0) & (self.left <= on))
        return np.asarray((self.family.birth <= on) & ~gone)

    def married(self, on: int) -> Ints:
        """Marital code on the day: 1 never, 2 married, 3 divorced or widowed."""
        f = self.family
        partner = np.maximum(f.spouse, 0)
        wed = (f.spouse >= 0) & (f.marriage != -1) & (f.marriage <= on)
        lost = wed & (self.died[partner] >= 0) & (self.died[partner] <= on)
        alone = (f.spouse < 0) & (f.seat < families.CHILD)
        parted = alone & ((f.seat < HUSBAND) | ((f.birth % 7) < 4) | (self.year < 1975))
        return np.where(lost | parted, 3, np.where(wed, 2, 1)).astype(np.int32)

    def home(self, on: int) -> Ints:
        """Place on the day (before a move inside the province: the old one)."""
        return np.where((self.moved >= 0) & (self.moved > on), self.old_unit, self.unit)


def make(people: int, seed: int, on: date) -> World:
    """A province of exactly `people` persons, the same for the same seed."""
    rng = np.random.default_rng([seed, 1])
    today = day(on)
    family = families.make(rng, people, today)
    households = family.households
    unit = rng.choice(209, households, p=places.shares())[family.household].astype(np.int32)
    year = years(family.birth)
    groups, ethnic = _ethnic(rng, family, unit)
    words = naming.lexicon()
    name = naming.people(rng, words, family, groups, ethnic, year)
    died = _deaths(rng, family, today)
    left, moved, old_unit = _moves(rng, family, unit, today)
    born_in, birth_place = _births(rng, family)
    issued, expires = _cards(rng, family.birth, today)
    # The dead get no card: who would have got one after the death never had a chip card.
    issued, expires = (np.where((died >= 0) & (issued > died), -1, x) for x in (issued, expires))
    tens = rng.integers(0, places.HAMLETS, households)[family.household]
    return World(
        on=today,
        words=words,
        groups=groups,
        family=family,
        name=name,
        father_name=_parent_names(rng, words, name, family.father, name.surname, MALE, year),
        mother_name=_parent_names(
            rng, words, name, family.mother, _shuffled(rng, name.surname), FEMALE, year
        ),
        year=year,
        ethnic=ethnic,
        religion=rng.choice(3, households, p=[0.975, 0.015, 0.01])[family.household].astype(
            np.int32
        ),
        unit=unit,
        old_unit=old_unit,
        moved=moved,
        left=left,
        died=died,
        hamlet=tens.astype(np.int32),
        house=rng.integers(1, 400, households)[family.household].astype(np.int32),
        hamlets=places.hamlet_names(rng, [r["name"] for r in rows("hamlet_names.csv")]),
        born_in=born_in,
        birth_place=birth_place,
        number=numbers.personal(rng, born_in, family.sex, year),
        old_number=numbers.old(rng, born_in == HOME_PROVINCE, year < 2003),
        phone=numbers.phone(rng, people),
        card_issued=issued,
        card_expires=expires,
    )


def years(days: Ints) -> Ints:
    """Calendar year of each day."""
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int32) + 1970


def _ethnic(rng: np.random.Generator, family: Families, unit: Ints) -> tuple[tuple[str, ...], Ints]:
    """Group of each person: by the commune of the household; one spouse in twelve marries in."""
    groups, share = ethnic_shares(rng)
    ladder = np.cumsum(share, axis=1)
    head_unit = np.zeros(family.households, dtype=np.int32)
    head_unit[family.household] = unit
    own = _drawn(rng, ladder[head_unit])
    other = np.where(rng.random(len(own)) < 0.08, _drawn(rng, ladder[head_unit]), own)
    found = np.where(family.seat == WIFE, other[family.household], own[family.household])
    fatherless = (family.father < 0) & (family.mother >= 0)
    found = np.where(fatherless, found[np.maximum(family.mother, 0)], found)
    return groups, found.astype(np.int32)


def _drawn(rng: np.random.Generator, ladder: npt.NDArray[np.float64]) -> Ints:
    found: Ints = (rng.random(len(ladder))[:, None] > ladder[:, :-1]).sum(axis=1).astype(np.int32)
    return found


def ethnic_shares(rng: np.random.Generator) -> tuple[tuple[str, ...], npt.NDArray[np.float64]]:
    """Groups (Kinh first) and their shares in each of the 209, scaled to the counts of 2014.

    `data/ethnic_by_district.csv` says how likely a group is in a district (an assumption from the
    general picture: Sơn Động, Lục Ngạn, Yên Thế, Lục Nam); communes of a district vary around it.
    """
    table = rows("ethnic_by_district.csv")
    counts = {
        r["name"].split(" (")[0]: int(r["people"])
        for r in reference_rows("codes/bacgiang_ethnic_2014.csv")
    }
    share = np.zeros((209, len(table) + 1))
    weight = places.shares()
    total = 1_624_456  # people of the province in 2014, the base of the counts
    for k, row in enumerate(table, start=1):
        local = np.array([float(row[d]) for d in places.districts()]) * rng.gamma(2.0, 0.5, 209)
        share[:, k] = local * (counts[row["ethnic"]] / total) / (local * weight).sum()
    crowded = np.maximum(share.sum(axis=1, keepdims=True) / 0.95, 1.0)
    share /= crowded
    share[:, 0] = 1 - share.sum(axis=1)
    return ("Kinh", *(r["ethnic"] for r in table)), share


def _shuffled(rng: np.random.Generator, surname: Ints) -> Ints:
    return surname[rng.permutation(len(surname))]


def _parent_names(
    rng: np.random.Generator, words: Lexicon, name: Name, parent: Ints, surname: Ints,
    sex: int, year: Ints,
) -> Name:  # fmt: skip
    """Name of everybody's father or mother, whether or not that parent is in the province."""
    known = np.maximum(parent, 0)
    middle, given = naming.first_names(rng, words, np.full(len(year), sex), year - 27)
    # A parent who lives elsewhere is not called like the child either.
    for step in range(11, 50):
        given = np.where(given == name.given, np.roll(given, step), given)
    made = (surname, middle, given)
    real = (name.surname[known], name.middle[known], name.given[known])
    return Name(*(np.where(parent >= 0, r, m) for r, m in zip(real, made, strict=True)))


def _deaths(rng: np.random.Generator, family: Families, on: int) -> Ints:
    """Days of death of the last 540 days. Heads die only where they live alone, so that the
    household of the living keeps its head; nobody before the second year of life, no mother before a birth."""
    size = np.bincount(family.household)[family.household]
    age = (on - family.birth) / YEAR
    may = (~family.head | (size == 1)) & (age > 2)
    key = np.where(may, -np.log(rng.random(len(age))) / np.exp(0.085 * age), np.inf)
    number = round(0.009 * len(age))
    chosen = np.argpartition(key, number)[:number] if number else np.zeros(0, dtype=np.int64)
    died = np.full(len(age), -1, dtype=np.int32)
    died[chosen] = on - rng.integers(12, 540, len(chosen))
    wed = (family.marriage != -1) & (died >= 0) & (died <= family.marriage)
    died[wed] = -1
    born = family.mother >= 0
    last = np.full(len(age), np.iinfo(np.int32).min, dtype=np.int32)
    np.maximum.at(last, family.mother[born], family.birth[born])
    died[(died >= 0) & (died <= last)] = -1
    return died


def _moves(
    rng: np.random.Generator, family: Families, unit: Ints, on: int
) -> tuple[Ints, Ints, Ints]:
    """Whole households: one in 200 left the province, one in 40 changed commune."""
    luck = rng.random(family.households)
    when = on - rng.integers(12, 540, family.households)
    to = rng.choice(209, family.households, p=places.shares())
    mine = family.household
    left = np.where(luck < 0.005, when, -1)[mine]
    old = np.where((luck >= 0.005) & (luck < 0.030), to, -1)[mine]
    changed = (old >= 0) & (old != unit)
    moved = np.where(changed, when[mine], -1)
    return (
        left.astype(np.int32),
        moved.astype(np.int32),
        np.where(changed, old, unit).astype(np.int32),
    )


def _births(rng: np.random.Generator, family: Families) -> tuple[Ints, Ints]:
    """Province code of birth registration, and which of twenty places there (-1: at home)."""
    chance = np.where(
        family.seat == WIFE, 0.10, np.where(family.seat < families.CHILD, 0.04, 0.008)
    )
    away = rng.random(len(chance)) < chance
    weights = np.array(list(OUTSIDE.values()), dtype=float)
    other = rng.choice(np.array(list(OUTSIDE)), len(chance), p=weights / weights.sum())
    where = rng.integers(0, 20, len(chance))
    born_in = np.where(away, other, HOME_PROVINCE).astype(np.int32)
    return born_in, np.where(away, where, -1).astype(np.int32)


def _cards(rng: np.random.Generator, birth: Ints, on: int) -> tuple[Ints, Ints]:
    """Issue and expiry of the chip card: -1, -1 without card; expiry -1 for life.

    Valid to the birthday of 25, 40 or 60, or to the next of them when issued within two years
    before. Whoever's card would have run out holds one renewed in those two years.
    """
    fourteen = birthday(birth, 14)
    last = on - 8
    first = np.maximum(fourteen + 1, _CARDS_SINCE)
    holds = first < last
    span = np.maximum(last - first, 1)
    issued = first + (rng.random(len(birth)) * span).astype(np.int64)
    for age in _AGES:
        turn = birthday(birth, age)
        early = np.maximum(turn - 700, first)
        ran_out = (turn <= on) & (issued < turn - 728)
        window = np.maximum(np.minimum(turn, last) - early, 1)
        issued = np.where(
            ran_out, early + (rng.random(len(birth)) * window).astype(np.int64), issued
        )
    expires = np.full(len(birth), -1, dtype=np.int64)
    for age in reversed(_AGES):
        turn = birthday(birth, age)
        expires = np.where(issued < turn - 728, turn, expires)
    return np.where(holds, issued, -1).astype(np.int32), np.where(holds, expires, -1).astype(
        np.int32
    )


def birthday(birth: Ints, age: int) -> Ints:
    """The day of the `age`-th birthday; 29 February falls on 1 March in common years."""
    days = birth.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    offset = (days - months.astype("datetime64[D]")).astype(np.int64)
    moved = (months + 12 * age).astype("datetime64[D]").astype(np.int64) + offset
    return np.asarray(moved, dtype=np.int32)


def real_province(code: int) -> str:
    """Unit code of 2024 of the province whose personal-number code this is."""
    name = ids.number_provinces()[f"{code:03d}"]
    units = places.tree(places.FIRST)
    return next(u.code for u in units.provinces if u.name in (name, f"Thành phố {name}"))
