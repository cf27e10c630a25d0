"""Tax code (mã số thuế): 10 digits, 13 for a branch, and the personal number since July 2025.

Specification. Ten digits: two of the tax office, seven of a sequence, one check digit: with weights
31 29 23 19 17 13 7 5 3 over the first nine, check = 10 − (sum mod 11); a sum that gives 10 is never
issued. A branch adds three digits, 001–999, after a dash. From 1 July 2025 households and
individuals use the personal number of 12 digits in place of a tax code of their own; the code of an
organisation stays.
Source. Circular 105/2020/TT-BTC art. 5; Circular 86/2024/TT-BTC art. 5; Law on Tax Administration
38/2019/QH14 art. 35. The check digit as in python-stdnum `vn.mst`.
Keywords. `on` = the day the code is used: before 1 July 2025 twelve digits are refused as
`too_early`. `person=True` = the code of an individual: from that day ten digits are refused as
`replaced`. Without `on`, whatever was lawful on any day passes.

>>> format("0100233488002")
'0100233488-002'
>>> validate("0100233480")
Traceback (most recent call last):
    ...
dancu.formats.errors.FormatError: tax_code/check_digit: the check digit of the tax code is wrong
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dancu.formats import personal_number
from dancu.formats._text import digits_only, is_digits, need_digits
from dancu.formats._verbs import passes
from dancu.formats.errors import FormatError, Reason, common, refusal

NAME = "tax_code"
PERSONAL_NUMBER_SINCE = date(2025, 7, 1)
_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
REASONS: dict[str, Reason] = common("mã số thuế", "tax code") | {
    "check_digit": Reason(
        "Chữ số kiểm tra của mã số thuế không đúng.",
        "the check digit of the tax code is wrong",
        "Có chữ số gõ sai; tra lại trên trang của cơ quan thuế.",
    ),
    "branch": Reason(
        "Mã đơn vị phụ thuộc phải từ 001 đến 999.",
        "the branch part must be 001 to 999",
        "Bỏ ba chữ số cuối nếu đây không phải đơn vị phụ thuộc.",
    ),
    "lost_zero": Reason(
        "Mã số thuế thiếu số 0 ở đầu.",
        "the leading zero of the tax code is missing",
        "Thêm số 0 ở đầu rồi tra lại trên trang của cơ quan thuế.",
    ),
    "personal_number": Reason(
        "Mã số thuế 12 chữ số phải là số định danh cá nhân hợp lệ.",
        "a tax code of 12 digits must be a lawful personal number",
        "Xem lại thẻ căn cước của người nộp thuế.",
    ),
    "too_early": Reason(
        "Trước ngày 01/7/2025 số định danh chưa dùng làm mã số thuế.",
        "before 1 July 2025 the personal number was no tax code",
        "Ghi mã số thuế 10 chữ số đã cấp.",
    ),
    "replaced": Reason(
        "Từ ngày 01/7/2025 cá nhân dùng số định danh thay mã số thuế 10 chữ số.",
        "since 1 July 2025 an individual uses the personal number instead",
        "Ghi số định danh cá nhân 12 chữ số.",
    ),
}


@dataclass(frozen=True)
class TaxCode:
    """`kind`: organisation_or_old (10 digits), branch (13) or personal_number (12)."""

    code: str
    kind: str
    root: str
    branch: str


def compact(text: str) -> str:
    """Digits where the text can be read so, the branch without its dash; never raises."""
    return digits_only(text)


def validate(
    text: str, *, on: date | None = None, person: bool = False, test_people: bool = False
) -> str:
    """The 10, 12 or 13 digits, or FormatError."""
    code = compact(text)
    if is_digits(code) and len(code) == 9 and _check_digit("0" + code[:-1]) == code[-1]:
        raise refusal(NAME, REASONS, "lost_zero")
    need_digits(NAME, REASONS, code, 10, 12, 13)
    if len(code) == 12:
        return _validate_personal(code, on, test_people)
    if _check_digit(code[:9]) != code[9]:
        raise refusal(NAME, REASONS, "check_digit")
    if code[10:] == "000":
        raise refusal(NAME, REASONS, "branch")
    if person and on is not None and on >= PERSONAL_NUMBER_SINCE:
        raise refusal(NAME, REASONS, "replaced")
    return code


def is_valid(
    text: str, *, on: date | None = None, person: bool = False, test_people: bool = False
) -> bool:
    """Whether `validate` would pass."""
    return passes(lambda: validate(text, on=on, person=person, test_people=test_people))


def format(text: str) -> str:
    """As printed: a dash before the branch."""
    code = compact(text)
    return f"{code[:10]}-{code[10:]}" if len(code) == 13 else code


def parse(text: str, *, test_people: bool = False) -> TaxCode:
    """The parts of a lawful code, or FormatError."""
    code = validate(text, test_people=test_people)
    if len(code) == 12:
        return TaxCode(code, "personal_number", code, "")
    return TaxCode(code, "branch" if code[10:] else "organisation_or_old", code[:10], code[10:])


def already(*, test_people: bool = False) -> str:
    """RE2 pattern: only the personal number; a check digit is beyond a sane pattern."""
    return personal_number.already(test_people=test_people)


def _validate_personal(code: str, on: date | None, test_people: bool) -> str:
    if on is not None and on < PERSONAL_NUMBER_SINCE:
        raise refusal(NAME, REASONS, "too_early")
    try:
        return personal_number.validate(code, test_people=test_people)
    except FormatError as error:
        raise refusal(NAME, REASONS, "personal_number") from error


def _check_digit(nine: str) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, nine, strict=True))
    return str(10 - total % 11)
