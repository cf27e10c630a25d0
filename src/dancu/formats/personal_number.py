"""Personal number (số định danh cá nhân, số căn cước): 12 digits, one person, for life.

Specification. Digits 1–3: province where the birth was registered, among the 63 of 2016 (a merged
province keeps its code). Digit 4: century and sex (0 male, 1 female of 1900–1999; 2, 3 of
2000–2099; the table goes on to 9). Digits 5–6: last two digits of the birth year. Digits 7–12:
random; no check digit.
Source. Decree 137/2015/NĐ-CP art. 13; Circular 07/2016/TT-BCA annexes 1 and 3; Circular
59/2021/TT-BCA art. 4; Law on Identification 26/2023/QH15 art. 12.
Choices. A century digit of 4 or more (born in 2100 or later) is refused: nobody can have one yet.
Births registered abroad carry a country code instead of a province; that annex was not at hand, so
they are refused as `province_unknown`, whose hint says so. Test people have 900 + a province code.

>>> validate("024 299 000 001")
'024299000001'
>>> parse("924099000001", test_people=True)
PersonalNumber(number='924099000001', province='024', sex='male', birth_year=1999, test=True)
>>> validate("2.4299E+10")
Traceback (most recent call last):
    ...
dancu.formats.errors.FormatError: personal_number/lost_digits: a spreadsheet lost digits of the \
personal number (scientific notation)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from dancu.formats._text import digits_only, is_digits, need_digits
from dancu.formats._verbs import passes
from dancu.formats.errors import Reason, common, refusal
from dancu.reference import ids

NAME = "personal_number"
REASONS: dict[str, Reason] = common("số định danh cá nhân", "personal number") | {
    "lost_zero": Reason(
        "Số định danh cá nhân thiếu số 0 ở đầu.",
        "the leading zero of the personal number is missing",
        "Khôi phục được khi giới tính và năm sinh trong hồ sơ khớp với số; nếu không, xem thẻ gốc.",
    ),
    "province_unknown": Reason(
        "Ba chữ số đầu của số định danh không phải mã tỉnh.",
        "the first three digits are no province code of a personal number",
        "Xem lại thẻ gốc; người đăng ký khai sinh ở nước ngoài mang mã quốc gia, cần xác minh tay.",
    ),
    "birth_in_future": Reason(
        "Chữ số thế kỷ hoặc năm sinh trong số định danh ở tương lai.",
        "the number speaks of a birth that has not happened yet",
        "Xem lại chữ số thứ tư đến thứ sáu trên thẻ gốc.",
    ),
}


@dataclass(frozen=True)
class PersonalNumber:
    """The parts of a lawful number; `province` is the real code also for a test person."""

    number: str
    province: str
    sex: str
    birth_year: int
    test: bool


def compact(text: str) -> str:
    """Twelve digits where the text can be read so; never raises."""
    return digits_only(text)


def validate(text: str, *, test_people: bool = False, on: date | None = None) -> str:
    """The 12 digits, or FormatError. With `on`, nobody is born after that day's year."""
    number = compact(text)
    if _lost_zero(number, test_people):
        raise refusal(NAME, REASONS, "lost_zero")
    need_digits(NAME, REASONS, number, 12)
    if number[:3] not in _provinces(test_people):
        raise refusal(NAME, REASONS, "province_unknown")
    if number[3] > "3" or (on is not None and _birth_year(number) > on.year):
        raise refusal(NAME, REASONS, "birth_in_future")
    return number


def is_valid(text: str, *, test_people: bool = False, on: date | None = None) -> bool:
    """Whether `validate` would pass."""
    return passes(lambda: validate(text, test_people=test_people, on=on))


def format(text: str) -> str:
    """As printed on the card: twelve digits in one piece."""
    return compact(text)


def parse(text: str, *, test_people: bool = False) -> PersonalNumber:
    """The parts of a lawful number, or FormatError."""
    number = validate(text, test_people=test_people)
    test = number[0] == "9"
    return PersonalNumber(
        number=number,
        province=f"0{number[1:3]}" if test else number[:3],
        sex=ids.century_sex()[number[3]].sex,
        birth_year=_birth_year(number),
        test=test,
    )


def restore_zero(
    text: str, *, sex: str | None, birth_year: int | None, test_people: bool = False
) -> str | None:
    """The number with its lost leading zeros, only if province, sex and year then agree.

    `sex` is "male" or "female". None when sex or year is not known, when nothing is lost, or when
    they disagree: a guess is never made.

    >>> restore_zero("24299000001", sex="male", birth_year=2099)
    '024299000001'
    >>> restore_zero("24299000001", sex="female", birth_year=2099) is None
    True
    """
    short = compact(text)
    if sex is None or birth_year is None or not _may_have_lost_zero(short):
        return None
    number = short.zfill(12)
    if not is_valid(number, test_people=test_people):
        return None
    parts = parse(number, test_people=test_people)
    return number if (parts.sex, parts.birth_year) == (sex, birth_year) else None


@lru_cache(maxsize=2)
def already(*, test_people: bool = False) -> str:
    """RE2 pattern of the values that are lawful as they stand."""
    return f"(?:{'|'.join(sorted(_provinces(test_people)))})[0-3][0-9]{{8}}"


@lru_cache(maxsize=2)
def _provinces(test_people: bool) -> frozenset[str]:
    real = frozenset(ids.number_provinces())
    return real | {f"9{code[1:]}" for code in real} if test_people else real


def _birth_year(number: str) -> int:
    return ids.century_sex()[number[3]].from_year + int(number[4:6])


def _may_have_lost_zero(short: str) -> bool:
    # Codes 010–096 lose one zero, codes 001–008 two; a test number begins with 9 and loses none.
    return is_digits(short) and len(short) in (10, 11)


def _lost_zero(number: str, test_people: bool) -> bool:
    return (
        _may_have_lost_zero(number)
        and len(set(number)) > 1
        and is_valid(number.zfill(12), test_people=test_people)
    )
