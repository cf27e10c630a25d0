"""From the heading of a column to the role it plays, whatever the spelling.

A source's own headings (`sector.yml`) come first, then the common ones
(`reference/data/headings.csv`). "Nam" is not "Năm": letters with their marks are compared first,
folded letters after, close spellings last. Headings typed in TCVN3, VNI or VISCII are read too.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from typing import Final

from rapidfuzz import fuzz, process

from dancu.engine.spec import SectorSpec
from dancu.lib.legacy_encodings import ENCODINGS, decode
from dancu.lib.syllable import order_marks
from dancu.lib.text import key, nfc

_BRACKETS: Final = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_NUMBERING: Final = re.compile(r"^\s*(\(\d+\)|\d+[.)]|[IVX]+\.)\s*")
_LETTERS: Final = re.compile(r"[^\w]+|_")
# `HoVaTen.Ho` is a part of a message, near in letters to another field and far in meaning.
_PATH: Final = re.compile(r"\w\.[A-Z]")
_LEAST_FUZZY: Final = 7
_LONGEST: Final = 200
# Thousands of files share a layout; the cells of people met on the way are soon forgotten.
_MEMORY: Final = 2_000
_CLOSE: Final = 88.0
OWN, COMMON, UNDECLARED = 1.0, 0.9, 0.6


@dataclass(frozen=True)
class Thesaurus:
    """Spelling -> role and its weight: with marks, and folded (only where one role claims it)."""

    marked: Mapping[str, tuple[str, float]]
    folded: Mapping[str, tuple[str, float]]
    _known: dict[str, tuple[str, float] | None] = field(default_factory=dict, compare=False)

    def find(self, heading: str) -> tuple[str, float] | None:
        """The role a heading names, and how sure (0 to 1)."""
        if heading not in self._known:
            if len(self._known) >= _MEMORY:
                self._known.clear()
            self._known[heading] = self._find(heading)
        return self._known[heading]

    def _find(self, heading: str) -> tuple[str, float] | None:
        if len(heading) > _LONGEST:
            return None
        for text, weight in _spellings(heading):
            hit = self._exact(text)
            if hit:
                return hit[0], hit[1] * weight
        return self._close(heading)

    def _exact(self, text: str) -> tuple[str, float] | None:
        hit = self.marked.get(_marked_key(text))
        if hit:
            return hit
        plain = key(text)
        hit = self.folded.get(plain)
        if hit is None or (len(plain) < 5 and not text.isascii()):
            return None  # "Năm" folds to "nam": short words need their marks
        return hit[0], hit[1] * 0.97

    def _close(self, heading: str) -> tuple[str, float] | None:
        plain = key(_without_extras(heading))
        if not _LEAST_FUZZY <= len(plain) <= 40 or _PATH.search(heading):
            return None
        best = process.extractOne(plain, self.folded.keys(), scorer=fuzz.ratio, score_cutoff=_CLOSE)
        if best is None or len(best[0]) < _LEAST_FUZZY:
            return None
        role, weight = self.folded[best[0]]
        return role, weight * 0.7 * best[1] / 100


def _spellings(heading: str) -> list[tuple[str, float]]:
    """The heading as given, without brackets and numbering, and read in the old encodings."""
    ways = [(heading, 1.0), (_without_extras(heading), 0.97)]
    if not heading.isascii():
        ways += [(decode(heading, name), 0.93) for name in ENCODINGS]
        ways += [(_without_extras(decode(heading, name)), 0.9) for name in ENCODINGS]
    return ways


def _without_extras(heading: str) -> str:
    return _NUMBERING.sub("", _BRACKETS.sub(" ", heading)).strip()


@lru_cache(maxsize=20_000)
def _marked_key(text: str) -> str:
    return _LETTERS.sub("", order_marks(nfc(text)).lower())


@cache
def common_headings() -> tuple[tuple[str, str], ...]:
    """(role, heading) pairs that any office may write."""
    text = resources.files("dancu.reference").joinpath("data/headings.csv").read_text("utf-8")
    return tuple((row["role"], row["heading"]) for row in csv.DictReader(text.splitlines()))


Entry = tuple[str, str, float]
Assignment = dict[int, tuple[str, float]]


def thesaurus(spec: SectorSpec | None) -> Thesaurus:
    """The headings known for a source: its own, then the common ones; for None only the common."""
    return _built(_own(spec) if spec else (), frozenset(spec.columns) if spec else None)


def union(specs: Iterable[SectorSpec]) -> Thesaurus:
    """Every heading of every source: enough to see which row is the heading row."""
    return _built(tuple(dict.fromkeys(entry for spec in specs for entry in _own(spec))), None)


def only(pairs: Iterable[tuple[str, str]]) -> Thesaurus:
    """These (role, heading) pairs and no others: for lists that are not of persons."""
    return _of([(role, heading, OWN) for role, heading in pairs])


def _own(spec: SectorSpec) -> tuple[Entry, ...]:
    return tuple((role, text, OWN) for role, texts in spec.columns.items() for text in texts)


@lru_cache(maxsize=64)
def _built(own: tuple[Entry, ...], declared: frozenset[str] | None) -> Thesaurus:
    common = [
        (role, heading, COMMON if declared is None or role in declared else UNDECLARED)
        for role, heading in common_headings()
    ]
    return _of(sorted([*own, *common], key=lambda entry: -entry[2]))


def _of(entries: Sequence[Entry]) -> Thesaurus:
    marked: dict[str, tuple[str, float]] = {}
    for role, heading, weight in entries:
        marked.setdefault(_marked_key(heading), (role, weight))
    return Thesaurus(marked, _unambiguous(entries))


def _unambiguous(entries: Sequence[Entry]) -> dict[str, tuple[str, float]]:
    """Folded spellings; of two roles with equal claim neither gets it."""
    table: dict[str, tuple[str, float]] = {}
    torn: set[str] = set()
    for role, heading, weight in entries:
        known = table.setdefault(key(heading), (role, weight))
        if known[0] != role and known[1] == weight:
            torn.add(key(heading))
    return {plain: hit for plain, hit in table.items() if plain not in torn}


def assign(columns: Sequence[Sequence[str]], known: Thesaurus) -> Assignment:
    """Column -> (role, confidence). `columns`: for each its heading and other ways to say it.

    A role goes to one column only: the surer one, then the one further left.
    """
    claims = []
    for at, ways in enumerate(columns):
        for rank, heading in enumerate(ways):
            hit = known.find(heading) if heading else None
            if hit:
                claims.append((-hit[1] * (1 - 0.02 * rank), at, hit[0]))
    given: Assignment = {}
    taken: set[str] = set()
    for score, at, role in sorted(claims):
        if at not in given and role not in taken:
            given[at] = (role, -score)
            taken.add(role)
    return _year_alone(given)


def _year_alone(given: Assignment) -> Assignment:
    """ "Năm sinh" with neither day nor month beside it is the birth date, to the year."""
    roles = {role: at for at, (role, _) in given.items()}
    alone = {"birth_date", "birth_day_part", "birth_month_part"}.isdisjoint(roles)
    if "birth_year_part" in roles and alone:
        at = roles["birth_year_part"]
        given[at] = ("birth_date", given[at][1])
    if "given_name" in roles and {"surname_middle", "full_name"}.isdisjoint(roles):
        given[roles["given_name"]] = ("full_name", 0.6)
    return given
