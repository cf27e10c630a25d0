"""Names by frequency with age: every name is three small numbers (surname, middle, given).

Frequencies come from `reference.names` (young people of all regions), so births before about 1990
are drawn towards Văn and Thị and towards `data/older_given_names.csv`. Northern forms only
(Hoàng, Vũ; not Huỳnh, Võ); Giáp and Thân are made as common as they are around Bắc Giang.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dancu.province.families import FEMALE, MALE, Families, Ints
from dancu.province.tables import rows
from dancu.reference import names

_LOCAL = {"Giáp": 0.03, "Thân": 0.025, "Huỳnh": 0.0, "Võ": 0.0}
_COMMONEST = {MALE: ("Văn", 0.75), FEMALE: ("Thị", 0.9)}


@dataclass(frozen=True)
class Lexicon:
    """The parts of names, and the weights to draw them with."""

    surnames: tuple[str, ...]
    middles: tuple[str, ...]
    givens: tuple[str, ...]

    def full(self, name: Name, rows_of: Ints) -> pa.Array:
        """`Họ Đệm Tên` as text for some of the rows."""
        parts = self.parts(name, rows_of)
        joined = pc.binary_join_element_wise(*parts, " ")
        return pc.replace_substring(joined, "  ", " ")

    def parts(self, name: Name, rows_of: Ints) -> tuple[pa.Array, pa.Array, pa.Array]:
        """Surname, middle name (may be empty) and given name as text."""
        return (
            pa.array(self.surnames).take(pa.array(name.surname[rows_of])),
            pa.array(self.middles).take(pa.array(name.middle[rows_of])),
            pa.array(self.givens).take(pa.array(name.given[rows_of])),
        )


@dataclass(frozen=True)
class Name:
    """Numbers into the lexicon, one per person."""

    surname: Ints
    middle: Ints
    given: Ints


def lexicon() -> Lexicon:
    """Every part that can be drawn, in a fixed order."""
    surnames = {s.text for s in names.surnames()} | {r["surname"] for r in rows(_ETHNIC)}
    givens = {g.text for g in names.given_names()} | {r["given"] for r in rows(_OLDER)}
    middles = {m.text for m in names.middle_names()} | {"Văn", "Thị"}
    return Lexicon(tuple(sorted(surnames)), tuple(sorted(middles)), tuple(sorted(givens)))


_ETHNIC, _OLDER = "ethnic_surnames.csv", "older_given_names.csv"


def people(
    rng: np.random.Generator, words: Lexicon, family: Families, groups: tuple[str, ...],
    ethnic: Ints, year: Ints,
) -> Name:  # fmt: skip
    """Names of all persons: children carry the father's surname (one in twenty the mother's)."""
    surname = surnames(rng, words, groups, ethnic)
    for seat in (2, 4, 5, 6, 7):
        at = np.flatnonzero(family.seat == seat).astype(np.int32)
        surname[at] = _inherited(rng, surname, family, at)
    middle, given = first_names(rng, words, family.sex, year)
    twin = np.flatnonzero(family.twin[1:] & family.twin[:-1] & (family.seat[1:] == 5)) + 1
    same = twin[family.sex[twin] == family.sex[twin - 1]]
    middle[same] = middle[same - 1]
    _told_apart(given, family, np.arange(len(given), dtype=np.int32))
    return Name(surname, middle, given)


def _told_apart(given: Ints, family: Families, everyone: Ints) -> None:
    """Nobody bears the given name of a parent (taboo) or of the brother or sister born before.

    The name goes round to that of another person of the sex, until nobody is left.
    """
    elder = np.where(
        (family.seat > 4) & (np.roll(family.household, 1) == family.household), everyone - 1, -1
    )
    for step in range(1, 40):
        clash = np.zeros(len(given), dtype=bool)
        for kin in (family.father, family.mother, elder):
            clash |= (kin >= 0) & (given == given[np.maximum(kin, 0)])
        for sex in (MALE, FEMALE):
            at = np.flatnonzero(family.sex == sex)
            hit = np.flatnonzero(clash[at])
            given[at[hit]] = given[at[(hit + 7 * step) % len(at)]]


def _inherited(rng: np.random.Generator, surname: Ints, family: Families, at: Ints) -> Ints:
    father, mother = family.father[at], family.mother[at]
    from_mother = (mother >= 0) & (rng.random(len(at)) < np.where(father >= 0, 0.05, 0.6))
    parent = np.where(from_mother, mother, father)
    return np.where(parent >= 0, surname[np.maximum(parent, 0)], surname[at])


def surnames(
    rng: np.random.Generator, words: Lexicon, groups: tuple[str, ...], ethnic: Ints
) -> Ints:
    """A surname for each person of an ethnic group, independent of kin."""
    place = {text: i for i, text in enumerate(words.surnames)}
    found = np.zeros(len(ethnic), dtype=np.int32)
    for number, group in enumerate(groups):
        at = np.flatnonzero(ethnic == number)
        weight = np.zeros(len(words.surnames))
        for text, share in _surname_weights(group).items():
            weight[place[text]] = share
        found[at] = rng.choice(len(weight), len(at), p=weight / weight.sum())
    return found


def _surname_weights(group: str) -> dict[str, float]:
    own = {r["surname"]: float(r["weight"]) for r in rows(_ETHNIC) if r["ethnic"] == group}
    if own:
        return own
    counted = {s.text: float(s.total) for s in names.surnames()}
    people = names.surname_population()
    both = {t: (c * people.get(t, 0)) ** 0.5 or c * 0.2 for t, c in counted.items()}
    total = sum(both.values())
    return both | {t: share * total for t, share in _LOCAL.items() if t in both}


def first_names(
    rng: np.random.Generator, words: Lexicon, sex: Ints, year: Ints
) -> tuple[Ints, Ints]:
    """Middle and given names by sex and birth year."""
    middle = np.zeros(len(sex), dtype=np.int32)
    given = np.zeros(len(sex), dtype=np.int32)
    for which in (MALE, FEMALE):
        at = np.flatnonzero(sex == which)
        common, most = _COMMONEST[which]
        plain = (
            rng.random(len(at))
            < np.interp(year[at], [1955, 1970, 1990, 2002], [1, 0.85, 0.35, 0]) * most
        )
        young = rng.choice(len(words.middles), len(at), p=_middle_weights(words, which))
        middle[at] = np.where(plain, words.middles.index(common), young)
        old = rng.random(len(at)) < np.interp(
            year[at], [1950, 1975, 1995, 2005], [0.95, 0.6, 0.15, 0]
        )
        young = rng.choice(len(words.givens), len(at), p=_given_weights(words, which))
        older = rng.choice(len(words.givens), len(at), p=_older_weights(words, which))
        given[at] = np.where(old, older, young)
    return middle, given


def _normal(weights: list[float]) -> npt.NDArray[np.float64]:
    found = np.array(weights, dtype=np.float64)
    return np.asarray(found / found.sum())


def _middle_weights(words: Lexicon, sex: int) -> npt.NDArray[np.float64]:
    known = {m.text: m.male if sex == MALE else m.female for m in names.middle_names()}
    return _normal([known.get(t, 0) for t in words.middles])


def _given_weights(words: Lexicon, sex: int) -> npt.NDArray[np.float64]:
    known = {g.text: g.male if sex == MALE else g.female for g in names.given_names()}
    return _normal([known.get(t, 0) for t in words.givens])


def _older_weights(words: Lexicon, sex: int) -> npt.NDArray[np.float64]:
    column = "male" if sex == MALE else "female"
    known = {r["given"]: float(r[column]) for r in rows(_OLDER)}
    return _normal([known.get(t, 0.0) for t in words.givens])
