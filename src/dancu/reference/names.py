"""Vietnamese names as counted data: surnames, middle and given names by sex, compound surnames.

Source and licence: `data/names/` (MIT, see NOTICE; `more_surnames.csv` is ours). Counts come from
40,496 young people; they weigh names for an invented province and tell a surname from a given name,
they describe nobody.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from dancu.lib.text import fold


@dataclass(frozen=True)
class NameCount:
    """How many men and women of the sample bear one name part."""

    text: str
    male: int
    female: int

    @property
    def total(self) -> int:
        return self.male + self.female


def _read(name: str) -> list[list[str]]:
    text = files("dancu.reference").joinpath("data", "names", name).read_text(encoding="utf-8")
    return list(csv.reader(text.splitlines()))[1:]


def _counts(name: str) -> tuple[NameCount, ...]:
    return tuple(NameCount(row[0], int(row[1]), int(row[2])) for row in _read(name))


@cache
def surnames() -> tuple[NameCount, ...]:
    """Surnames, most frequent first."""
    return _counts("surnames.csv")


@cache
def middle_names() -> tuple[NameCount, ...]:
    """Middle names, also of two syllables; an empty text is `no middle name`."""
    return _counts("middle_names.csv")


@cache
def given_names() -> tuple[NameCount, ...]:
    """Given names (the last syllable)."""
    return _counts("given_names.csv")


@cache
def surname_population() -> Mapping[str, int]:
    """Surname -> estimated people in the country (an estimate without a stated origin)."""
    rows = _read("surname_population_estimate.csv")
    return MappingProxyType({row[0]: int(row[1]) for row in rows})


@cache
def compound_surnames() -> frozenset[str]:
    """Surnames of two syllables that are one unit: Tôn Nữ, Tôn Thất, Âu Dương …"""
    return frozenset(row[0] for row in _read("more_surnames.csv") if row[1] == "compound")


@cache
def known_surnames() -> frozenset[str]:
    """Every surname that is listed anywhere here, in its standard spelling.

    >>> {"Nguyễn", "Tôn Nữ", "Giáp", "Vàng", "Sùng"} <= known_surnames()
    True
    """
    counted = {count.text for count in surnames()} | set(surname_population())
    more = {row[0] for row in _read("more_surnames.csv") if row[1] != "clan_last"}
    return frozenset(counted | more)


@cache
def clans_last() -> frozenset[str]:
    """Clans of the Ê Đê and Gia Rai, which stand after the given name: Niê, Mlô, Êban …"""
    return frozenset(row[0] for row in _read("more_surnames.csv") if row[1] == "clan_last")


@cache
def surname_keys() -> frozenset[str]:
    """`known_surnames` without marks, for names typed without marks."""
    return frozenset(fold(name) for name in known_surnames())
