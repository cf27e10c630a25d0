"""Truth as the text of list cells: one Arrow text column per role, for chosen persons and a day.

Nothing here is wrong: dates, numbers, addresses and codes are written as the law would have them.
Every method answers an array as long as `people`; null means that the cell is empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dancu.province import places
from dancu.province.families import CHILD, GRANDFATHER, GRANDMOTHER, HUSBAND, MALE, WIFE, Ints
from dancu.province.numbers import Longs
from dancu.province.world import EPOCH, HOME_PROVINCE, OUTSIDE, World, real_province
from dancu.reference.codes import marital_status, relation_to_head, sex

_FIRST_DAY = -36_000
_LAST_DAY = 33_000
HEAD, FATHER, MOTHER, WIFE_OF, HUSBAND_OF, CHILD_OF, GRANDCHILD, OTHER = (
    "CH",
    "3",
    "4",
    "5",
    "6",
    "7",
    "11",
    "99",
)


@cache
def _calendar(pattern: str) -> pa.Array:
    first = EPOCH + timedelta(days=_FIRST_DAY)
    days = (first + timedelta(days=k) for k in range(_LAST_DAY - _FIRST_DAY))
    return pa.array([d.strftime(pattern) for d in days])


def dates(days: Ints, pattern: str = "%d/%m/%Y") -> pa.Array:
    """Days since 1970 as text; -1 (never) as null. The year 1969 ends with a day nobody needs."""
    index = pa.array(days.astype(np.int64) - _FIRST_DAY, mask=np.asarray(days == -1))
    return _calendar(pattern).take(index)


def digits(values: Longs | Ints, width: int) -> pa.Array:
    """Whole numbers as text padded with zeros; 0 as null."""
    text = pc.utf8_lpad(pa.array(values).cast(pa.string()), width, "0")
    return pc.if_else(pa.array(values != 0), text, None)


def words(choices: list[str] | tuple[str, ...], which: Ints) -> pa.Array:
    """One of the texts per row; a negative number is null."""
    return pa.array(choices, pa.string()).take(pa.array(which, mask=np.asarray(which < 0)))


def text(value: str, count: int) -> pa.Array:
    """The same text in every row."""
    return pa.repeat(pa.scalar(value), count)


def joined(*parts: pa.Array | str, by: str = "") -> pa.Array:
    """Texts side by side; null where a part is null."""
    return pc.binary_join_element_wise(*parts, by)


@dataclass(frozen=True)
class Cells:
    """The cells of some persons as a lawful list of the day would hold them."""

    world: World
    people: Ints
    on: int

    def __len__(self) -> int:
        return len(self.people)

    @cached_property
    def day(self) -> date:
        """The day the list speaks of."""
        return EPOCH + timedelta(days=self.on)

    @cached_property
    def home(self) -> Ints:
        """Place 0–208 on the day."""
        return self.world.home(self.on)[self.people]

    def number(self, of: Ints | None = None) -> pa.Array:
        """Personal number of the persons, or of those in `of` (-1: null)."""
        who = self.people if of is None else of
        return digits(np.where(who >= 0, self.world.number[np.maximum(who, 0)], 0), 12)

    def old_number(self) -> pa.Array:
        """Old 9-digit number; null for those who never had one."""
        return digits(self.world.old_number[self.people], 9)

    def name(self, of: Ints | None = None) -> pa.Array:
        """Full name of the persons, or of those in `of` (-1: null)."""
        who = self.people if of is None else of
        found = self.world.words.full(self.world.name, np.maximum(who, 0))
        return found if of is None else pc.if_else(pa.array(who >= 0), found, None)

    def name_parts(self) -> tuple[pa.Array, pa.Array]:
        """Surname with middle name, and given name, for lists with two columns."""
        first, middle, given = self.world.words.parts(self.world.name, self.people)
        return pc.utf8_trim_whitespace(joined(first, middle, by=" ")), given

    def father_name(self) -> pa.Array:
        """Name of everybody's father, also of one who lives nowhere in the province."""
        return self.world.words.full(self.world.father_name, self.people)

    def mother_name(self) -> pa.Array:
        """Name of everybody's mother."""
        return self.world.words.full(self.world.mother_name, self.people)

    def birth(self, pattern: str = "%d/%m/%Y") -> pa.Array:
        """Birth date."""
        return dates(self.world.family.birth[self.people], pattern)

    def sex(self) -> pa.Array:
        """`Nam` or `Nữ`."""
        return words(("", sex.label("1"), sex.label("2")), self.world.family.sex[self.people])

    def is_male(self) -> npt.NDArray[np.bool_]:
        """Whether each person is male."""
        return np.asarray(self.world.family.sex[self.people] == MALE)

    def ethnic(self) -> pa.Array:
        """Name of the ethnic group."""
        return words(self.world.groups, self.world.ethnic[self.people])

    def religion(self) -> pa.Array:
        """`Không`, `Công giáo` or `Phật giáo`."""
        return words(("Không", "Công giáo", "Phật giáo"), self.world.religion[self.people])

    def marital(self) -> pa.Array:
        """Marital status on the day."""
        labels = ("", *(marital_status.label(c) for c in "123"))
        return words(labels, self.world.married(self.on)[self.people])

    def partner(self) -> Ints:
        """Living spouse on the day, -1 for none."""
        spouse = self.world.family.spouse[self.people]
        return np.where(self.world.married(self.on)[self.people] == 2, spouse, -1)

    def relation(self) -> pa.Array:
        """Relation to the head of household, as its label."""
        codes = (HEAD, FATHER, MOTHER, WIFE_OF, HUSBAND_OF, CHILD_OF, GRANDCHILD, OTHER)
        labels = tuple(relation_to_head.label(c) for c in codes)
        return words(labels, relations(self.world)[self.people])

    def household(self) -> pa.Array:
        """Household number: three digits of the district, six of the household."""
        district = np.array([int(d) for d in places.districts()])[self.world.unit[self.people]]
        return digits(district * 1_000_000 + self.world.family.household[self.people] + 1, 9)

    def birth_place(self) -> pa.Array:
        """Place of birth registration: the commune of the home, or a place in another province."""
        known = list(_elsewhere())
        of = {code: k for k, code in enumerate(known)}
        local = [places.full(p) for p in places.places(places.FIRST)]
        away = [a for code in known for a in _elsewhere()[code]]
        where = self.world.birth_place[self.people]
        start = np.zeros(100, dtype=np.int64)
        start[known] = [len(local) + 20 * of[code] for code in known]
        born_in = self.world.born_in[self.people]
        index = np.where(where < 0, self.world.old_unit[self.people], start[born_in] + where)
        return words([*local, *away], index)

    def hamlet(self) -> pa.Array:
        """House number (wards only) and hamlet or group."""
        every = [h for hamlets in self.world.hamlets for h in hamlets]
        base = words(every, self.home * places.HAMLETS + self.world.hamlet[self.people])
        ward = np.array([h[0].startswith("Tổ dân phố số") for h in self.world.hamlets])[self.home]
        house = digits(self.world.house[self.people].astype(np.int64), 1)
        return pc.if_else(pa.array(ward), joined("Số ", house, ", ", base), base)

    def commune(self) -> pa.Array:
        """Commune with its kind, as named on the day."""
        return words([p.commune for p in places.places(self.day)], self.home)

    def commune_code(self) -> pa.Array:
        """Five digits of the commune in force on the day."""
        return words([p.code for p in places.places(self.day)], self.home)

    def district(self) -> pa.Array:
        """District with its kind; null since July 2025."""
        return words([p.district for p in places.places(self.day)], self.home)

    def address(self, style: str = "full") -> pa.Array:
        """Hamlet, commune, district, province in one cell; `style` full, short or dashed."""
        tail = [_styled(p, style) for p in places.places(self.day)]
        return joined(
            self.hamlet(), words(tail, self.home), by=" - " if style == "dashed" else ", "
        )

    def phone(self) -> pa.Array:
        """Mobile number with its leading zero."""
        return digits(self.world.phone[self.people], 10)


