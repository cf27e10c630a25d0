"""Invented people for the linking bench: families, twins, moves; `draw` gives their records in five registers.

Names have the frequencies of `dancu.reference`; what is wrong in a record, and how often, is in `bench.link_flaws`.
Scale 1 is 2,034,961 people and about 3.11 million records. The communes grow with the people (a larger province
has more communes, not larger ones). A seed fixes every byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

PEOPLE = 2_034_961
COMMUNES = 209
LAST_BIRTH = np.datetime64("2024-05-20")

# How families are made: shares of people or of households.
HOUSEHOLD_SIZES = (0.10, 0.16, 0.20, 0.25, 0.17, 0.08, 0.04)  # of 1, 2, … 7 people
NO_SPOUSE = 0.12  # households of two and more with one parent
TWINS = 0.035  # younger brothers and sisters born with the one before; 1.2% of births are of twins
TWINS_GROWN = 0.02  # heads of a household whose twin is the head of the one before
TWIN_SAME_SEX = 0.65
TWIN_NAMED_ALIKE = 0.50  # given names a letter or a tone mark apart
CLAN = 0.15  # households with one of the two great surnames of their commune
FATHERS_MIDDLE = 0.30  # sons
SIBLINGS_MIDDLE = 0.30  # the middle name of the brother or sister before
MOTHERS_SURNAME = 0.06  # her surname as the middle name
MINORITY = 0.15  # households: half of those in three communes of ten
MOVED_HOUSEHOLDS, MOVED_ALONE = 0.06, 0.04
YEAR_ONLY = 0.15  # people born before 1960 who know no birthday
OWN_PHONE, NEW_PHONE = 0.75, 0.20

Ints = npt.NDArray[np.int64]
ETHNIC = ("Kinh", "Tày", "Thái", "Mường", "Mông", "Dao")


@dataclass(frozen=True)
class People:
    """One array an attribute, one element a person. Names are codes of `Words`; `moved` people have two homes."""

    sex: Ints  # 1 male, 2 female
    born: npt.NDArray[np.datetime64]
    surname: Ints
    middle: Ints
    given: Ints
    father: Ints  # [people, 3]: surname, middle, given
    mother: Ints
    household: Ints
    commune: Ints
    moved: npt.NDArray[np.bool_]
    old_household: Ints
    old_commune: Ints
    number: Ints
    old_number: Ints
    bhxh_number: Ints
    phone: Ints
    new_phone: Ints
    ethnic: Ints
    year_only: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Words:
    """All name parts: `texts` as written and `bare` without marks; code 0 is none.

    `alike`: for a given name's code, the given names one letter or only marks away.
    """

    texts: pa.Array
    bare: pa.Array
    of: dict[str, tuple[Ints, dict[int, npt.NDArray[np.float64]]]]
    alike: dict[int, list[int]]


@cache
def words() -> Words:
    """The name parts of the reference tables with their weights by sex."""
    from dancu.lib.text import strip_marks
    from dancu.reference.names import given_names, middle_names, surnames

    tables = {"surname": surnames(), "middle": middle_names(), "given": given_names()}
    place = {"": 0}
    for table in tables.values():
        for row in table:
            place.setdefault(row.text, len(place))
    of = {}
    for kind, table in tables.items():
        codes = np.array([place[row.text] for row in table])
        counts = {1: [row.male for row in table], 2: [row.female for row in table]}
        of[kind] = codes, {s: np.array(c) / sum(c) for s, c in counts.items()}
    texts = list(place)
    bare = [strip_marks(text) for text in texts]
    given = [place[row.text] for row in tables["given"] if row.text]
    return Words(pa.array(texts), pa.array(bare), of, _alike(given, bare))


def _alike(given: list[int], bare: list[str]) -> dict[int, list[int]]:
    near = {a: [b for b in given if a != b and _one_apart(bare[a], bare[b])] for a in given}
    return {a: others for a, others in near.items() if others}


def _one_apart(a: str, b: str) -> bool:
    if a == b:
        return True
    if len(a) == len(b):
        return sum(x != y for x, y in zip(a, b, strict=True)) == 1
    short, long = sorted((a, b), key=len)
    return len(long) - len(short) == 1 and any(
        long[:i] + long[i + 1 :] == short for i in range(len(long))
    )


def pick(kind: str, sex: Ints, rng: np.random.Generator) -> Ints:
    """Codes of `kind` (surname, middle, given), one for each sex, by frequency."""
    codes, weight = words().of[kind]
    out = np.zeros(len(sex), np.int64)
    for code, share in weight.items():
        here = np.flatnonzero(sex == code)
        out[here] = rng.choice(codes, len(here), p=share)
    return out


def named_alike(given: Ints, rng: np.random.Generator) -> Ints:
    """For each given name another one that is easily taken for it; itself where there is none."""
    alike = words().alike
    draws = rng.random(len(given))
    return np.array(
        [
            o[int(d * len(o))] if (o := alike.get(g)) else g
            for g, d in zip(given.tolist(), draws.tolist(), strict=True)
        ],
        np.int64,
    )


def people(count: int, rng: np.random.Generator) -> People:
    """`count` people in families."""
    home, place = _households(count, rng)
    head = np.arange(count) - place
    households = int(home[-1]) + 1
    sex, spouse = _couples(count, place, head, rng)
    born, child = _births(place, head, spouse, sex, rng)
    before = np.maximum(np.arange(count) - 1, 0)
    twin = child & child[before] & (place > 2) & (rng.random(count) < TWINS)
    born = np.where(twin, born[before], born)
    sex = np.where(twin & (rng.random(count) < TWIN_SAME_SEX), sex[before], sex)
    grown, other = _grown_twins(place, sex, rng)
    born[grown] = born[other]
    communes = max(20, round(COMMUNES * count / PEOPLE))
    weight = rng.gamma(3.0, 1.0, communes)
    where = rng.choice(communes, households, p=weight / weight.sum())
    where[home[grown]] = where[home[other]]
    surname, middle, given = _names(where, home, head, sex, spouse, child, twin, communes, rng)
    surname[grown], middle[grown] = surname[other], middle[other]
    near = rng.random(len(grown)) < TWIN_NAMED_ALIKE
    given[grown[near]] = named_alike(given[other[near]], rng)
    father, mother = _parents(head, sex, spouse, child, (surname, middle, given), rng)
    father[grown], mother[grown] = father[other], mother[other]
    moved = rng.random(households)[home] < MOVED_HOUSEHOLDS
    alone = rng.random(count) < MOVED_ALONE
    upland = rng.permutation(communes) < 2 * MINORITY * communes
    minority = upland[where] & (rng.random(households) < 0.5)
    ethnic = np.where(minority, rng.integers(1, len(ETHNIC), communes)[where], 0)[home]
    phone = _scattered(np.arange(count), 48_271_007, 10**8)
    adult = (born < np.datetime64("2008-01-01")) & (rng.random(count) < OWN_PHONE)
    return People(
        sex=sex, born=born, surname=surname, middle=middle, given=given, father=father,
        mother=mother, household=home, commune=where[home], moved=moved | alone,
        old_household=np.where(alone, rng.integers(0, households, count), home + households),
        old_commune=rng.choice(communes, households, p=weight / weight.sum())[home],
        number=_numbers(sex, born, rng), old_number=_old_numbers(born),
        bhxh_number=9_200_000_000 + _scattered(np.arange(count), 61_803_399, 10**8),
        phone=np.where(adult, phone, phone[head]),
        new_phone=np.where(rng.random(count) < NEW_PHONE, rng.integers(0, 10**8, count), -1),
        ethnic=ethnic, year_only=(born < np.datetime64("1960-01-01")) & (rng.random(count) < YEAR_ONLY),
    )  # fmt: skip


def _households(count: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """(household of each person, place in it from 0)."""
    sizes = rng.choice(np.arange(1, 8), count, p=HOUSEHOLD_SIZES)
    ends = np.cumsum(sizes)
    home = np.searchsorted(ends, np.arange(count), side="right")
    return home, np.arange(count) - (ends - sizes)[home]


def _couples(
    count: int, place: Ints, head: Ints, rng: np.random.Generator
) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """(sex, is the spouse of the head); a head with a spouse is a man in four of five households."""
    sex = rng.integers(1, 3, count)
    spouse = (place == 1) & (rng.random(count) >= NO_SPOUSE)
    married = np.zeros(count, bool)
    married[head[spouse]] = True
    sex = np.where(married, np.where(rng.random(count) < 0.8, 1, 2), sex)
    return np.where(spouse, 3 - sex[head], sex), spouse


def _births(
    place: Ints, head: Ints, spouse: npt.NDArray[np.bool_], sex: Ints, rng: np.random.Generator
) -> tuple[npt.NDArray[np.datetime64], npt.NDArray[np.bool_]]:
    """(date of birth, is a child of the head); who would be born too late is a parent of the head instead."""
    count = len(place)
    age = 22 + rng.beta(1.4, 2.0, count) * 64
    age = np.where(spouse, np.maximum(age[head] + rng.normal(-1.5, 4.0, count), 18), age)
    rank = np.maximum(place - 2, 0)
    first = 20 + rng.gamma(2.0, 2.5, count)
    own = age[head] - first[head] - rank * 3.2 - rng.random(count) * 2.4
    child = (place > 0) & ~spouse & (own > 0.1)
    elder = (place > 0) & ~spouse & ~child
    age = np.where(child, own, age)
    age = np.where(elder, np.minimum(age[head] + 20 + rng.random(count) * 18, 99), age)
    return (LAST_BIRTH - (age * 365.25).astype(int)).astype("datetime64[D]"), child


def _grown_twins(place: Ints, sex: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Rows of heads and of the heads of the household before, of the same sex, who are their twins."""
    heads = np.flatnonzero(place == 0)
    later, former = heads[1:], heads[:-1]
    twins = (rng.random(len(later)) < TWINS_GROWN) & (sex[later] == sex[former])
    return later[twins], former[twins]


