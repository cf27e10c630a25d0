"""Old identity card number (chứng minh nhân dân): 9 digits, until the card of 12 digits came.

Specification. Nine digits; the first two or three stand for the police office that issued it, the
rest is a sequence. No check digit. One person could have had several, and one number could stand
for two people, so it never joins records alone. Not issued since 2021; lawful as an identifier on
old papers, and the cards themselves ended on 31 December 2024.
Source. Decree 05/1999/NĐ-CP art. 3; Law on Identification 26/2023/QH15 art. 46.
Choice. A lost leading zero cannot be told from a missing digit (nothing else in the number
speaks), so 8 digits are refused as `length` and never repaired.

>>> validate("121 999 999")
'121999999'
>>> is_valid("12199999")
False
"""

from __future__ import annotations

from dancu.formats._text import digits_but, digits_only, need_digits
from dancu.formats._verbs import passes
from dancu.formats.errors import Reason, common, refusal

NAME = "old_number"
ALREADY = digits_but(9)
REASONS: dict[str, Reason] = common("số chứng minh nhân dân", "old identity card number") | {
    "is_personal_number": Reason(
        "Đây là số định danh 12 chữ số, không phải số chứng minh nhân dân 9 chữ số.",
        "this is a 12-digit personal number, not an old number of 9 digits",
        "Chuyển giá trị sang cột số định danh cá nhân.",
    ),
}


def compact(text: str) -> str:
    """Nine digits where the text can be read so; never raises."""
    return digits_only(text)


def validate(text: str) -> str:
    """The 9 digits, or FormatError."""
    number = need_digits(NAME, REASONS, compact(text), 9, 12)
    if len(number) == 12:
        raise refusal(NAME, REASONS, "is_personal_number")
    return number


def is_valid(text: str) -> bool:
    """Whether `validate` would pass."""
    return passes(lambda: validate(text))


def format(text: str) -> str:
    """As printed on the card: nine digits in one piece."""
    return compact(text)
