"""Ways of writing that are put into the usual order before an address is cut into syllables.

Labels of a form (`Xã/Phường: …`), Roman numbers of wards (`Phường IV`) and the English order
(`Ward 12, Tan Binh District`). Knows no unit.
"""

from __future__ import annotations

import re
from typing import Final

_TYPE: Final = (
    r"(?:xã|xa|x|phường|phuong|p|thị trấn|thi tran|tt|đặc khu|huyện|huyen|h|quận|quan|q|"
    r"thị xã|thi xa|tx|thành phố|thanh pho|tp|tỉnh|tinh|t)"
)
_SEVERAL: Final = re.compile(
    rf"(?<!\w){_TYPE}\.?(?:\s*/\s*{_TYPE}\.?)+(?!\w)\s*:?\s*", re.IGNORECASE
)
_ONE: Final = re.compile(rf"(?<!\w)({_TYPE})\.?\s*:\s*", re.IGNORECASE)
_ROMAN_WARD: Final = re.compile(
    r"(?<!\w)((?:phường|phuong)\s+|[pf]\.\s*)([ivx]{1,5})"
    r"(?=\s*(?:[,;:\-–/(\n]|\.|$|(?:quận|thành phố|thị xã|tp|tx|q\.)(?!\w)))",
    re.IGNORECASE,
)
_ROMAN: Final = {"I": 1, "V": 5, "X": 10}
_HIGHEST_WARD: Final = 28
_ENGLISH: Final = {
    "commune": "xã", "ward": "phường", "township": "thị trấn", "town": "thị xã",
    "district": "huyện", "dist": "huyện", "city": "thành phố", "province": "tỉnh",
    "special zone": "đặc khu",
}  # fmt: skip
_ENGLISH_WORD: Final = re.compile(rf"(?<!\w)(?:{'|'.join(_ENGLISH)})(?!\w)", re.IGNORECASE)
_ENGLISH_AFTER: Final = re.compile(
    rf"(?<![^\s,;:/()])([^\s,;:/()\d][^,;:/()\d]*)(?<!\s)\s+({'|'.join(_ENGLISH)})\.?(?=\s*(?:[,;/()]|-|$))",
    re.IGNORECASE,
)
_TOWN: Final = re.compile(r"(?<!\w)town(?!\w)", re.IGNORECASE)
_ENGLISH_NUMBER: Final = re.compile(
    r"(?<!\w)(ward|district|dist)\.?\s*(\d{1,2})(?!\w)", re.IGNORECASE
)


def usual(text: str) -> str:
    """The text with labels, Roman ward numbers and English type words as an address has them.

    >>> usual("Xã/Phường: Quế Nham, Huyện: Tân Yên")
    ', Quế Nham, Huyện Tân Yên'
    >>> usual("Phường IV, Quận 3"), usual("Phường Vĩ Dạ")
    ('Phường 4, Quận 3', 'Phường Vĩ Dạ')
    >>> usual("Ward 12, Tan Binh District, Ho Chi Minh City")
    'phường 12, huyện Tan Binh, thành phố Ho Chi Minh'
    """
    if "/" in text:
        text = _SEVERAL.sub(", ", text)
    if ":" in text:
        text = _ONE.sub(r"\1 ", text)
    text = _ROMAN_WARD.sub(_arabic, text)
    if _ENGLISH_WORD.search(text):
        text = _ENGLISH_NUMBER.sub(_numbered, text)
        if "district" in text.lower():  # a town inside a district is a thị trấn
            text = _TOWN.sub("township", text)
        text = _ENGLISH_AFTER.sub(_before, text)
    return text


def _arabic(found: re.Match[str]) -> str:
    value = roman(found[2].upper())
    return f"{found[1]}{value}" if value else found[0]


def roman(letters: str) -> int:
    """1 to 28 for a Roman number in capitals; 0 for anything else (`VX`, `IIX`, `Vi`).

    >>> roman("XIV"), roman("VX"), roman("Hồ")
    (14, 0, 0)
    """
    if not letters or not set(letters) <= set(_ROMAN):
        return 0
    values = [_ROMAN[c] for c in letters]
    total = sum(
        -v if any(v < later for later in values[i + 1 :]) else v for i, v in enumerate(values)
    )
    return total if 0 < total <= _HIGHEST_WARD and _written(total) == letters else 0


def _written(number: int) -> str:
    ones = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    return "X" * (number // 10) + ones[number % 10]


def _numbered(found: re.Match[str]) -> str:
    kind = "phường" if found[1].lower() == "ward" else "quận"
    return f"{kind} {found[2]}"


def _before(found: re.Match[str]) -> str:
    return f"{_ENGLISH[found[2].lower()]} {found[1]}"
