"""One text as syllables with their places, and the places where a unit may be named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import OSA

from dancu.formats.address.lexicon import Lexicon
from dancu.formats.address.wording import usual
from dancu.formats.address.words import (
    COMMUNE_TYPES,
    DISTRICT_TYPES,
    FOLD,
    PROVINCE_TYPES,
    TYPES,
    is_small_place,
)
from dancu.lib.text import nfc

_WORD = re.compile(r"[a-z0-9]+|[^a-z0-9\s]")
_BRACKET = re.compile(r"\(([^()]*)\)?")
_QUOTES = str.maketrans("", "", "'’‘`´")
_SPACED_OUT = re.compile(r"(?<!\w)(?:[^\W\d_] ){3,}[^\W\d_](?!\w)")
_COMBINING = re.compile("[\u0300-\u036f]")
_TAIL_NOISE = re.compile(
    r"(?:[\s,.;\-–/]+(?:việt\s*nam|viet\s*nam|vn|\d{5,6}))+[\s,.;]*$", re.IGNORECASE
)
_PHONE = re.compile(r"(?:[\s,.;]+(?:đt|sđt|sdt|tel|điện thoại)\s*[:.]?\s*)?\+?\d[\d .]{7,}\d")
_TYPE_WORDS = frozenset({"xã", "phường", "huyện", "quận", "tỉnh", "thị"})
_NEVER_XA = frozenset({"xá", "xà"})
_LONG_TYPES = (
    ("thanh", "pho", "thành phố"),
    ("thi", "tran", "thị trấn"),
    ("thi", "xa", "thị xã"),
)
_NOISE_ENDS = frozenset("nm0123456789 ,.;")
_DIGITS = re.compile(r"\d{3}")
NO_DASH, TIGHT, SPACED = 0, 1, 2
_ACROSS_A_DASH = 0.01
_BOUNDS = frozenset(",;:|/\n")
_STALE_WORDS = frozenset({"cu", "moi"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in the text that may name a unit; `start` counts its type word in."""

    start: int
    first: int
    end: int
    key: str
    type: str
    penalty: float = 0.0


@dataclass(slots=True)
class Reading:
    """Folded syllables, the text each was read from, the number of its part between commas.

    `hyphen`: what stands before a syllable: `NO_DASH`, `TIGHT` (`Bắc-Giang`) or `SPACED`.
    """

    text: str
    keys: list[str]
    raw: list[str]
    starts: list[int]
    ends: list[int]
    part: list[int]
    hyphen: list[int]
    note: str


def read(text: str, lex: Lexicon) -> Reading:
    """Cut a text into syllables; what stands in brackets is kept apart as a note."""
    plain = nfc(text).translate(_QUOTES)
    if not plain.isascii():
        plain = _COMBINING.sub("", plain)
    note = ""
    if "(" in plain:
        note = " ".join(_BRACKET.findall(plain))
        bare = _BRACKET.sub(" ", plain)
        if bare.strip(" ,.;-"):
            plain = bare
    if _SPACED_OUT.search(plain):
        plain = _SPACED_OUT.sub(lambda m: m[0].replace(" ", ""), plain)
    if plain[-1:].lower() in _NOISE_ENDS:
        plain = _TAIL_NOISE.sub("", plain)
    if _DIGITS.search(plain):
        plain = _PHONE.sub(" ", plain)
    return _cut(usual(plain), note, lex)


def _cut(plain: str, note: str, lex: Lexicon) -> Reading:
    got = Reading(plain, [], [], [], [], [], [], note)
    part, hyphen = 0, NO_DASH
    folded = plain.translate(FOLD).lower()
    if len(folded) != len(plain):  # a letter whose small form is longer: places would shift
        folded = "".join(c.lower() if len(c.lower()) == 1 else " " for c in plain.translate(FOLD))
    for found in _WORD.finditer(folded):
        word, start = found[0], found.start()
        if not (word.isascii() and word[0].isalnum()):
            if word in _BOUNDS:
                part += 1
            if word in "-–—":
                hyphen = max(hyphen, _dash(plain, start))
            continue
        for s, e in _pieces(plain, start, found.end()):
            for syllable, width in lex.split(folded[s:e]):
                if syllable in _STALE_WORDS and got.keys and _stale(plain, s, got, lex):
                    s += width
                    continue
                got.keys.append(syllable)
                got.raw.append(plain[s : s + width])
                got.starts.append(s)
                s += width
                got.ends.append(s)
                got.part.append(part)
                got.hyphen.append(hyphen)
                hyphen = NO_DASH
    return got


def _dash(plain: str, at: int) -> int:
    around = plain[max(0, at - 1) : at + 2]
    return TIGHT if len(around) == 3 and around[0].isalpha() and around[2].isalpha() else SPACED


def _stale(plain: str, start: int, got: Reading, lex: Lexicon) -> bool:
    """`cũ` or `mới` after a name, not a syllable of one (Củ Chi, Phố Mới)."""
    if got.keys[-1] + plain[start : start + 3].translate(FOLD).lower().strip(" ,") in lex.levels:
        return False
    word = plain[start : start + 3].lower()
    return word.startswith(("cũ", "cu,", "mới")) or (word[:2] == "cu" and len(word) == 2)


