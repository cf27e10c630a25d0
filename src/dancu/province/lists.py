"""Which persons each sector keeps, and their lawful cells: one Draft a source.

Counts at scale 1 add up to 3.11 million records (`SHARES`). A Draft is still right in every cell
(but for those who should no longer stand on it, see `flaws.structural`); `flaws` damages it next.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dancu.province import places
from dancu.province.cells import Cells, dates, digits, joined, text, words
from dancu.province.families import Ints
from dancu.province.world import World, birthday

# Records of a list per person of the province.
SHARES = {
    "social_insurance": 0.1430,
    "health": 0.1280,
    "education": 0.0545,
    "social_benefits": 0.0370,
    "driving_licence": 0.0545,
    "vehicle": 0.0420,
    "tax": 0.0545,
    "civic_members": 0.0030,
}
# How many days before the asked day each list was drawn up.
LAG = {
    "population": 6, "social_insurance": 21, "health": 11, "education": 27, "social_benefits": 20,
    "driving_licence": 172, "vehicle": 52, "tax": 82, "civic_members": 220, "civil_status": 1,
    "residence_moves": 3,
}  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """One list before it is cut into files: `cells` role -> text, `split` the file of each row,
    `part` its sheet where one file has several."""

    source: str
    name: str
    day: int
    people: Ints
    cells: dict[str, pa.Array]
    split: Ints
    part: Ints | None = None

    def __len__(self) -> int:
        return len(self.people)

    def with_cells(self, cells: dict[str, pa.Array]) -> Draft:
        """The same rows with some columns replaced."""
        return replace(self, cells={**self.cells, **cells})


def chosen(rng: np.random.Generator, world: World, source: str, may: npt.NDArray[np.bool_]) -> Ints:
    """Different persons for a source, in the order of communes and households."""
    wanted = round(SHARES[source] * world.size)
    able = np.flatnonzero(may).astype(np.int32)
    found = rng.choice(able, min(wanted, len(able)), replace=False)
    return found[np.lexsort((found, world.unit[found]))]


def day_of(world: World, source: str) -> int:
    """The day a source's lists speak of."""
    return world.on - LAG[source]


def district_of(world: World, people: Ints) -> Ints:
    """0–9: the district of June 2024 that the person's home is in."""
    order = sorted(set(places.districts()))
    known = np.array([order.index(d) for d in places.districts()], dtype=np.int32)
    return known[world.unit[people]]


def draft_of(
    source: str, cells: Cells, columns: dict[str, pa.Array], split: Ints | None = None
) -> Draft:
    where = district_of(cells.world, cells.people) if split is None else split
    return Draft(source, source, cells.on, cells.people, columns, where)


def population(world: World, people: Ints) -> Draft:
    """Everybody in the province: commune by commune, household by household."""
    c = Cells(world, people, day_of(world, "population"))
    f = world.family
    partner = c.partner()
    columns = {
        "personal_number": c.number(),
        "full_name": c.name(),
        "birth_date": c.birth(),
        "sex": c.sex(),
        "ethnic": c.ethnic(),
        "religion": c.religion(),
        "nationality": text("Việt Nam", len(c)),
        "marital_status": c.marital(),
        "life_status": text("Còn sống", len(c)),
        "birth_place": c.birth_place(),
        "hamlet": c.hamlet(),
        "commune": c.commune(),
        "district": c.district(),
        "commune_code": c.commune_code(),
        "household_number": c.household(),
        "relation_to_head": c.relation(),
        "father_name": c.father_name(),
        "mother_name": c.mother_name(),
        "mother_number": c.number(f.mother[people]),
        "spouse_name": c.name(partner),
        "card_issued": dates(world.card_issued[people]),
        "card_expires": dates(world.card_expires[people]),
    }
    return draft_of("population", c, columns)


def social_insurance(world: World, people: Ints) -> Draft:
    """Insured people with number, card and its year."""
    c = Cells(world, people, day_of(world, "social_insurance"))
    first = np.datetime64(f"{c.day.year}-01-01").astype(np.int64)
    last = np.datetime64(f"{c.day.year}-12-31").astype(np.int64)
    columns = {
        "bhxh_number": bhxh(people),
        "bhyt_card": bhyt(c),
        "full_name": c.name(),
        "birth_date": c.birth(),
        "sex": c.sex(),
        "personal_number": c.number(),
        "address": c.address(),
        "bhyt_from": dates(np.maximum(first, world.family.birth[people])),
        "bhyt_to": dates(np.full(len(c), last)),
        "phone": c.phone(),
    }
    return draft_of("social_insurance", c, columns)


def bhxh(people: Ints) -> pa.Array:
    """Social-insurance number: a person's own for life, 99 and eight digits spread by the row."""
    return digits(9_900_000_000 + (people.astype(np.int64) * 48_271 + 10_007) % 100_000_000, 10)


def bhyt(c: Cells) -> pa.Array:
    """Health-insurance card of 15 characters: object code and level by age and group."""
    age = c.world.age(c.people, c.on)
    minority = (c.world.ethnic[c.people] > 0) & (c.people % 2 == 0)
    which = np.select([age < 6, age < 18, minority, age >= 80, age >= 60], [0, 1, 2, 3, 4], 5)
    return joined(words(("TE1", "HS4", "DT2", "BT2", "HT3", "GD4"), which), "24", bhxh(c.people))


