"""Two names: what a clerk would say of the difference. The levels are those of matching (`engine.link`)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import numpy as np

from dancu.engine.link import names
from dancu.engine.link.settings import LEVELS
from dancu.engine.link.similarity import name_level, one_edit
from dancu.engine.verify.model import Verdict
from dancu.formats import person_name
from dancu.formats.errors import FormatError
from dancu.lib.text import fold, nfc, strip_marks

Said = tuple[Verdict, str]
_ASCII = re.compile(r"[^A-Za-z]+")

_SAYS: dict[str, Said] = {
    "same": ("match", ""),
    "no_marks": ("close", "no_marks"),
    "other_marks": ("close", "tone_marks"),
    "other_order": ("close", "word_order"),
    "shorter": ("close", "middle_left_out"),
    "one_letter": ("close", "one_letter"),
    "one_syllable": ("mismatch", "one_word"),
    "given_only": ("mismatch", "only_given_name"),
    "given_differs": ("mismatch", "given_name_differs"),
    "different": ("mismatch", ""),
}


def compare(claim: str, known: str, former: tuple[str, ...] = (), *, plain: bool = False) -> Said:
    """How a claimed name stands to the register's. `plain`: read from lines that cannot hold marks (MRZ)."""
    if not known:
        return "unknown", "not_in_register"
    if _same(claim, known):
        return "match", ""
    typed = _clean(claim)
    if not typed:
        lost = _without_marked(claim, known)
        return ("close", "letters_lost") if lost else ("unknown", "unreadable")
    if plain and fold(typed) == fold(known):
        return "match", "no_marks_in_mrz"
    said = _SAYS[_level(typed, known.lower())]
    if said[0] == "mismatch" and any(fold(typed) == fold(name) for name in former):
        return "close", "former_name"
    if said[0] == "mismatch" and _without_marked(claim, known):
        return "close", "letters_lost"
    if said[0] == "mismatch" and _without_clan(typed, known):
        return "close", "clan_left_out"
    return said


def _same(claim: str, known: str) -> bool:
    return " ".join(nfc(claim).lower().split()) == known.lower()


@lru_cache(maxsize=4096)
def _clean(text: str) -> str:
    """As matching reads names: repaired, without titles and notes, in small letters."""
    name, _ = person_name.without_extras(text[:120])
    return name.lower() if any(letter.isalpha() for letter in fold(name)) else ""


def _level(claim: str, known: str) -> str:
    """The name of a level of `LEVELS["name"]`."""
    if claim == known:
        return "same"
    (a, _, letters), (b, _, other) = names.read_one(claim), names.read_one(known)
    level = LEVELS["name"][int(name_level(np.array([a, b], np.int32), 0, 1))]
    # An and Anh are two names: a slip is believed only beside other words that agree.
    few = min(a[0], b[0]) < 2 or not _all_but_one(a, b)
    if level in ("one_syllable", "given_only", "given_differs", "different") and not few:
        level = "one_letter" if edited(letters, other) and not _two_names(a, b) else level
    return level


def _all_but_one(a: list[int], b: list[int]) -> bool:
    """Whether two names of equal length differ in one word alone."""
    return a[0] == b[0] and sum(x != y for x, y in zip(a[2:], b[2:], strict=True)) == 1


def _two_names(a: list[int], b: list[int]) -> bool:
    """Whether the word that differs is the given name: one letter there makes another person (An, Anh)."""
    return a[1 + a[0]] != b[1 + b[0]]


def _without_marked(claim: str, known: str) -> bool:
    """Whether the claim is the name without each letter that bears a mark: a reader typed what ASCII has."""
    left = _ASCII.sub("", claim).lower()
    return (
        bool(left)
        and left == _ASCII.sub("", nfc(known)).lower() != _ASCII.sub("", strip_marks(known)).lower()
    )


def _without_clan(claim: str, known: str) -> bool:
    """Whether one name is the other without the clan that stands last (Y Thơm, Y Thơm Niê)."""
    shorter, longer = sorted((fold(claim), fold(known)), key=len)
    whole = claim if fold(claim) == longer else known
    if not longer.startswith(f"{shorter} "):
        return False
    try:
        return person_name.parse(whole).kind == "clan_last"
    except FormatError:
        return False


def edited(a: str, b: str) -> bool:
    """Whether two texts differ by one letter or digit put in, left out, changed, or two neighbours swapped."""
    data: Any = np.frombuffer((a + b).encode("ascii", "replace"), np.uint8)
    return bool(one_edit(data, 0, len(a), len(a), len(a) + len(b)))
