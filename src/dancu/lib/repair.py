"""Repair of Vietnamese text: one standard spelling for what is surely the same text.

Steps, in order (`STEPS`): HTML references, UTF-8 read in a wrong code page, composed form and
order of marks, invisible characters, blanks, quotes, eth for đ, look-alike letters, tone place.
Never guesses: a word that is no Vietnamese syllable keeps its letters. `repair(repair(x)) ==
repair(x)`. Text in TCVN3, VNI or VISCII must be decoded first (`legacy_encodings`, per column).
Cost: a text of plain or already seen words costs a few dictionary look-ups.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from dancu.lib.confusables import latin_d, latin_letters
from dancu.lib.mojibake import holds_run, read_again, unescape
from dancu.lib.syllable import is_syllable, order_marks, place_tone

_WORD = re.compile(r"[^\W\d_]+")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufff9-\ufffb]"
)
_BLANKS = re.compile(r"\s+")
_EXCEL_CODE = re.compile(r"_x00(0[9ADad]|A0|a0)_")
_QUOTES = str.maketrans(dict.fromkeys("‘’‛ʼʹ´`′＇", "'") | dict.fromkeys("“”‟„″", '"'))
# What may stand in a word that is settled alone, without looking at its neighbours.
_OWN_LETTERS = (
    "!-%'-^a-~ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯư"
    "\u0300-\u0303\u0306\u0309\u031b\u0323\u1ea0-\u1ef9"
)
_OWN = re.compile(f"[{_OWN_LETTERS}]*")
_OWN_TEXT = re.compile(f"[{_OWN_LETTERS} ]*")
_CUT = re.compile("[a-z][ÃĂ]$")  # half of `HoÃ ng`
_SURE_ASCII = re.compile(r"[!-%'-^a-~]+(?: [!-%'-^a-~]+)*")
_MOST_WORDS = 200_000
_words: dict[str, str] = {}
_titles: dict[str, str] = {}
# Lower case in foreign names and, as words, also Vietnamese syllables.
_PARTICLES = frozenset(re.findall("[a-z]+", "de da di du del della der den van von la le dos das"))

Step = Callable[[str], str]


def _invisible(text: str) -> str:
    return _INVISIBLE.sub("", text)


def _blanks(text: str) -> str:
    return _BLANKS.sub(" ", _EXCEL_CODE.sub(" ", text)).strip()


def _quotes(text: str) -> str:
    return text.translate(_QUOTES)


def _tones(text: str) -> str:
    return _WORD.sub(lambda match: place_tone(match[0]), text)


STEPS: Final[tuple[tuple[str, Step], ...]] = (
    ("html", unescape),
    ("code_page", read_again),
    ("marks", order_marks),
    ("invisible", _invisible),
    ("blanks", _blanks),
    ("quotes", _quotes),
    ("eth", latin_d),
    ("look_alike", latin_letters),
    ("tone_place", _tones),
)


def repair(text: str) -> str:
    """The standard spelling of `text`; letter case is kept.

    >>> repair("  Lê  Hoà "), repair("Ðặng Vаn"), repair("H’Hen Niê")
    ('Lê Hòa', 'Đặng Van', "H'Hen Niê")
    """
    if text.isascii():
        return text if _SURE_ASCII.fullmatch(text) else _by_blanks(text)
    try:
        return " ".join([_words[word] for word in text.split(" ")])
    except KeyError:
        return _by_words(text)


def _by_words(text: str) -> str:
    """Settle and remember each word; text with anything unusual takes all steps as a whole."""
    words = text.split(" ")
    if not all(word and _OWN.fullmatch(word) and not _CUT.search(word) for word in words):
        return _by_blanks(text)
    if len(_words) > _MOST_WORDS:
        _words.clear()
    for word in words:
        if word not in _words:
            _words[word] = _repaired(word)
    return " ".join([_words[word] for word in words])


def _by_blanks(text: str) -> str:
    """Odd blanks are the commonest flaw: without them most texts are settled word by word."""
    spaced = " ".join(text.split())
    if spaced != text and _OWN_TEXT.fullmatch(spaced):
        # A no-break space may be the second half of à.
        return _repaired(text) if "\xa0" in text and holds_run(text) else repair(spaced)
    plain = _blanks(_invisible(text))
    if plain == text or "&" in text or holds_run(text) or holds_run(plain):
        return _repaired(text)
    return repair(plain)


def _repaired(text: str) -> str:
    return repair_steps(text)[0]


def repair_steps(text: str) -> tuple[str, tuple[str, ...]]:
    """(`repair(text)`, names of the steps that changed it, in order).

    >>> repair_steps("Ðặng  Thuỷ")
    ('Đặng Thủy', ('blanks', 'eth', 'tone_place'))
    """
    changed: dict[str, None] = {}
    again = True
    while again:
        before = text
        for name, step in STEPS:
            after = step(text)
            if after != text:
                changed[name] = None
                text = after
        again = text != before
    order = [name for name, _ in STEPS if name in changed]
    return text, tuple(order)


def title_name(text: str) -> str:
    """A name in capitals, in small letters or unevenly typed, as it is written on papers.

    One word alone in capitals stays (it may be an abbreviation), and so do foreign words written
    with capitals inside and the particles of foreign names.

    >>> title_name("NGUYỄN VĂN A"), title_name("h'hen niê"), title_name("Nguyễn thị HOA")
    ('Nguyễn Văn A', "H'Hen Niê", 'Nguyễn Thị Hoa')
    >>> title_name("Ludwig van Beethoven"), title_name("UBND")
    ('Ludwig van Beethoven', 'UBND')
    """
    words = text.split(" ")
    try:
        return " ".join([_titles[word] for word in words]) if len(words) > 1 else text
    except KeyError:
        return _title_by_words(text, words)


def _title_by_words(text: str, words: list[str]) -> str:
    if text.isupper() or text.islower():
        return " ".join(_capitals(word) for word in words)
    foreign = not all(map(_native, words))
    if not foreign:
        _titles.update((word, _capitals(word)) for word in words if len(_titles) < _MOST_WORDS)
    return " ".join(_title_word(word, foreign=foreign) for word in words)


def _native(word: str) -> bool:
    return all(map(is_syllable, _WORD.findall(word)))


def _title_word(word: str, *, foreign: bool) -> str:
    if foreign and word in _PARTICLES:
        return word
    return _capitals(word) if _native(word) or word.isupper() or word.islower() else word


def _capitals(word: str) -> str:
    return _WORD.sub(lambda match: match[0].capitalize(), word)


def repair_name(text: str) -> str:
    """`title_name(repair(text))`: the standard form of a person's name.

    >>> repair_name("NGUYỄN  THỊ HOÀ"), repair_name("HOÀ")
    ('Nguyễn Thị Hòa', 'HÒA')
    """
    return title_name(repair(text))
