"""The number of a document as it is compared: however it was typed, the same document has the same key.

>>> normalised("Số: 012 / KH - UBND"), normalised("12/kh-ubnd"), normalised("Số 12/KH-UBND ")
('12/kh-ubnd', '12/kh-ubnd', '12/kh-ubnd')
>>> normalised("1234/UBND-NC"), normalised("07/CT-UBND ngày 01/3/2024"), normalised("số")
('1234/ubnd-nc', '7/ct-ubnd', '')
"""

from __future__ import annotations

import re

from dancu.lib.text import strip_marks

_DASHES = re.compile("[‐‑‒–—−]")
_WORD = re.compile(r"^\s*(so|van ban so)\b\s*[:.]?")
_DAY = re.compile(r"\s+ngay\b.*$")
_NOT_KEY = re.compile(r"[^0-9a-z/\-.]")
_ZEROS = re.compile(r"^0+(?=\d)")


def normalised(text: str) -> str:
    """Lower case without marks, spaces, the word «Số», leading zeros and a day that was written along."""
    plain = strip_marks(_DASHES.sub("-", text)).lower()
    bare = _DAY.sub("", _WORD.sub("", plain))
    return _ZEROS.sub("", _NOT_KEY.sub("", bare).strip("-/."))
