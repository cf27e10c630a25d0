"""Cleaning steps that several formats share. Knows characters, not what they stand for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from dancu.formats.errors import Reason, refusal
from dancu.lib.text import key

NEVER = r"[^\s\S]"
"""A pattern that nothing matches, in RE2 and in Python: the format has no fast path."""

_JUNK = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad\u0000-\u0008\u000e-\u001f]")
_DASHES = re.compile(r"[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_SEPARATORS = re.compile(r"[\s.,\-_/'`\"’‘]+")
_SCIENTIFIC = re.compile(r"[+]?[0-9](?:[.,][0-9]+)?[Ee][+]?[0-9]{1,2}")
_DECIMAL_TAIL = re.compile(r"([0-9]{4,})[.,]0{1,2}")
_CONFUSABLE = str.maketrans({"O": "0", "Ο": "0", "О": "0", "I": "1", "L": "1", "|": "1"})
_RUN = "01234567890123456789"
_WORDS_FOR_NOTHING = frozenset(
    [
        *("khongco", "khong", "khongro", "khongbiet", "chuaro", "chuaco", "chuacap", "chuacapnhat"),
        *("chuabiet", "dangcap", "bimat", "mat", "null", "none", "nan", "na", "nil", "trong"),
        *("x", "xx", "xxx", "xxxx"),
    ]
)


def tidy(text: str) -> str:
    """Composed letters, plain blanks, digits and dashes; no invisible characters; no outer blanks.

    Full-width digits and other compatibility forms become plain ones (NFKC).
    """
    plain = unicodedata.normalize("NFKC", _JUNK.sub("", text))
    # NFKC can bring to light what the first pass hid inside a compatibility character.
    return _DASHES.sub("-", _JUNK.sub("", plain)).strip()


def without_separators(text: str) -> str:
    """Without blanks, dots, commas, dashes, slashes and quotes."""
    return _SEPARATORS.sub("", text)


def is_scientific(text: str) -> bool:
    """Whether a spreadsheet wrote a long number as 1.20E+11, so that digits are gone."""
    return _SCIENTIFIC.fullmatch(text.strip()) is not None


def digits_only(text: str) -> str:
    """`text` for a format of nothing but digits: no separators, O→0, l/I→1, no spreadsheet's ".0".

    Letters are read as digits only where a quarter of the characters are digits already, so that
    a word stays a word. A number in scientific notation is left as it is, to be refused.

    >>> digits_only(" O24.299.OOO.OOl "), digits_only("24299000001.0"), digits_only("2.4E+10")
    ('024299000001', '24299000001', '2.4E+10')
    """
    plain = tidy(text)
    if is_scientific(plain):
        return plain.upper()
    tail = _DECIMAL_TAIL.fullmatch(plain)
    bare = without_separators(tail[1] if tail else plain)
    return read_digits(tidy(bare.upper()))


def read_digits(upper: str) -> str:
    """`upper` with O→0 and I, L→1, if only digits remain and a quarter were digits before."""
    read = upper.translate(_CONFUSABLE)
    enough = sum(c.isdigit() for c in upper) * 4 >= len(upper)
    return read if enough and is_digits(read) else upper


def is_digits(text: str) -> bool:
    """Whether there is at least one character and all are 0–9 (no other script's digits)."""
    return text.isascii() and text.isdigit()


def digits_but(length: int, *prefixes: str) -> str:
    """RE2 pattern of `length` digits that are no stand-in and begin with none of `prefixes`.

    RE2 cannot look ahead, so the forbidden values are spelled out as a tree of digits.

    >>> pattern = digits_but(9, "00")
    >>> [bool(re.fullmatch(pattern, v)) for v in ("121999999", "123456789", "001234567")]
    [True, False, False]
    """
    runs = [_RUN[start : start + length] for start in (0, 1)]
    return _tree(length, [digit * length for digit in "0123456789"] + runs + list(prefixes))


def _tree(length: int, forbidden: list[str]) -> str:
    if "" in forbidden:
        return NEVER
    if not forbidden:
        return f"[0-9]{{{length}}}"
    blocked = sorted({text[0] for text in forbidden})
    free = "".join(d for d in "0123456789" if d not in blocked)
    branches = [f"[{free}][0-9]{{{length - 1}}}"] if free else []
    for digit in blocked:
        rest = _tree(length - 1, [text[1:] for text in forbidden if text[0] == digit])
        branches += [] if rest == NEVER else [digit + rest]
    return f"(?:{'|'.join(branches)})"


def is_stand_in(compact: str) -> bool:
    """Whether a value was typed only to fill the cell: one digit repeated, 123456…, "không rõ".

    >>> is_stand_in("000000000"), is_stand_in("KHÔNGRÕ"), is_stand_in("024299000001")
    (True, True, False)
    """
    if is_digits(compact):
        return len(compact) >= 4 and (len(set(compact)) == 1 or _RUN.find(compact) in (0, 1))
    return key(compact) in _WORDS_FOR_NOTHING or not any(c.isalnum() for c in compact)


def need_digits(name: str, reasons: Mapping[str, Reason], compact: str, *lengths: int) -> str:
    """The checks every all-digit identifier shares, in the order that helps a clerk most."""
    if not compact:
        raise refusal(name, reasons, "empty")
    if is_scientific(compact):
        raise refusal(name, reasons, "lost_digits")
    if is_stand_in(compact):
        raise refusal(name, reasons, "placeholder")
    if not is_digits(compact):
        raise refusal(name, reasons, "not_digits")
    if len(compact) not in lengths:
        raise refusal(name, reasons, "length")
    return compact
