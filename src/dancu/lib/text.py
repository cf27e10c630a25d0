"""Folding Vietnamese text: one place that says when two spellings are the same letters.

Knows letters, not people. Everything here is a pure function over `str`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SPACES = re.compile(r"\s+")
_PIECES = re.compile(r"[^\W\d_]+|\d+")
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_ORDER = {letter: chr(0x41 + i) for i, letter in enumerate(_ALPHABET)}
_TONE_ORDER = {mark: str(i + 1) for i, mark in enumerate("\u0300\u0309\u0303\u0301\u0323")}
_NOT_KEY = re.compile(r"[^0-9a-z ]+")


def nfc(text: str) -> str:
    """Composed form (Unicode NFC), the only form that dancu stores."""
    return unicodedata.normalize("NFC", text)


def strip_marks(text: str) -> str:
    """Drop tone and vowel marks and write đ as d: `Nguyễn Đức` -> `Nguyen Duc`.

    >>> strip_marks("Nguyễn Đức")
    'Nguyen Duc'
    """
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return bare.replace("đ", "d").replace("Đ", "D").replace("ð", "d").replace("Ð", "D")


def fold(text: str) -> str:
    """Lower case, no marks, single spaces, letters and digits only.

    >>> fold("  X. Quế-Nham ")
    'x que nham'
    """
    bare = strip_marks(text).lower()
    return _SPACES.sub(" ", _NOT_KEY.sub(" ", bare)).strip()


def key(text: str) -> str:
    """`fold` without spaces: what two spellings of one name share.

    >>> key("Phường Trần Nguyên Hãn")
    'phuongtrannguyenhan'
    """
    return fold(text).replace(" ", "")


def sort_key(text: str) -> str:
    """ASCII text whose byte order is the Vietnamese dictionary order of `text`.

    Syllable by syllable; letters a ă â b … d đ e ê … before tones, tones in the order ngang, huyền,
    hỏi, ngã, sắc, nặng; numbers by value; case, blanks and punctuation do not count. Compare
    bytewise (PostgreSQL: COLLATE "C").

    >>> sorted(["Đức", "Dũng", "Ánh", "An", "Ân", "Tổ 10", "Tổ 2"], key=sort_key)
    ['An', 'Ánh', 'Ân', 'Dũng', 'Đức', 'Tổ 2', 'Tổ 10']
    """
    return " ".join([_piece_key(piece) for piece in _PIECES.findall(nfc(text).lower())])


@lru_cache(maxsize=50_000)
def _piece_key(piece: str) -> str:
    if piece.isdecimal():
        return piece.lstrip("0").rjust(8, "0")
    tone = "0"
    letters: list[str] = []
    for char in piece:
        marks = unicodedata.normalize("NFD", char)
        tone = next((_TONE_ORDER[mark] for mark in marks if mark in _TONE_ORDER), tone)
        bare = nfc("".join(mark for mark in marks if mark not in _TONE_ORDER))
        letters.append(_LETTER_ORDER.get(bare) or _LETTER_ORDER.get(marks[0], "~"))
    return "".join(letters) + tone
