"""Machine-readable lines of the chip card: ICAO 9303 TD1, three lines of 30, one check digit more.

Specification. Line 1: `IDVNM`, document number (digits 4–12 of the personal number), its check
digit, the whole personal number, two fillers, and a check digit over that number — the extra one.
Line 2: birth yymmdd, check, sex, expiry yymmdd, check, `VNM`, 11 fillers, and a check digit over
line 1 from its sixth character, birth, expiry and the optional part. Line 3:
`SURNAME<<MIDDLE<GIVEN` without accents, or every part after `<<`. Check digit: weights 7 3 1,
letters A = 10 … Z = 35, filler 0, sum mod 10. Standard form: three lines joined by a line break.
Source. ICAO Doc 9303 part 5; extra digit: `tests/spec/formats/sample_payloads.json`.
Choice. Number, birth year and sex come from one card, so they must agree. O and I, L in places
where only digits stand are read as 0 and 1. A card for life has the expiry 991231.

>>> mrz = "IDVNM2990000011024299000001<<19901018M3901016VNM<<<<<<<<<<<6NGUYEN<<VAN<MAU" + "<" * 15
>>> parse(mrz)
CardMrz(number='024299000001', birth='990101', sex='male', expiry='390101', name='NGUYEN VAN MAU')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from dancu.formats import personal_number
from dancu.formats._text import NEVER, tidy
from dancu.formats._verbs import passes
from dancu.formats.errors import Reason, common, refusal

NAME = "card_mrz"
ALREADY = NEVER
_LENGTH = 90
_DIGITS_STAND = (*range(5, 27), 29, *range(30, 37), *range(38, 45), 59)
_DIGITS = str.maketrans("OQDIL", "00011")
_LETTERS = str.maketrans("01", "OI")
_SHAPE = re.compile(
    r"IDVNM[0-9]{22}<<[0-9]\n[0-9]{7}[MF][0-9]{7}VNM<{11}[0-9]\n[A-Z]+(?:<{1,2}[A-Z]+)*<*"
)
_SEX = {"M": "male", "F": "female"}
REASONS: dict[str, Reason] = common("dòng máy đọc MRZ", "machine-readable lines", "empty") | {
    "length": Reason(
        "Dòng máy đọc phải đủ 3 dòng, mỗi dòng 30 ký tự.",
        "there must be three lines of 30 characters",
        "Quét lại mặt sau của thẻ, giữ thẻ phẳng và đủ sáng.",
    ),
    "shape": Reason(
        "Dòng máy đọc không đúng bố cục thẻ căn cước Việt Nam.",
        "this is not the layout of a Vietnamese card",
        "Kiểm tra có phải thẻ căn cước gắn chip; quét lại mặt sau.",
    ),
    "check_digit": Reason(
        "Chữ số kiểm tra trong dòng máy đọc không đúng.",
        "a check digit of the machine-readable lines is wrong",
        "Có ký tự đọc sai; quét lại mặt sau của thẻ.",
    ),
    "date": Reason(
        "Ngày sinh hoặc ngày hết hạn trong dòng máy đọc không có thật.",
        "a date in the machine-readable lines does not exist",
        "Quét lại; nếu vẫn sai, kiểm tra thẻ thật hay giả.",
    ),
    "personal_number": Reason(
        "Số định danh trong dòng máy đọc không hợp lệ.",
        "the personal number in the machine-readable lines is not lawful",
        "Quét lại; nếu vẫn sai, kiểm tra thẻ thật hay giả.",
    ),
    "number_disagrees": Reason(
        "Số định danh không khớp số thẻ, năm sinh hoặc giới tính ở cùng dòng máy đọc.",
        "the number disagrees with the document number, birth year or sex beside it",
        "Kiểm tra thẻ thật hay giả; đối chiếu cơ sở dữ liệu dân cư.",
    ),
}


@dataclass(frozen=True)
class CardMrz:
    """The fields; dates as yymmdd, which alone do not tell the century."""

    number: str
    birth: str
    sex: str
    expiry: str
    name: str


def compact(text: str) -> str:
    """Three lines of 30 where there are 90 characters, else the bare capitals; never raises."""
    plain = tidy(tidy(text.replace("«", "<<").replace("‹", "<")).upper())
    bare = tidy(re.sub(r"\s+", "", plain))
    if len(bare) != _LENGTH:
        return bare
    read = list(bare[:60])
    for place in _DIGITS_STAND:
        read[place] = read[place].translate(_DIGITS)
    lines = "".join(read)
    return f"{lines[:30]}\n{lines[30:]}\n{bare[60:].translate(_LETTERS)}"


def validate(text: str, *, test_people: bool = False) -> str:
    """The three lines, or FormatError."""
    mrz = compact(text)
    if not mrz:
        raise refusal(NAME, REASONS, "empty")
    if len(mrz) != _LENGTH + 2:
        raise refusal(NAME, REASONS, "length")
    if not _SHAPE.fullmatch(mrz):
        raise refusal(NAME, REASONS, "shape")
    one, two, _ = mrz.split("\n")
    _check_digits(one, two)
    if not (_is_date(two[:6]) and _is_date(two[8:14])):
        raise refusal(NAME, REASONS, "date")
    _check_number(one, two, test_people)
    return mrz


def is_valid(text: str, *, test_people: bool = False) -> bool:
    """Whether `validate` would pass."""
    return passes(lambda: validate(text, test_people=test_people))


def format(text: str) -> str:
    """As printed on the card: three lines of 30."""
    return compact(text)


def parse(text: str, *, test_people: bool = False) -> CardMrz:
    """The fields of lawful lines, or FormatError."""
    one, two, three = validate(text, test_people=test_people).split("\n")
    name = " ".join(part for part in three.split("<") if part)
    return CardMrz(one[15:27], two[:6], _SEX[two[7]], two[8:14], name)


def check_digit(text: str) -> str:
    """The ICAO 9303 check digit of digits, capitals and fillers.

    >>> check_digit("299000001"), check_digit("024299000001<<")
    ('1', '1')
    """
    values = (0 if c == "<" else int(c, 36) for c in text)
    return str(sum(v * (7, 3, 1)[i % 3] for i, v in enumerate(values)) % 10)


def _check_digits(one: str, two: str) -> None:
    whole = one[5:] + two[:7] + two[8:15] + two[18:29]
    guarded = (
        (one[5:14], one[14]),
        (one[15:29], one[29]),
        (two[:6], two[6]),
        (two[8:14], two[14]),
        (whole, two[29]),
    )
    if any(check_digit(part) != digit for part, digit in guarded):
        raise refusal(NAME, REASONS, "check_digit")


def _check_number(one: str, two: str, test_people: bool) -> None:
    number = one[15:27]
    if not personal_number.is_valid(number, test_people=test_people):
        raise refusal(NAME, REASONS, "personal_number")
    says = personal_number.parse(number, test_people=test_people)
    if (number[3:], number[4:6], says.sex) != (one[5:14], two[:2], _SEX[two[7]]):
        raise refusal(NAME, REASONS, "number_disagrees")


def _is_date(yymmdd: str) -> bool:
    # 2000 is a leap year as 1900 is not; a birth on 29 February 1900 is nobody's concern any more.
    try:
        date(2000 + int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:]))
    except ValueError:
        return False
    return True