def health(world: World, people: Ints) -> Draft:
    """Patients and vaccinated people of the health stations, once each."""
    c = Cells(world, people, day_of(world, "health"))
    seen = c.on - (people.astype(np.int64) * 7919) % 150
    columns = {
        "full_name": c.name(),
        "birth_date": c.birth(),
        "sex": c.sex(),
        "personal_number": c.number(),
        "bhyt_card": bhyt(c),
        "address": c.address("dashed"),
        "phone": c.phone(),
        "updated_on": dates(np.maximum(seen, world.family.birth[people] + 1)),
    }
    return draft_of("health", c, columns)


def education(world: World, people: Ints) -> Draft:
    """Pupils of grade 1–12, ethnic group by the code of 2008, name in two columns."""
    c = Cells(world, people, day_of(world, "education"))
    grade = grades(world, people, c.on)
    level = np.select([grade <= 5, grade <= 9], [0, 1], 2)
    kind = words(("Trường Tiểu học ", "Trường THCS ", "Trường THPT "), level)
    place = words([_bare(p.commune) for p in places.places(c.day)], c.home)
    surname, given = c.name_parts()
    groups = _codes_2008(world)
    columns = {
        "student_code": joined("24", digits(people.astype(np.int64) + 1, 8)),
        "surname_middle": surname,
        "given_name": given,
        "birth_date": c.birth(),
        "sex": c.sex(),
        "ethnic": words(groups, world.ethnic[people]),
        "personal_number": c.number(),
        "school": joined(kind, place),
        "school_class": joined(
            digits(grade.astype(np.int64), 1), words(("A", "B", "C", "D"), people % 4)
        ),
        "father_name": c.father_name(),
        "mother_name": c.mother_name(),
        "address": c.address(),
    }
    return draft_of("education", c, columns)


def grades(world: World, people: Ints, on: int) -> Ints:
    """School grade by the calendar year of birth: grade 1 in the year of the sixth birthday."""
    month = np.datetime64(int(on), "D").astype("datetime64[M]").astype(int)
    started = 1970 + month // 12 - (1 if month % 12 < 7 else 0)
    return np.asarray(started - world.year[people] - 5)


def _codes_2008(world: World) -> tuple[str, ...]:
    from dancu.reference.codes import ethnic

    return tuple(ethnic.in_scheme(ethnic.code(g) or "", scheme="2008") or g for g in world.groups)


def _bare(commune: str) -> str:
    for kind in ("Phường ", "Thị trấn ", "Xã "):
        commune = commune.removeprefix(kind)
    return commune


def social_benefits(world: World, people: Ints) -> Draft:
    """Recipients of social assistance (Decree 20/2021): kind, amount, account."""
    c = Cells(world, people, day_of(world, "social_benefits"))
    age = world.age(people, c.on)
    kind = np.select(
        [world.age(people, world.on) < 3, age < 16, age < 60, age < 80], [0, 1, 2, 3], 4
    )
    standard = 500_000 if c.day.isoformat() >= "2024-07-01" else 360_000
    amount = (np.array([1.5, 2.0, 1.5, 2.0, 1.0]) * standard).astype(np.int64)[kind]
    birth = world.family.birth[people]
    started = np.maximum(np.datetime64("2021-07-01").astype(np.int64), birth + 60)
    started = np.where(kind == 4, np.maximum(birthday(birth, 80), started), started)
    started = np.minimum(started + people % 700, c.on - 5)
    died = world.died[people]
    started = np.where(died >= 0, np.minimum(started, died - 30), started)
    started = np.where(kind == 4, np.maximum(started, birthday(birth, 80)), started)
    columns = {
        "full_name": c.name(),
        "birth_date": c.birth(),
        "sex": c.sex(),
        "personal_number": c.number(),
        "hamlet": c.hamlet(),
        "commune": c.commune(),
        "district": c.district(),
        "benefit_kind": words(("SA7", "SA6D", "SA6C", "SA6D", "SA5C"), kind),
        "benefit_amount": digits(amount, 1),
        "benefit_from": dates(started),
        "bank_account": digits(2_600_000_000_000 + people.astype(np.int64) * 17 + 10_001, 13),
        "bank_name": text("Agribank", len(c)),
    }
    return draft_of("social_benefits", c, columns)


def eligible(world: World) -> dict[str, npt.NDArray[np.bool_]]:
    """Who may stand on each sector's list on its day: living there, and of the right age."""
    everyone = np.arange(world.size, dtype=np.int32)

    def between(source: str, low: float, high: float) -> npt.NDArray[np.bool_]:
        on = day_of(world, source)
        age = world.age(everyone, on)
        return world.listed(on) & (age >= low) & (age < high) & (world.family.birth < on - 30)

    grade = grades(world, everyone, day_of(world, "education"))
    poor = between("social_benefits", 80.01, 200) | (
        between("social_benefits", 0.3, 80) & (everyone % 28 == 3)
    )
    return {
        "social_insurance": between("social_insurance", 0, 200),
        "health": between("health", 0, 200),
        "education": between("education", 5, 19) & (grade >= 1) & (grade <= 12),
        "social_benefits": poor,
        "driving_licence": between("driving_licence", 21.2, 70),
        "vehicle": between("vehicle", 18.5, 75),
        "tax": between("tax", 18.2, 70),
        "civic_members": between("civic_members", 20, 80),
    }