def _names(
    where: Ints, home: Ints, head: Ints, sex: Ints, spouse: npt.NDArray[np.bool_],
    child: npt.NDArray[np.bool_], twin: npt.NDArray[np.bool_], communes: int,
    rng: np.random.Generator,
) -> tuple[Ints, Ints, Ints]:  # fmt: skip
    count = len(home)
    chance = lambda share: rng.random(count) < share  # noqa: E731
    surname, middle, given = (pick(kind, sex, rng) for kind in ("surname", "middle", "given"))
    clan = pick("surname", np.ones(2 * communes, np.int64), rng).reshape(communes, 2)
    of_clan = chance(CLAN) & ~spouse
    surname = np.where(of_clan, clan[where[home], rng.integers(0, 2, count)], surname)
    father, mother = _who(head, sex, spouse)
    surname = np.where(child & (father >= 0), surname[father], surname)
    surname = np.where(child & (father < 0), surname[head], surname)
    before = np.maximum(np.arange(count) - 1, 0)
    sibling = child & child[before]
    alike = sibling & (sex == sex[before])
    middle = np.where(
        child & (sex == 1) & (father >= 0) & chance(FATHERS_MIDDLE), middle[father], middle
    )
    middle = np.where(
        child & (mother >= 0) & chance(MOTHERS_SURNAME),
        surname[np.maximum(mother, 0)],
        middle,
    )
    middle = np.where(alike & (chance(SIBLINGS_MIDDLE) | twin), middle[before], middle)
    near = np.flatnonzero(twin & chance(TWIN_NAMED_ALIKE))
    given[near] = named_alike(given[near - 1], rng)
    namesakes = np.flatnonzero(sibling & (given == given[before]))
    given[namesakes] = pick("given", sex[namesakes], rng)
    return surname, middle, given


