"""Finding a procedure by the words people use, with or without marks, abbreviated, run together, or with a slip.

The table `services/synonyms.csv` holds the phrases; the official name is one phrase more. Pure: no clock, no person.

>>> ranked("lam giay khai sinh cho con", [("a", ("khai sinh", "con mới đẻ")), ("b", ("khai tử",))])
['a']
>>> ranked("kai sinh", [("a", ("khai sinh",)), ("b", ("khai tử",))])
['a']
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from dancu.lib.text import fold
from dancu.reference.loader import rows

_LITTLE = (
    "toi minh em chau anh chi muon can xin hoi lam thu tuc giay to o dau gi nao the nhu sao phai thi de di cho ve"
    " roi co khong va voi bi la mot nhung cac cua duoc nay vua sap dang ky ki khi trong tu"
)
FILLERS = frozenset(_LITTLE.split())
"""Words that say little of what is wanted: they count a quarter."""
FILLER_SHARE = 0.25
PAIR_SHARE = 1.5
"""Two words side by side tell more than the two alone: syllables without marks have many meanings."""
LEAST = 0.12
"""Below this likeness a procedure is not shown."""
SHORTEST_MENDED = 3
"""Shorter words are not mended: too many are one letter apart."""


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """Procedure -> the phrases of the table."""
    found: dict[str, list[str]] = {}
    for r in rows("services/synonyms.csv"):
        found.setdefault(r["procedure_code"], []).append(r["phrase"])
    return {code: tuple(phrases) for code, phrases in found.items()}


def ranked(text: str, named: Iterable[tuple[str, Sequence[str]]]) -> list[str]:
    """The codes whose phrases are like the text, the most alike first. `named`: code and its phrases."""
    index = _index(tuple((code, tuple(phrases)) for code, phrases in named))
    words = index.mended(fold(text).split())
    if FILLERS.issuperset(words):
        return []
    asked = index.weights(words)
    scores = {code: _likeness(asked, phrases) for code, phrases in index.phrases.items()}
    return sorted(
        (code for code, score in scores.items() if score >= LEAST), key=lambda c: -scores[c]
    )


def _likeness(asked: dict[str, float], phrases: Sequence[dict[str, float]]) -> float:
    """The best phrase decides; a little more for every other phrase that says the same."""
    alike = sorted((_cosine(asked, phrase) for phrase in phrases), reverse=True)
    return alike[0] + 0.05 * sum(alike[1:4]) if alike else 0.0


def _cosine(a: dict[str, float], b: dict[str, float]) -> float:
    both = sum(a[word] * b[word] for word in a.keys() & b.keys())
    return both / math.sqrt(_square(a) * _square(b)) if both else 0.0


def _square(a: dict[str, float]) -> float:
    return sum(weight * weight for weight in a.values())


@dataclass(frozen=True)
class _Index:
    """Words and pairs of words with how rare they are, and each procedure's phrases in them."""

    rarity: dict[str, float]
    words: frozenset[str]
    phrases: dict[str, list[dict[str, float]]]

    def weights(self, words: Sequence[str]) -> dict[str, float]:
        """How much each word and each pair says."""
        return _weights(words, self.rarity)

    def mended(self, words: Sequence[str]) -> list[str]:
        """The words with slips put right: two run together, or one letter off a known word."""
        return [known for word in words for known in self._known(word)]

    def _known(self, word: str) -> list[str]:
        if word in self.words or word in FILLERS or len(word) < SHORTEST_MENDED or word.isdigit():
            return [word]
        for cut in range(2, len(word) - 1):
            if word[:cut] in self.words and word[cut:] in self.words:
                return [word[:cut], word[cut:]]
        near = [known for known in self.words if _one_off(word, known)]
        return [max(near, key=lambda known: (-self.rarity[known], known))] if near else [word]


@lru_cache(maxsize=16)
def _index(named: tuple[tuple[str, tuple[str, ...]], ...]) -> _Index:
    split = {code: [fold(phrase).split() for phrase in phrases] for code, phrases in named}
    # A word counts once a procedure: what is in the phrases of many procedures tells little.
    spread = Counter(
        piece
        for phrases in split.values()
        for piece in {p for words in phrases for p in _pieces(words)}
    )
    total = len(split) + 1
    rarity = {piece: 0.3 + math.log(total / n) for piece, n in spread.items()}
    return _Index(
        rarity,
        frozenset(piece for piece in rarity if " " not in piece),
        {code: [_weights(words, rarity) for words in phrases] for code, phrases in split.items()},
    )


def _weights(words: Sequence[str], rarity: dict[str, float]) -> dict[str, float]:
    most = max(rarity.values(), default=1.0)
    return {
        piece: rarity.get(piece, most / 2 if " " not in piece else 0.0) * _share(piece)
        for piece in _pieces(words)
    }


def _share(piece: str) -> float:
    if " " in piece:
        return PAIR_SHARE * (
            FILLER_SHARE if all(word in FILLERS for word in piece.split()) else 1.0
        )
    return FILLER_SHARE if piece in FILLERS else 1.0


def _pieces(words: Sequence[str]) -> list[str]:
    return [*words, *(f"{a} {b}" for a, b in pairwise(words))]


def _one_off(a: str, b: str) -> bool:
    """Whether one letter too many, too few, another, or two turned round makes one word of the other."""
    if abs(len(a) - len(b)) > 1 or min(len(a), len(b)) < SHORTEST_MENDED:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    rest_a, rest_b = a[start:], b[start:]
    return (
        rest_a[1:] == rest_b[1:]
        or rest_a[1:] == rest_b
        or rest_a == rest_b[1:]
        or (rest_a[:2] == rest_b[:2][::-1] and rest_a[2:] == rest_b[2:])
    )
