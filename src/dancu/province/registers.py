"""Lists kept for the whole province by one office: licences, vehicles, tax codes, union members."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dancu.formats.tax_code import PERSONAL_NUMBER_SINCE
from dancu.lib.text import strip_marks
from dancu.province import lists
from dancu.province.cells import Cells, dates, digits, joined, words
from dancu.province.families import Ints
from dancu.province.lists import Draft, day_of, draft_of
from dancu.province.world import World, birthday


def driving_licence(world: World, people: Ints) -> Draft:
    """Licence holders; this office writes capitals without marks."""
    c = Cells(world, people, day_of(world, "driving_licence"))
    kind = people % 5
    kind = np.where(kind >= 4, 2, np.where(kind == 3, 1, 0))  # A1 60 %, B2 20 %, C 20 %
    grown = birthday(world.family.birth[people], 21) + 5
    # B2 and C still hold on the asked day, not only on the day of the list.
    span = np.array([4200, 3450, 1650])[kind] - (world.on - c.on)
    luck = (people.astype(np.int64) * 48_271 % 9_973) / 9_973
    issued = (
        np.maximum(grown, c.on - span)
        + luck * np.maximum(c.on - 3 - np.maximum(grown, c.on - span), 0)
    ).astype(np.int64)
    years = np.array([0, 10, 5])[kind]
    ends = np.where(kind == 1, birthday(issued, 10), birthday(issued, 5))
    year = issued.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) % 100 + 70
    stem = (24 * 10 + (world.family.sex[people] - 1)) * 100 + year % 100
    columns = {
        "driving_licence": digits(stem * 10_000_000 + people.astype(np.int64) + 1, 12),
        "full_name": unmarked(c.name()),
        "birth_date": c.birth(),
        "id_number": c.number(),
        "licence_class": words(("A1", "B2", "C"), kind),
        "licence_issued": dates(issued),
        "licence_expires": dates(np.where(years > 0, ends, -1)),
        "address": c.address("short"),
    }
    return draft_of("driving_licence", c, columns, np.zeros(len(c), dtype=np.int32))


def unmarked(names: pa.Array) -> pa.Array:
    """Capitals without marks, as old systems print names."""
    distinct = names.dictionary_encode()
    plain = pa.array([strip_marks(t).upper() for t in distinct.dictionary.to_pylist()])
    return plain.take(distinct.indices)


def vehicle(world: World, people: Ints) -> Draft:
    """One vehicle a row: motorbikes and, one in six, cars; registered after the 18th birthday."""
    c = Cells(world, people, day_of(world, "vehicle"))
    rank = np.arange(len(c), dtype=np.int64)
    car = rank % 6 == 0
    five = digits(10_000 + rank * 7_919 % 90_000, 5)
    tail = joined(pc.utf8_slice_codeunits(five, 0, 3), ".", pc.utf8_slice_codeunits(five, 3, 5))
    block = rank // 90_000
    bike = joined(
        "98-",
        words(("B1", "B2", "B3", "K1", "D1", "F1", "H1", "E1"), (block % 8).astype(np.int32)),
        " ",
        tail,
    )
    auto = joined("98", words(("A", "C", "D", "B"), (block % 4).astype(np.int32)), "-", tail)
    grown = birthday(world.family.birth[people], 18) + 10
    luck = (people.astype(np.int64) * 48_271 % 9_973) / 9_973
    # Five years after the registration a rule asks whether the record still holds.
    first = np.maximum(grown, c.on - 1700)
    registered = (first + luck * np.maximum(c.on - 3 - first, 0)).astype(np.int64)
    columns = {
        "plate": pc.if_else(pa.array(car), auto, bike),
        "full_name": c.name(),
        "id_number": c.number(),
        "address": c.address(),
        "phone": c.phone(),
        "updated_on": dates(registered),
    }
    return draft_of("vehicle", c, columns, np.zeros(len(c), dtype=np.int32))


def tax(world: World, people: Ints) -> Draft:
    """Tax payers: a code of ten digits (its check digit right), since July 2025 their number."""
    c = Cells(world, people, day_of(world, "tax"))
    own = c.day >= PERSONAL_NUMBER_SINCE
    columns = {
        "tax_code": c.number() if own else digits(tax_codes(len(c)), 10),
        "full_name": c.name(),
        "birth_date": c.birth(),
        "sex": c.sex(),
        "personal_number": c.number(),
        "address": c.address(),
        "phone": c.phone(),
    }
    return draft_of("tax", c, columns, np.zeros(len(c), dtype=np.int32))


def tax_codes(count: int) -> npt.NDArray[np.int64]:
    """Different codes of office 24, from the end of its range; a check of 10 is never issued."""
    stem = 249_500_000 + np.arange(count + count // 8 + 40, dtype=np.int64)
    weights = np.array([31, 29, 23, 19, 17, 13, 7, 5, 3])
    figures = stem[:, None] // 10 ** np.arange(8, -1, -1) % 10
    check = 10 - (figures * weights).sum(axis=1) % 11
    found = (stem * 10 + check)[check < 10]
    return np.asarray(found[:count])


def civic_members(world: World, people: Ints) -> Draft:
    """Members of the farmers' union: name, year in the column of the sex, hamlet; few numbers."""
    c = Cells(world, people, day_of(world, "civic_members"))
    joined_on = birthday(world.family.birth[people], 19) + people % 900
    columns = {
        "full_name": c.name(),
        "birth_date": c.birth(),
        "sex": c.sex(),
        "personal_number": c.number(),
        "hamlet": c.hamlet(),
        "commune": c.commune(),
        "district": c.district(),
        "registered_on": dates(np.minimum(joined_on, c.on - 9)),
    }
    return draft_of("civic_members", c, columns, np.zeros(len(c), dtype=np.int32))


BUILDERS = {
    "social_insurance": lists.social_insurance,
    "health": lists.health,
    "education": lists.education,
    "social_benefits": lists.social_benefits,
    "driving_licence": driving_licence,
    "vehicle": vehicle,
    "tax": tax,
    "civic_members": civic_members,
}