def _who(head: Ints, sex: Ints, spouse: npt.NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Rows of the father and the mother of the head's children, -1 for none."""
    partner = np.full(len(head), -1, np.int64)
    partner[head[spouse]] = np.flatnonzero(spouse)
    wife = partner[head]
    father = np.where(sex[head] == 1, head, wife)
    return father, np.where(sex[head] == 1, wife, head)


def _parents(
    head: Ints, sex: Ints, spouse: npt.NDArray[np.bool_], child: npt.NDArray[np.bool_],
    own: tuple[Ints, Ints, Ints], rng: np.random.Generator,
) -> tuple[Ints, Ints]:  # fmt: skip
    """Names of father and mother, [people, 3]: of the household for its children, else of people elsewhere."""
    found = []
    for code, row in zip((1, 2), _who(head, sex, spouse), strict=True):
        someone = np.full(len(head), code)
        names = [pick(kind, someone, rng) for kind in ("surname", "middle", "given")]
        if code == 1:
            names[0] = own[0]
        here = child & (row >= 0)
        names = [np.where(here, part[row], name) for part, name in zip(own, names, strict=True)]
        found.append(np.stack(names, axis=1))
    return found[0], found[1]


def _scattered(rank: Ints, step: int, size: int) -> Ints:
    """Distinct values below `size` for distinct ranks below it; `step` has no factor in common with `size`."""
    return (rank * step + 12_345) % size


def _numbers(sex: Ints, born: npt.NDArray[np.datetime64], rng: np.random.Generator) -> Ints:
    """Personal numbers of the unassigned province 924: century and sex, two digits of the year, six more."""
    year = born.astype("datetime64[Y]").astype(np.int64) + 1970
    head = (np.where(year < 2000, 0, 2) + (sex == 2)) * 100 + year % 100
    order = np.lexsort((rng.random(len(sex)), head))
    _, starts = np.unique(head[order], return_index=True)
    rank = np.empty(len(sex), np.int64)
    rank[order] = np.arange(len(sex)) - np.repeat(starts, np.diff(np.append(starts, len(sex))))
    return 924 * 10**9 + head * 10**6 + _scattered(rank, 618_033, 10**6)


def _old_numbers(born: npt.NDArray[np.datetime64]) -> Ints:
    """Nine digits for who came of age before the cards of twelve; 0 for none."""
    had = born < np.datetime64("2002-01-01")
    return np.where(had, 920_000_000 + _scattered(np.cumsum(had), 7_368_787, 10**7), 0)
