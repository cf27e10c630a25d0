"""Characters that look like Vietnamese ones and are not: other scripts, eth, caron, O for 0.

Border: maps characters; whether a word may be changed at all is said by the caller's text, never by
a list of words. A word of another script that has even one letter without a Latin twin stays.
"""

from __future__ import annotations

import re
import unicodedata

from dancu.lib.syllable import is_syllable

_CYRILLIC = dict(
    zip("аеорсухіјѕһԁԛԝкАВЕКМНОРСТУХІЈЅԚԜ", "aeopcyxijshdqwkABEKMHOPCTYXIJSQW", strict=True)
)
_GREEK = dict(zip("οανικυρΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "oavikupABEZHIKMNOPTYX", strict=True))
TWINS = _CYRILLIC | _GREEK
_TWIN_TABLE = str.maketrans(TWINS)
_OTHER_SCRIPT = re.compile("[\u0370-\u03ff\u0400-\u052f]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1ea0-\u1ef9]")
_FULL_WIDTH = re.compile("[\uff01-\uff5e]")
_WORD = re.compile(r"[^\W\d_]+")
# A lone eth or African D begins no word of any other language; inside Icelandic words it stays.
_D_TWIN = re.compile("(?<![a-zà-ỹ])[ðɖ]|[ÐƉ](?=[^\\W\\d_]|$)|(?<=[a-zà-ỹ])[ÐƉ]")
_D_TABLE = {"ð": "đ", "ɖ": "đ", "Ð": "Đ", "Ɖ": "Đ"}
_CARON = str.maketrans({"ǎ": "ă", "Ǎ": "Ă"})
_DIGIT_TWINS = str.maketrans(
    {"O": "0", "o": "0", "О": "0", "о": "0", "Ο": "0", "ο": "0", "l": "1", "I": "1", "|": "1"}
)
_DASHES = re.compile("[\u2010-\u2015\u2212]")


def latin_d(text: str) -> str:
    """`Ðặng` -> `Đặng`; `Guðrún` stays.

    >>> latin_d("Ðặng Ðình ðông Guðrún")
    'Đặng Đình đông Guðrún'
    """
    return _D_TWIN.sub(lambda m: _D_TABLE[m[0]], text)


def latin_letters(text: str) -> str:
    """Cyrillic, Greek, full-width and caron twins to Latin, where the text is Latin otherwise.

    >>> latin_letters("Nguyễn Vаn"), latin_letters("Иванов Иван")
    ('Nguyễn Van', 'Иванов Иван')
    """
    if _FULL_WIDTH.search(text):
        text = _FULL_WIDTH.sub(lambda m: chr(ord(m[0]) - 0xFEE0), text)
    if _OTHER_SCRIPT.search(text) and _LATIN.search(text):
        text = _WORD.sub(lambda m: _latin_word(m[0]), unicodedata.normalize("NFC", text))
    if "ǎ" in text or "Ǎ" in text:
        text = _WORD.sub(lambda m: _breve_word(m[0]), text)
    return text


def _latin_word(word: str) -> str:
    if not _OTHER_SCRIPT.search(word):
        return word
    loose = unicodedata.normalize("NFD", word)
    mapped = loose.translate(_TWIN_TABLE)
    if _OTHER_SCRIPT.search(mapped):
        return word
    return unicodedata.normalize("NFC", mapped)


def _breve_word(word: str) -> str:
    """`Vǎn` is typed with the caron of Pinyin; `Lǎo` is no Vietnamese syllable and stays."""
    mapped = word.translate(_CARON)
    return mapped if is_syllable(mapped) else word


def to_digits(text: str) -> str:
    """O for 0 and l, I, | for 1: for a value of which the caller knows that it is a number.

    >>> to_digits("O2429900l234")
    '024299001234'
    """
    return text.translate(_DIGIT_TWINS)


def plain_dash(text: str) -> str:
    """Every kind of dash and minus as `-`."""
    return _DASHES.sub("-", text)