def _pieces(plain: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cuts a word where a small letter meets a capital: `XãĐội` is two words."""
    word = plain[start:end]
    if word.islower() or word.isupper() or (word[1:].islower() and word[0].isupper()):
        return [(start, end)]
    cuts = [0, *(i for i in range(1, len(word)) if _meets(word, i)), len(word)]
    return [(start + a, start + b) for a, b in pairwise(cuts)]


def _meets(word: str, i: int) -> bool:
    """A new word begins here: `ã|Đ`, `P|Bắ`."""
    if not word[i].isupper():
        return False
    after = word[i + 1 : i + 2]
    return not word[i - 1].isupper() or (word[i - 1].isupper() and after.islower())


def type_words(got: Reading, lex: Lexicon) -> dict[int, tuple[int, str]]:
    """Where a name may begin after a type word: place -> (place of the type word, type)."""
    keys, part, n = got.keys, got.part, len(got.keys)
    found: dict[int, tuple[int, str]] = {}
    for i in range(n - 1):
        if part[i + 1] != part[i] or got.hyphen[i + 1] == SPACED:
            continue
        one = None if _ends_a_name(got, i) else TYPES.get((keys[i],))
        if one and i + 1 not in found and (len(keys[i]) > 1 or not got.hyphen[i + 1]):
            found[i + 1] = (i, one)
        if i + 2 < n and part[i + 2] == part[i] and got.hyphen[i + 2] != SPACED:
            two = TYPES.get((keys[i], keys[i + 1]))
            if not two and not _in_a_name(got, i, lex):
                two = _misspelt(keys[i], keys[i + 1])
            if two:
                found[i + 2] = (i, two)
    return found


def _ends_a_name(got: Reading, i: int) -> bool:
    """`Xá` after a word is the end of a name (Ninh Xá), not the type word `xã`."""
    return i > 0 and got.part[i - 1] == got.part[i] and got.raw[i].lower() in _NEVER_XA


def _in_a_name(got: Reading, i: int, lex: Lexicon) -> bool:
    """`Quảng Trị xã`, `Lương Thế Trân`: the word belongs to the name before it."""
    if i == 0 or got.part[i - 1] != got.part[i]:
        return False
    name = got.keys[i - 1] + got.keys[i]
    return name in lex.levels or name + got.keys[i + 1] in lex.levels


def _misspelt(first: str, second: str) -> str | None:
    """`thàh phố`, `thị trán`, `tị xã`: one of the two words is right, the other a letter off."""
    if len(first) + len(second) < 4:
        return None
    for one, two, kind in _LONG_TYPES:
        if second == two and OSA.distance(first, one, score_cutoff=1) == 1 and len(first) > 1:
            return kind
        if first == one and len(two) > 2 and OSA.distance(second, two, score_cutoff=1) == 1:
            return kind
    return None


@dataclass(slots=True)
class Mentions:
    """All places that may name a province, a district or a commune."""

    provinces: list[Mention]
    districts: list[Mention]
    communes: list[Mention]


def mentions(got: Reading, types: dict[int, tuple[int, str]], lex: Lexicon) -> Mentions:
    """Every run of syllables that is a known name, without repair."""
    found = Mentions([], [], [])
    keys, part, n = got.keys, got.part, len(got.keys)
    levels, longest = lex.levels, lex.longest
    for i in range(n):
        key, crossed = "", NO_DASH
        for j in range(i, min(n, i + longest)):
            if j > i and part[j] != part[i]:
                break
            crossed = max(crossed, got.hyphen[j]) if j > i else NO_DASH
            key += keys[j]
            level = levels.get(key)
            lawful = not crossed or key in lex.hyphened
            if level and (lawful or crossed == TIGHT):
                lost = 0.0 if lawful else _ACROSS_A_DASH
                _sort_in(found, got, types, lex, i, j + 1, key, level, lost)
    return found


def _sort_in(
    found: Mentions,
    got: Reading,
    types: dict[int, tuple[int, str]],
    lex: Lexicon,
    i: int,
    end: int,
    key: str,
    level: int,
    lost: float,
) -> None:
    start, kind = types.get(i, (i, ""))
    small = start > 0 and not kind and is_small_place(got.keys[start - 1], got.raw[start - 1])
    small = small and got.part[start - 1] == got.part[start]
    penalty = lost + (0.25 if small else 0.0)
    number = key.isdigit()
    if level & 1 and (not kind or kind in PROVINCE_TYPES) and not number:
        if key in lex.provinces:
            found.provinces.append(Mention(start, i, end, key, kind, penalty))
        elif (kind or end == len(got.keys)) and (end - i > 1 or got.raw[i].isascii()):
            for meant in lex.aliases[key]:
                found.provinces.append(Mention(start, i, end, meant, kind, penalty + 0.01))
    if level & 2 and (kind == "quận" if number else not kind or kind in DISTRICT_TYPES):
        found.districts.append(Mention(start, i, end, key, kind, penalty))
    if level & 4 and (kind == "phường" if number else not kind or kind in COMMUNE_TYPES):
        if not kind and not small and i > 0 and got.part[i - 1] == got.part[i]:
            penalty += 0.0 if got.hyphen[i] else 0.08
        if got.raw[i].lower() in _TYPE_WORDS:
            penalty += 0.06  # `Huyện Sơn Động` is not Xã Huyền Sơn
        found.communes.append(Mention(start, i, end, key, kind, penalty))