def _styled(place: places.Place, style: str) -> str:
    parts = [p for p in (place.commune, place.district, place.province) if p]
    if style == "short":
        for long, brief in _BRIEF:
            parts = [p.replace(long, brief) for p in parts]
    return (" - " if style == "dashed" else ", ").join(parts)


_BRIEF = (
    ("Phường ", "P. "),
    ("Thị trấn ", "TT "),
    ("Thành phố ", "TP. "),
    ("Thị xã ", "TX. "),
    ("Huyện ", "H. "),
    ("Xã ", "X. "),
    ("Tỉnh ", "T. "),
)


@cache
def _elsewhere() -> dict[int, tuple[str, ...]]:
    found = {code: places.elsewhere(real_province(code)) for code in OUTSIDE}
    return {code: (few * 20)[:20] for code, few in found.items()} | {HOME_PROVINCE: ("",) * 20}


def relations(world: World) -> Ints:
    """Relation of everybody to the head of the household: a place in the list of `relation`."""
    f = world.family
    head_seat = np.zeros(f.households, dtype=np.int32)
    head_seat[f.household[f.head]] = f.seat[f.head]
    head = head_seat[f.household]
    elder, child = f.seat <= GRANDMOTHER, f.seat >= CHILD
    head_elder = head <= GRANDMOTHER
    spouse = (head // 2 == f.seat // 2) & ~child
    return np.select(
        [
            f.head,
            spouse & (f.seat % 2 == 1),
            spouse,
            head_elder & (f.seat == HUSBAND),
            head_elder & (f.seat == WIFE),
            head_elder & child,
            child,
            elder & (head == HUSBAND) & (f.seat == GRANDFATHER),
            elder & (head == HUSBAND),
        ],
        [0, 3, 4, 5, 7, 6, 5, 1, 2],
        7,
    ).astype(np.int32)
