"""Person name (họ, chữ đệm và tên): letters, single blanks, each syllable with a capital.

Specification. Written in Vietnamese or in another language of Viet Nam, no digits, no signs that
are not letters; at least a surname and a given name. The order stays as it is in the record:
surname first for most; Ê Đê, Gia Rai, K'Ho and other peoples have names such as Y Thơm, H'Hen Niê,
K'Brơi, whose clan, if any, stands last. Foreign names keep their own capitals and particles.
Source. Civil Code 91/2015/QH13 art. 26; Circular 04/2020/TT-BTP art. 6; Law on Civil Status
60/2014/QH13.
Choices. `compact` repairs spelling and case (`lib.repair`) and parts glued syllables; it drops no
word. Titles and notes are refused, since an officer must see them; `without_extras` takes them off
for matching. The folded key is for comparing only. `Nguyễn Văn A` is lawful: people bear that name.

>>> validate("NGUYỄN  THỊ HOÀ")
'Nguyễn Thị Hòa'
>>> parse("Tôn Nữ Thị Ninh")
Name(text='Tôn Nữ Thị Ninh', surname='Tôn Nữ', middle='Thị', given='Ninh', kind='vietnamese')
>>> parse("H'Hen Niê").surname, parse("K'Brơi").given, parse("Đinh Y Nhu").middle
('Niê', "K'Brơi", 'Y')
>>> validate("Ông Nguyễn Văn Hùng")
Traceback (most recent call last):
    ...
dancu.formats.errors.FormatError: person_name/title: a title stands before the name
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from dancu.formats import _name_words
from dancu.formats._name_pattern import already_lawful
from dancu.formats._name_words import PLACEHOLDERS, SURE_TITLES, TITLES
from dancu.formats._verbs import passes
from dancu.formats.errors import refusal
from dancu.lib.repair import repair_name
from dancu.lib.syllable import is_syllable
from dancu.lib.text import fold, sort_key
from dancu.reference import names

NAME = "person_name"
REASONS = _name_words.REASONS
ALREADY = already_lawful()

_LONGEST_WORD = 20
_MOST_PASSES = 8  # two settle everything but letters of rare scripts
_AND = ("và", "va", "hoặc")
_EDGES = " .,;:-_*/\\|\"'"
_ALPHABET = [chr(i) for i in (*range(0x41, 0x250), *range(0x1EA0, 0x1EFA))]
_SMALL = "".join(filter(str.islower, _ALPHABET))
_GREAT = "".join(filter(str.isupper, _ALPHABET))
_GLUED = re.compile(f"(?<=[{_SMALL}])(?=[{_GREAT}])")
_LOST = re.compile("[?\ufffd¡-©«-´¶-¹»-¿×÷€ƒ]|[^\\W\\d_][{}^~][^\\W\\d_]")
_SIGNS = (
    ("note", re.compile(r"[()\[\]{}<>:,=]|\s-+\s")),
    ("two_people", re.compile(r"[;&+/\\]")),
    ("abbreviated", re.compile(r"[^\W\d_]\.")),
    ("characters", re.compile(r"^(?![^\W\d_]+(?:[' -][^\W\d_]+)*$)")),
)
_WORDS = re.compile(r"[^\W_]+")
_BRACKETS = re.compile(r"\s*[(\[{<].*?(?:[)\]}>]|$)")
_FILLER = re.compile(r"(?:test|demo|abc|xyz|asdf|qwerty)(?: |$)|.* test$|(\w)\1\1+(?: |$)")


@dataclass(frozen=True)
class Name:
    """A lawful name and its parts, in the order of the record.

    `kind`: `vietnamese` (known surname first), `clan_last` (Y Thơm, H'Hen Niê), `other` (surname
    not known: first syllable taken as surname). Surname is empty where the name has none.
    """

    text: str
    surname: str
    middle: str
    given: str
    kind: str

    @property
    def syllables(self) -> tuple[str, ...]:
        return tuple(self.text.split(" "))

    @property
    def folded_key(self) -> str:
        """Without marks, lower case, single blanks."""
        return " ".join([_fold(syllable) for syllable in self.text.split(" ")])


def compact(text: str) -> str:
    """Repaired, single-spaced, capitals as on papers; no word is dropped. Never raises."""
    for _ in range(_MOST_PASSES):
        name = _settled(text)
        if name == text:
            break
        text = name
    return text


def _settled(text: str) -> str:
    name = repair_name(text).strip(_EDGES)
    return name if _GLUED.search(name) is None else _separated(name)


def _separated(name: str) -> str:
    return " ".join([_parted(word) for word in name.split(" ")])


def _parted(word: str) -> str:
    pieces = _GLUED.split(word)
    return " ".join(pieces) if len(pieces) > 1 and all(map(is_syllable, pieces)) else word


def validate(text: str, *, foreign: bool = False) -> str:
    """The standard form, or FormatError. `foreign`: a single word is a whole name."""
    name = compact(text)
    reason = _fault(name, foreign) if name or not text.strip() else "placeholder"
    if reason is not None:
        raise refusal(NAME, REASONS, reason)
    return name


def _fault(name: str, foreign: bool) -> str | None:
    if not name:
        return "empty"
    low = name.lower()
    if not name.replace(" ", "").isalpha():
        reason = _fault_of_signs(name, low)
        if reason is not None:
            return reason
    if low in PLACEHOLDERS or _FILLER.match(low):
        return "placeholder"
    if _names_two(low):
        return "two_people"
    if " " not in name and not (foreign or "'" in name or "-" in name):
        return "one_syllable"
    if title_of(name):
        return "title"
    return "length" if len(max(name.split(" "), key=len)) > _LONGEST_WORD else None


def _names_two(low: str) -> bool:
    """`Sùng Va Lử` is one person; `Nguyễn Văn Hùng và Trần Thị Lan` are two."""
    if not any(f" {word} " in low for word in _AND):
        return False
    words = low.split(" ")
    return any(word in _AND for word in words[2:-2])


def _fault_of_signs(name: str, low: str) -> str | None:
    """The first thing to tell about a name that is more than letters and blanks."""
    plain = " ".join(_WORDS.findall(low))
    if not plain or plain in PLACEHOLDERS or _FILLER.match(plain):
        return "placeholder"
    if _LOST.search(name):
        return "lost_letters"
    if any(char.isdigit() for char in name):
        return "digits"
    if title_of(name):
        return "title"
    return next((reason for reason, sign in _SIGNS if sign.search(name)), None)


def title_of(name: str) -> str:
    """The title in front of a name, or "". `Ông Văn Hùng` bears the surname Ông.

    >>> title_of("Ông Nguyễn Văn Hùng"), title_of("Ông Văn Hùng"), title_of("Mr. John Smith")
    ('Ông', '', 'Mr.')
    """
    title, _, rest = name.partition(" ")
    bare = title.rstrip(".:").lower()
    if bare not in TITLES or not rest:
        return ""
    if bare in SURE_TITLES or bare != title.lower():
        return title
    surname, _, more = rest.partition(" ")
    return title if more and surname in _frequent_surnames() else ""


def without_extras(text: str) -> tuple[str, tuple[str, ...]]:
    """(the name without title and notes in brackets, what was taken off), for matching only.

    >>> without_extras("Bà Trần Thị Lan (đã chết)")
    ('Trần Thị Lan', ('(Đã Chết)', 'Bà'))
    """
    name = compact(text)
    taken = [found.strip() for found in _BRACKETS.findall(name)]
    name = compact(_BRACKETS.sub("", name))
    title = title_of(name)
    if title:
        taken.append(title)
        name = compact(name[len(title) :])
    return name, tuple(taken)


def is_valid(text: str, *, foreign: bool = False) -> bool:
    """Whether `validate` would pass."""
    return passes(lambda: validate(text, foreign=foreign))


def format(text: str) -> str:
    """As on papers: the standard form."""
    return compact(text)


def parse(text: str, *, foreign: bool = False) -> Name:
    """The parts of a lawful name, or FormatError."""
    name = validate(text, foreign=foreign)
    words = name.split(" ")
    if _is_clan_last(words):
        return _clan_last(name, words)
    size = 2 if len(words) > 2 and " ".join(words[:2]) in names.compound_surnames() else 1
    if len(words) == 1:
        return Name(name, "", "", name, "other")
    surname = " ".join(words[:size])
    known = surname in names.known_surnames() or _fold(words[0]) in names.surname_keys()
    kind = "vietnamese" if known else "other"
    return Name(name, surname, " ".join(words[size:-1]), words[-1], kind)


def _is_clan_last(words: list[str]) -> bool:
    """Y and H' mark Ê Đê and Gia Rai men and women, K' and Ka the K'Ho."""
    return words[0][1:2] == "'" or (words[0] in ("Y", "Ka") and len(words) > 1)


def _clan_last(name: str, words: list[str]) -> Name:
    for size in (2, 1):
        clan = " ".join(words[-size:])
        if len(words) > size and clan in names.clans_last():
            return Name(name, clan, "", " ".join(words[:-size]), "clan_last")
    return Name(name, "", "", name, "clan_last")


def list_key(text: str) -> str:
    """Order of Vietnamese name lists: given name first, then surname, then middle (bytewise)."""
    words = compact(text).split(" ")
    return sort_key(" ".join((words[-1], *words[:-1])))


@cache
def _frequent_surnames() -> frozenset[str]:
    """Enough bearers that a syllable after a title is a surname; Văn and Thị are middle names."""
    return frozenset(count.text for count in names.surnames() if count.total >= 100) - {
        "Văn",
        "Thị",
    }


@lru_cache(maxsize=50_000)
def _fold(syllable: str) -> str:
    return fold(syllable)
