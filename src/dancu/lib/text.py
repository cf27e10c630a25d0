"""Folding Vietnamese text: one place that says when two spellings are the same letters.

Knows letters, not people. Everything here is a pure function over `str`.
"""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"\s+")
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
