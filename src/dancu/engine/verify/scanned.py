"""What a card reader typed, however the keyboard was set: the text of the card's QR code again, as far as it can be.

A reader that types as a keyboard sends keys, not letters. Where the machine has another layout, or an input method for
Vietnamese is on, other signs arrive. The personal number in front gives it away: twelve digits, then the separator.
What came without its marked letters (a reader that knows ASCII alone drops them, or types «?») stays so; `names`
compares it as such. Nothing is guessed: a text that cannot be read back is handed on as it came, and refused.

>>> repaired("çéàçàààà(&&é*", test_people=True)
'çéàçàààà(&&é*'
"""

from __future__ import annotations

import re

from dancu.formats import personal_number
from dancu.lib.text import fold

_US = "1234567890"
LAYOUTS: dict[str, dict[str, str]] = {
    # The digit row of French machines, and the letters that stand elsewhere there.
    "azerty": dict(zip("&é\"'(-è_çà" + "qazwQAZW,;?.µ*<", _US + "aqwzAQWZm,M;||\\", strict=True)),
    # Microsoft's «Vietnamese» layout: letters and tone marks on the digit row.
    "vietnamese": dict(zip("ăâêô\u0300\u0309\u0303\u0301\u0323đ", _US, strict=True)),
    # Shift held or Caps Lock turned on a US layout.
    "shifted": dict(zip("!@#$%^&*()", _US, strict=True)),
    # Arabic-Indic and full-width digits of other input methods.
    "wide": {chr(0xFF10 + n): str(n) for n in range(10)} | {"｜": "|"},
}
_HEAD = re.compile(r"\s*([0-9]{12})([^0-9A-Za-z\s])")


def repaired(text: str, *, test_people: bool = False) -> str:
    """The QR text where it can be read back, with «|» between the fields; else the text as it came."""
    plain = text.strip("\r\n\t ")
    for attempt in (plain, *(_typed_on(layout, plain) for layout in LAYOUTS.values())):
        head = _HEAD.match(attempt)
        if head and personal_number.is_valid(head[1], test_people=test_people):
            return _fields(attempt, head[2], test_people)
    return text


def _typed_on(layout: dict[str, str], text: str) -> str:
    return "".join(layout.get(sign, sign) for sign in text)


def _fields(text: str, separator: str, test_people: bool) -> str:
    fields = text.strip().split(separator)
    if len(fields) < 7:
        return text
    number = fields[0].strip()
    fields[0] = number
    fields[1] = _digits(fields[1])
    fields[3], fields[6] = _digits(fields[3]), _digits(fields[6])
    fields[4] = _sex(fields[4], number, test_people)
    return "|".join(fields)


def _digits(text: str) -> str:
    """Digits alone, where an input method has put a mark between or after them."""
    kept = "".join(sign for sign in text if sign.isascii() and (sign.isdigit() or sign in "/.-"))
    return kept if sum(c.isdigit() for c in kept) in (0, 4, 8, 9) else text


def _sex(text: str, number: str, test_people: bool) -> str:
    """«Nữ» with its letter lost is N or N?; the number beside it says the sex as well."""
    if fold(text) in ("nam", "nu"):
        return text
    lost = re.fullmatch(r"n[^a-z]*[uư]*[^a-z]*", text.strip().lower())
    says = personal_number.parse(number, test_people=test_people).sex
    return "Nữ" if lost and says == "female" else text
