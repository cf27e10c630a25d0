"""Driving licence number (số giấy phép lái xe) of the plastic card: 12 digits.

Specification. Digits 1–2: province of issue (the last two digits of its personal-number code, 24
for old Bắc Giang). Digit 3: sex (0 male, 1 female; other digits occur and say nothing). Digits 4–5:
last two digits of the year the test was passed. Digits 6–12: sequence. No check digit.
Source. Plastic licences since Circular 38/2013/TT-BGTVT; Circular 12/2017/TT-BGTVT; since 1 March
2025 the police issue them (Circular 12/2025/TT-BCA). The meaning of digits 3–5 is common knowledge
of the trade, not read in a legal text: `parse` shows it, `validate` does not judge by it.
Choice. Paper licences before 2013 carried letters; they are refused as `old_paper`, to be changed.
A personal number has 12 digits too and cannot be told apart by its form.

>>> parse("240 191 234 567")
DrivingLicence(number='240191234567', province='024', sex='male', test_year='19')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from dancu.formats._text import digits_but, digits_only, need_digits
from dancu.formats._verbs import passes
from dancu.formats.errors import Reason, common, refusal
from dancu.reference import ids

NAME = "driving_licence"
_OLD_PAPER = re.compile(r"[A-ZĐ]{1,3}[0-9]{5,9}")
_SEX = {"0": "male", "1": "female"}
REASONS: dict[str, Reason] = common("số giấy phép lái xe", "driving licence number") | {
    "old_paper": Reason(
        "Số của giấy phép lái xe giấy bìa cũ.",
        "this is the number of an old paper licence",
        "Đề nghị công dân đổi sang giấy phép lái xe thẻ PET, rồi ghi số mới gồm 12 chữ số.",
    ),
    "province_unknown": Reason(
        "Hai chữ số đầu của số giấy phép lái xe không phải mã tỉnh.",
        "the first two digits of the driving licence are no province code",
        "Xem lại giấy phép lái xe gốc.",
    ),
    "lost_zero": Reason(
        "Số giấy phép lái xe thiếu số 0 ở đầu.",
        "the leading zero of the driving licence is missing",
        "Thêm số 0 ở đầu rồi đối chiếu với giấy phép lái xe gốc.",
    ),
}


@dataclass(frozen=True)
class DrivingLicence:
    """The parts; `sex` is "" where digit 3 does not say; `test_year` has two digits."""

    number: str
    province: str
    sex: str
    test_year: str


def compact(text: str) -> str:
    """Twelve digits where the text can be read so; never raises."""
    return digits_only(text)


def validate(text: str) -> str:
    """The 12 digits, or FormatError."""
    number = compact(text)
    if _OLD_PAPER.fullmatch(number):
        raise refusal(NAME, REASONS, "old_paper")
    need_digits(NAME, REASONS, number, 11, 12)
    # Only provinces 01–08 begin with a zero that a spreadsheet drops.
    if len(number) == 11:
        lost = f"0{number[0]}" in _provinces()
        raise refusal(NAME, REASONS, "lost_zero" if lost else "length")
    if number[:2] not in _provinces():
        raise refusal(NAME, REASONS, "province_unknown")
    return number


def is_valid(text: str) -> bool:
    """Whether `validate` would pass."""
    return passes(lambda: validate(text))


def format(text: str) -> str:
    """As printed on the card: twelve digits in one piece."""
    return compact(text)


def parse(text: str) -> DrivingLicence:
    """The parts of a lawful number, or FormatError."""
    number = validate(text)
    return DrivingLicence(number, f"0{number[:2]}", _SEX.get(number[2], ""), number[3:5])


@lru_cache(maxsize=1)
def _provinces() -> frozenset[str]:
    return frozenset(code[1:] for code in ids.number_provinces())


ALREADY: str = digits_but(12, *sorted({f"{n:02d}" for n in range(100)} - _provinces()))
