"""Lawful citizens: households of typed rows in which every rule finds nothing to say."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from tests.spec.rules.tables import Cells

SYLLABLES = [
    "An",
    "Bình",
    "Chi",
    "Dũng",
    "Giang",
    "Hà",
    "Khánh",
    "Lan",
    "Minh",
    "Nam",
    "Oanh",
    "Phúc",
    "Quân",
    "Sơn",
    "Tâm",
    "Uyên",
    "Vinh",
    "Xuân",
]
FOLDED = [
    "an",
    "binh",
    "chi",
    "dung",
    "giang",
    "ha",
    "khanh",
    "lan",
    "minh",
    "nam",
    "oanh",
    "phuc",
    "quan",
    "son",
    "tam",
    "uyen",
    "vinh",
    "xuan",
]
DAY = dt.timedelta(days=1)
BENEFITS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (82, ("SA5C", "SA5A2", "SA5B", "SP1")),
    (77, ("SA5B", "SP1")),
    (72, ("SP2", "SA5D")),
    (62, ("SA5A1", "SA5D")),
    (16, ("SA6A", "SA6C")),
    (4, ("SA1B", "SA3B")),
    (2, ("SA1A", "SA3A")),
    (0, ("SA1A", "SA7")),
)
Household = list[Cells]


def lawful(*, on: dt.date, number: int, seed: int = 7) -> list[Cells]:
    """At least `number` rows of `people` on the asked day, `id` from 1."""
    chance = random.Random(seed)
    rows: list[Cells] = []
    home = 0
    while len(rows) < number:
        home += 1
        for person in household(chance, on, home):
            person["id"] = len(rows) + 1
            rows.append(finished(person, chance, on))
    return rows


def household(chance: random.Random, on: dt.date, home: int) -> Household:
    """A couple with children and a grandparent, or a lone head."""
    unit = f"07{200 + home % 200}"
    base = {"household_number": f"H{home:05d}", "permanent_unit": unit, "unit_code": unit}
    head = person(chance, on, chance.choice("12"), chance.randint(28, 95), base)
    head["relation_to_head"] = "CH"
    members = [head]
    if years_old(head, on) < 70 and chance.random() < 0.8:
        members += couple(chance, on, head, base)
        members.append(grandparent(chance, on, head, base))
    return members


def grandparent(chance: random.Random, on: dt.date, head: Cells, base: Cells) -> Cells:
    sex = chance.choice("12")
    elder = person(chance, on, sex, min(years_old(head, on) + 45, 103), base)
    return elder | {"relation_to_head": sex}


def couple(chance: random.Random, on: dt.date, head: Cells, base: Cells) -> Household:
    other = "2" if head["sex"] == "1" else "1"
    age = min(max(years_old(head, on) + chance.randint(-3, 3), 26), 70)
    mate = person(chance, on, other, age, base)
    mate["relation_to_head"] = "5" if other == "2" else "6"
    wed = max(head["birth_date"], mate["birth_date"]) + 21 * 366 * DAY
    for one, two in ((head, mate), (mate, head)):
        one |= {
            "marital_status": "2", "marriage_date": wed, "spouse_name": two["full_name"],
            "spouse_number": two["personal_number"],
        }  # fmt: skip
    return [mate, *children(chance, on, head, mate, base)]


def children(
    chance: random.Random, on: dt.date, head: Cells, mate: Cells, base: Cells
) -> Household:
    father, mother = (head, mate) if head["sex"] == "1" else (mate, head)
    born: Household = []
    for turn in range(chance.randint(0, 4)):
        first = max(father["birth_date"], mother["birth_date"]) + (22 + 5 * turn) * 365 * DAY
        if first > on - 40 * DAY or first.year - mother["birth_date"].year > 44:
            break
        age = (on - first).days // 366
        child = person(chance, on, chance.choice("12"), age, base, birth=first)
        child |= {
            "relation_to_head": "7", "father_name": father["full_name"],
            "father_number": father["personal_number"], "mother_name": mother["full_name"],
            "mother_number": mother["personal_number"],
        }  # fmt: skip
        born.append(child)
    return born


_serial = iter(range(1, 10**6))


def person(
    chance: random.Random, on: dt.date, sex: str, age: int, base: Cells, birth: Any = None
) -> Cells:
    """The identity of one person; numbers are those of test people (924…)."""
    birth = birth or on - (age * 366 + chance.randint(1, 300)) * DAY
    serial = next(_serial)
    century = (2 if birth.year >= 2000 else 0) + (sex == "2")
    number = f"924{century}{birth.year % 100:02d}{serial % 10**6:06d}"
    letters = [serial // 18**k % 18 for k in (3, 2, 1, 0)]
    return {
        **base, "birth_date": birth, "birth_year": birth.year, "birth_month": birth.month,
        "birth_day": birth.day, "birth_earliest": birth, "birth_latest": birth, "sex": sex,
        "personal_number": number, "personal_number_sex": sex, "personal_number_province": "024",
        "personal_number_birth_year": birth.year, "birth_place": "07276",
        "birth_place_province": "024", "full_name": " ".join(["Lê", *(SYLLABLES[i] for i in letters)]),
        "name_key": " ".join(["le", *(FOLDED[i] for i in letters)]), "ethnic": "01",
        "religion": "01", "nationality": "VN", "life_status": "1", "marital_status": "1",
        "permanent_unit_status": "in_force", "address_head": "Thôn Thử", "serial": serial,
        "father_name": f"Lê Văn {SYLLABLES[serial % 18]}", "mother_name": f"Trần {SYLLABLES[serial % 17]}",
    }  # fmt: skip


def years_old(person: Cells, on: dt.date) -> int:
    birth = person["birth_date"]
    return int(on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day)))


def finished(person: Cells, chance: random.Random, on: dt.date) -> Cells:
    """The documents and sector data that a person of that age may lawfully have."""
    serial, age = person.pop("serial"), years_old(person, on)
    person |= {
        "source": "population", "sources": ["population"], "list_date": on - 20 * DAY, "on_date": on,
        "last_confirmed": on - 30 * DAY, "updated_on": on - 50 * DAY,
        "bhxh_number": f"24{serial:08d}",
    }  # fmt: skip
    if age > 85 and chance.random() < 0.3:
        end = on - 200 * DAY
        person |= {
            "life_status": "2",
            "death_date": end,
            "bhyt_from": end - 99 * DAY,
            "bhyt_to": end,
        }
        person |= {
            "card_issued": end - 800 * DAY,
            "card_expires": end + DAY,
            "licence_issued": end - DAY,
        }
        person |= {
            "benefit_kind": "SA6C",
            "benefit_from": end - 90 * DAY,
            "benefit_to": end + 9 * DAY,
        }
        person |= {"marital_status": "3", "marriage_date": person["birth_date"] + 22 * 366 * DAY}
        person |= {"bank_account": f"12{serial:08d}", "bank_bin": "970405"}
    else:
        person |= papers(person, serial, age, on, chance)
    person["expected_fields"] = sorted(k for k, v in person.items() if v is not None)
    return person


def papers(person: Cells, serial: int, age: int, on: dt.date, chance: random.Random) -> Cells:
    code = "TE1" if age < 6 else "GD4"
    made: Cells = {
        "bhyt_card": f"{code}24{person['bhxh_number']}", "bhyt_from": dt.date(on.year, 1, 1),
        "bhyt_to": dt.date(on.year, 12, 31),
    }  # fmt: skip
    if 6 <= age < 18:
        made |= {
            "school": "Trường Thử",
            "student_code": f"24{serial:08d}",
            "school_class": f"{max(1, age - 5)}A",
        }
    if age >= 15:
        made |= {"card_issued": on - chance.randint(1, 300) * DAY, "card_expires": on + 900 * DAY}
        made |= {
            "phone": f"09{serial:08d}",
            "bank_account": f"10{serial:08d}",
            "bank_bin": "970405",
        }
    if age >= 20:
        later = on >= dt.date(2025, 7, 1)
        made |= {"tax_code": person["personal_number"] if later else f"80{serial:08d}"}
    if age >= 26:
        made |= {"old_number": f"12{serial:07d}", "event_kind": "move"}
        made |= {
            "event_date": on - 100 * DAY,
            "registered_on": on - 99 * DAY,
            "plate": f"98A{serial:05d}",
        }
    if 29 <= age < 75:
        made |= {
            "driving_licence": f"24{serial:010d}", "licence_class": chance.choice("BCD"),
            "licence_issued": on - 365 * DAY, "licence_expires": on + 1460 * DAY,
        }  # fmt: skip
    kinds = next(kinds for least, kinds in BENEFITS if age >= least)
    made |= {
        "benefit_kind": chance.choice(kinds),
        "benefit_amount": 540_000,
        "benefit_from": on - 20 * DAY,
    }
    if 45 <= age < 58:
        made |= {"card_issued": person["birth_date"] + 42 * 366 * DAY, "temporary_unit": "07277"}
    return made | ({} if age >= 15 else {"bank_account": f"11{serial:08d}", "bank_bin": "970405"})
