"""Social-insurance number (mã số bảo hiểm xã hội): 10 digits, one person, for life.

Specification. Ten digits. The first two are the code of the province whose agency gave the number
(24 for old Bắc Giang; the armed forces have codes of their own, so no list is enforced); the rest
is a sequence. No check digit. Since the agency moved to the personal number in 2025, its lists also
carry 12 digits in this column: these are refused as `is_personal_number`, so that they are moved to
their own column and not lost.
Source. Decision 595/QĐ-BHXH of 2017 art. 2; Decision 1263/QĐ-BHXH of 2017 on the code list; the
move to the personal number is from general knowledge.
Choice. Numbers of test people begin with 99.

>>> validate("9900 000 001")
'9900000001'
>>> validate("990000001")
Traceback (most recent call last):
    ...
dancu.formats.errors.FormatError: bhxh_number/length: the social-insurance number has the wrong \
length
"""

from __future__ import annotations

from dancu.formats._text import digits_but, digits_only, need_digits
from dancu.formats._verbs import passes
from dancu.formats.errors import Reason, common, refusal

NAME = "bhxh_number"
ALREADY = digits_but(10, "00")
REASONS: dict[str, Reason] = common("mã số bảo hiểm xã hội", "social-insurance number") | {
    "province_unknown": Reason(
        "Hai chữ số đầu của mã số bảo hiểm xã hội là 00, không phải mã tỉnh.",
        "the first two digits are 00, which is no province",
        "Xem lại sổ hoặc thẻ bảo hiểm.",
    ),
    "is_health_card": Reason(
        "Đây là số thẻ bảo hiểm y tế 15 ký tự, không phải mã số bảo hiểm xã hội.",
        "this is a health-insurance card number of 15 characters",
        "Chuyển giá trị sang cột thẻ bảo hiểm y tế; 10 chữ số cuối của thẻ là mã số cần tìm.",
    ),
    "is_personal_number": Reason(
        "Đây là số định danh 12 chữ số, không phải mã số bảo hiểm xã hội 10 chữ số.",
        "this is a 12-digit personal number, not a social-insurance number of 10 digits",
        "Chuyển giá trị sang cột số định danh cá nhân.",
    ),
}


def compact(text: str) -> str:
    """Ten digits where the text can be read so; never raises."""
    return digits_only(text)


def validate(text: str) -> str:
    """The 10 digits, or FormatError."""
    number = compact(text)
    if len(number) == 15 and number[:2].isalpha() and number[2:].isdigit():
        raise refusal(NAME, REASONS, "is_health_card")
    need_digits(NAME, REASONS, number, 10, 12)
    if len(number) == 12:
        raise refusal(NAME, REASONS, "is_personal_number")
    if number.startswith("00"):
        raise refusal(NAME, REASONS, "province_unknown")
    return number


def is_valid(text: str) -> bool:
    """Whether `validate` would pass."""
    return passes(lambda: validate(text))


def format(text: str) -> str:
    """As printed: ten digits in one piece."""
    return compact(text)
