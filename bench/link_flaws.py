"""Records of the invented people in five registers, with what goes wrong in writing them down, at stated rates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from bench.link_people import ETHNIC, Ints, People, named_alike, people, pick, words

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Register:
    """One list. Shares of its records; `care` multiplies every rate of `FLAWS`; a person stands in it once."""

    share: float  # of the people (of the adults, if `adults`)
    adults: bool
    care: float
    stale: float  # of the people who moved: still at the old address
    no_number: float
    old_number: float  # of those who have one
    bhxh: float
    household: float
    phone: float
    parents: float
    ethnic: float
    lost_marks: float
    upper: float


REGISTERS = {
    #                            share  adults care stale no_nr old_nr bhxh  hhold phone parent ethnic marks upper
    "population":       Register(0.93, False, 0.5, 0.25, 0.07, 0.30, 0.00, 0.90, 0.35, 0.70, 0.95, 0.01, 0.00),
    "health":           Register(0.315,False, 1.0, 0.60, 0.50, 0.06, 0.55, 0.20, 0.35, 0.12, 0.10, 0.10, 0.05),
    "social_insurance": Register(0.195, True, 1.0, 0.70, 0.35, 0.25, 0.90, 0.08, 0.40, 0.05, 0.10, 0.12, 0.10),
    "driving_licence":  Register(0.122, True, 1.3, 0.80, 0.70, 0.30, 0.00, 0.00, 0.35, 0.00, 0.00, 0.15, 0.90),
    "civil_status":     Register(0.03, False, 0.8, 0.30, 0.40, 0.10, 0.00, 0.25, 0.15, 0.60, 0.60, 0.03, 0.00),
}  # fmt: skip

FLAWS = {
    "one tone mark wrong": 0.015,
    "one letter slipped": 0.018,
    "middle name left out": 0.020,
    "part of a long middle name left out": 0.100,
    "another middle name": 0.006,
    "given name heard as another": 0.014,
    "surname wrong": 0.003,
    "words in another order": 0.004,
    "words in another order, minority": 0.160,
    "small letters only": 0.020,
    "parent's name slipped": 0.040,
    "parent's marks lost": 0.080,
    "01/01 for an unknown day": 0.008,
    "day and month swapped": 0.010,
    "wrong day": 0.012,
    "wrong month": 0.008,
    "wrong year": 0.012,
    "a full date for who knows only the year": 0.150,
    "number with one digit wrong": 0.008,
    "number with two digits swapped": 0.003,
    "number of another of the household": 0.004,
    "number of a stranger": 0.001,
    "sex wrong": 0.005,
    "sex missing": 0.020,
    "commune wrong": 0.015,
    "commune missing": 0.040,
    "phone wrong": 0.020,
}  # fmt: skip


def draw(count: int, seed: int = 7) -> tuple[pa.Table, npt.NDArray[np.int64]]:
    """(records with the columns that linking reads, true person of each) of `count` invented people."""
    rng = np.random.default_rng(seed)
    everyone = people(count, rng)
    parts, truth = [], []
    adult = everyone.born < np.datetime64("2006-01-01")
    for name, register in REGISTERS.items():
        listed = rng.random(count) < register.share
        who = np.flatnonzero(listed & adult if register.adults else listed)
        parts.append(_Writer(everyone, who, register, rng).table(name))
        truth.append(who)
    order = rng.permutation(sum(len(part) for part in parts))
    table = pa.concat_tables(parts).take(pa.array(order))
    ids = pa.array(np.arange(1, len(table) + 1))
    return table.add_column(0, "record_id", ids), np.concatenate(truth)[order]


class _Writer:
    """Writes down some people for one register."""

    def __init__(
        self, everyone: People, who: Ints, register: Register, rng: np.random.Generator
    ) -> None:
        self.all, self.who, self.register, self.rng = everyone, who, register, rng

    def table(self, source: str) -> pa.Table:
        """The records, with nothing missing but what the rates say."""
        made, r = self.all, self.register
        stale = made.moved[self.who] & self._chance(r.stale)
        commune = np.where(stale, made.old_commune[self.who], made.commune[self.who])
        home = np.where(stale, made.old_household[self.who], made.household[self.who])
        stray = self.rng.integers(0, made.commune.max() + 1, len(self.who))
        commune = np.where(self._flaw("commune wrong"), stray, commune)
        sex = made.sex[self.who]
        sex = np.where(self._flaw("sex wrong"), 3 - sex, sex)
        year, month, day, only_year = self._dates()
        old = made.old_number[self.who]
        bhxh = made.bhxh_number[self.who]
        return pa.table(
            {
                "source": pa.repeat(pa.scalar(source), len(self.who)),
                "personal_number": _digits(self._numbers(), 12, self._chance(r.no_number)),
                "old_number": _digits(
                    self._slipped(old), 9, (old == 0) | ~self._chance(r.old_number)
                ),
                "bhxh_number": _digits(self._slipped(bhxh), 10, ~self._chance(r.bhxh)),
                "full_name": self._names(),
                "birth_year": pa.array(year, pa.int16()),
                "birth_month": pa.array(month, pa.int8(), mask=only_year),
                "birth_day": pa.array(day, pa.int8(), mask=only_year),
                "sex": _digits(sex, 1, self._flaw("sex missing")),
                "unit_code": _digits(commune + 7000, 5, self._flaw("commune missing")),
                "household_number": _digits(home, 8, ~self._chance(r.household)),
                "phone": _digits(900_000_000 + self._phones(), 10, ~self._chance(r.phone)),
                "father_name": self._parent(made.father),
                "mother_name": self._parent(made.mother),
                "ethnic": pa.array(ETHNIC).take(
                    pa.array(made.ethnic[self.who], mask=~self._chance(r.ethnic))
                ),
            }
        )

    def _chance(self, share: float) -> Flags:
        return self.rng.random(len(self.who)) < share

    def _flaw(self, name: str) -> Flags:
        return self._chance(FLAWS[name] * self.register.care)

    def _names(self) -> pa.Array:
        made, rng = self.all, self.rng
        surname, middle, given = (
            part[self.who].copy() for part in (made.surname, made.middle, made.given)
        )
        heard = np.flatnonzero(self._flaw("given name heard as another"))
        given[heard] = named_alike(given[heard], rng)
        for name, part, kind in (
            ("another middle name", middle, "middle"),
            ("surname wrong", surname, "surname"),
        ):
            here = np.flatnonzero(self._flaw(name))
            part[here] = pick(kind, made.sex[self.who[here]], rng)
        middle[self._flaw("middle name left out")] = 0
        minority = self._flaw("words in another order, minority") & (made.ethnic[self.who] > 0)
        parts = [surname, self._shortened(middle), given]
        turned = minority | self._flaw("words in another order")
        parts = [np.where(turned, parts[k], parts[j]) for j, k in enumerate((2, 0, 1))]
        texts = _spelled(parts, self._chance(self.register.lost_marks))
        texts = _changed(texts, self._flaw("one letter slipped"), _slip, rng)
        texts = _changed(texts, self._flaw("one tone mark wrong"), _other_mark, rng)
        texts = pc.if_else(pa.array(self._flaw("small letters only")), pc.utf8_lower(texts), texts)
        return pc.if_else(pa.array(self._chance(self.register.upper)), pc.utf8_upper(texts), texts)

    def _shortened(self, middle: Ints) -> Ints:
        """Thị Thanh written as Thị or Thanh, where that is a middle name too."""
        texts = words().texts.to_pylist()
        place = {text: code for code, text in enumerate(texts)}
        first, last = (
            np.array(
                [place.get(text.split(" ")[k], c) if text else 0 for c, text in enumerate(texts)]
            )
            for k in (0, -1)
        )
        short = self._flaw("part of a long middle name left out")
        return np.where(short, np.where(self._chance(0.5), first[middle], last[middle]), middle)

    def _parent(self, names: Ints) -> pa.Array:
        texts = _spelled(list(names[self.who].T), self._flaw("parent's marks lost"))
        texts = _changed(texts, self._flaw("parent's name slipped"), _slip, self.rng)
        return pc.if_else(pa.array(self._chance(self.register.parents)), texts, None)

    def _dates(self) -> tuple[Ints, Ints, Ints, Flags]:
        """(year, month, day, only the year is written)."""
        born, rng, n = self.all.born[self.who], self.rng, len(self.who)
        year = born.astype("datetime64[Y]").astype(np.int64) + 1970
        month = born.astype("datetime64[M]").astype(np.int64) % 12 + 1
        day = (born - born.astype("datetime64[M]")).astype(np.int64) + 1
        day = np.where(self._flaw("wrong day"), rng.integers(1, 29, n), day)
        month = np.where(self._flaw("wrong month"), rng.integers(1, 13, n), month)
        swapped = self._flaw("day and month swapped") & (day <= 12)
        month, day = np.where(swapped, day, month), np.where(swapped, month, day)
        year = year + np.where(
            self._flaw("wrong year"), rng.choice([-10, -2, -1, -1, 1, 1, 2, 10], n), 0
        )
        only = self.all.year_only[self.who] & ~self._flaw("a full date for who knows only the year")
        first = self._flaw("01/01 for an unknown day") | (only & self._chance(0.15))
        return year, np.where(first, 1, month), np.where(first, 1, day), only & ~first

    def _numbers(self) -> Ints:
        made, rng, n = self.all, self.rng, len(self.who)
        number = self._slipped(made.number[self.who])
        neighbour = np.minimum(self.who + 1, len(made.number) - 1)
        same_home = made.household[neighbour] == made.household[self.who]
        theirs = self._flaw("number of another of the household") & same_home
        number = np.where(theirs, made.number[neighbour], number)
        stranger = made.number[rng.integers(0, len(made.number), n)]
        return np.where(self._flaw("number of a stranger"), stranger, number)

    def _slipped(self, number: Ints) -> Ints:
        """One digit of the last six wrong in some, two neighbours swapped in others."""
        rng, n = self.rng, len(number)
        one = 10 ** rng.integers(0, 6, n)
        digit, next_digit = number // one % 10, number // one // 10 % 10
        wrong = number + one * ((digit + rng.integers(1, 10, n)) % 10 - digit)
        swapped = number + one * (next_digit - digit) + 10 * one * (digit - next_digit)
        number = np.where(self._flaw("number with two digits swapped"), swapped, number)
        return np.where(self._flaw("number with one digit wrong"), wrong, number)

    def _phones(self) -> Ints:
        made, n = self.all, len(self.who)
        newer = (made.new_phone[self.who] >= 0) & ~self._chance(self.register.stale)
        phone = np.where(newer, made.new_phone[self.who], made.phone[self.who])
        return np.where(self._flaw("phone wrong"), self.rng.integers(0, 10**8, n), phone)


def _digits(values: Ints, width: int, missing: Flags) -> pa.Array:
    texts = pc.utf8_lpad(pa.array(values).cast(pa.string()), width, "0")
    return pc.if_else(pa.array(missing), None, texts)


def _spelled(parts: list[Ints], bare: Flags) -> pa.Array:
    """Names out of the codes of their parts, without marks where `bare`."""
    known = words()
    columns = []
    for part in parts:
        code = pa.array(part)
        text = pc.if_else(pa.array(bare), known.bare.take(code), known.texts.take(code))
        columns.append(pc.if_else(pa.array(part == 0), None, text))
    return pc.binary_join_element_wise(*columns, " ", null_handling="skip")


def _changed(texts: pa.Array, where: Flags, change, rng: np.random.Generator) -> pa.Array:  # type: ignore[no-untyped-def]
    few = texts.filter(pa.array(where)).to_pylist()
    draws = rng.random((len(few), 3)).tolist()
    made = [change(text, *d) for text, d in zip(few, draws, strict=True)]
    return pc.replace_with_mask(texts, pa.array(where), pa.array(made, pa.string()))


def _slip(text: str, where: float, how: float, letter: float) -> str:
    """A letter left out, doubled, changed, or two neighbours swapped; the first letter of the name stays."""
    i = 1 + int(where * (len(text) - 1))
    if i >= len(text) or text[i] == " ":
        i = max(len(text) - 1, 0)
    if how < 0.3:
        return text[:i] + text[i + 1 :]
    if how < 0.45:
        return text[:i] + text[i] + text[i:]
    if how < 0.7 and i + 1 < len(text) and text[i + 1] != " ":
        return text[:i] + text[i + 1] + text[i] + text[i + 2 :]
    return text[:i] + "aeiouynhgtmlcr"[int(letter * 14)] + text[i + 1 :]


_MARKS = ("aàáảãạ", "ăằắẳẵặ", "âầấẩẫậ", "eèéẻẽẹ", "êềếểễệ", "iìíỉĩị", "oòóỏõọ", "ôồốổỗộ", "ơờớởỡợ",
          "uùúủũụ", "ưừứửữự", "yỳýỷỹỵ")  # fmt: skip
_ROW = {letter: row for row in _MARKS for letter in row}


def _other_mark(text: str, where: float, how: float, _: float) -> str:
    """One vowel with another tone."""
    vowels = [i for i, letter in enumerate(text) if letter in _ROW]
    if not vowels:
        return text
    i = vowels[int(where * len(vowels))]
    return text[:i] + _ROW[text[i]][int(how * 6)] + text[i + 1 :]
