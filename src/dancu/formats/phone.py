"""Telephone number in Vietnam, in the numbering of today: 10 digits mobile, 11 digits land line.

Specification. Mobile: a prefix of three digits and seven more (0912345678). Land line: the area
code (024, 028 or four digits, Bắc Giang 0204) and eight or seven more, the first of them 2–9.
Old numbers are lawful and are answered in today's form: mobile numbers of 11 digits until 15
September 2018 (0162… → 032…), area codes until 17 June 2017 (0240 → 0204, 04 → 024). A zero lost
in a spreadsheet and +84 / 0084 / 84 are put right.
Source. Decision 2036/QĐ-BTTTT of 2016 (area codes), Decision 798/QĐ-BTTTT of 2018 (mobile),
Circular 22/2014/TT-BTTTT (plan). Tables in `reference/data/ids`.
Choice. Ten digits such as 083… were a land line of Hồ Chí Minh City before June 2017 and are a
mobile number since 2018: read as mobile, unless `on` (the day the list was written) is before 17
June 2017. Service numbers (113, 1900…) are nobody's own and are refused.

>>> validate("0162 123 4567"), validate("+84 (0)240 3854 123"), validate("912345678")
('0321234567', '02043854123', '0912345678')
>>> validate("083 8123456", on=date(2016, 1, 1))
'02838123456'
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from dancu.formats._text import digits_but, digits_only, is_scientific, need_digits, tidy
from dancu.formats._verbs import passes
from dancu.formats.errors import Reason, common, refusal
from dancu.reference import ids

NAME = "phone"
AREA_CODES_CHANGED = date(2017, 6, 17)
_NOT_DIALLED = re.compile(r"[+()\[\]]+")
_BRACKETED_ZERO = re.compile(r"\(0\)")
REASONS: dict[str, Reason] = common("số điện thoại", "telephone number") | {
    "several": Reason(
        "Có nhiều số điện thoại trong một ô.",
        "several telephone numbers stand in one cell",
        "Tách mỗi số một ô; giữ số đang dùng.",
    ),
    "service_number": Reason(
        "Đây là số dịch vụ, không phải số của công dân.",
        "this is a service number, nobody's own",
        "Hỏi lại số điện thoại của công dân.",
    ),
    "prefix_unknown": Reason(
        "Đầu số điện thoại không có trong quy hoạch đánh số.",
        "no telephone number begins like this",
        "Gọi thử hoặc hỏi lại công dân.",
    ),
}


@dataclass(frozen=True)
class Phone:
    """`kind` mobile or landline; `of` the operator at allocation or the province."""

    number: str
    kind: str
    of: str


def compact(text: str) -> str:
    """Digits with the national 0 in place of +84, 0084 or 84; never raises."""
    plain = tidy(text)
    if is_scientific(plain):
        return plain.upper()
    number = digits_only(_NOT_DIALLED.sub("", _BRACKETED_ZERO.sub("", plain)))
    abroad = number.removeprefix("00")
    if number.isdigit() and abroad.startswith("84") and len(abroad) >= 11:
        return "0" + abroad[2:].lstrip("0")
    return number


def validate(text: str, *, on: date | None = None) -> str:
    """Today's 10 or 11 digits, or FormatError."""
    number = compact(text)
    if number.isdigit() and (number[:4] in ("1800", "1900") or 3 <= len(number) <= 4):
        raise refusal(NAME, REASONS, "service_number")
    if number.isdigit() and 18 <= len(number) <= 24 and len(set(number)) > 1:
        raise refusal(NAME, REASONS, "several")
    need_digits(NAME, REASONS, number, 9, 10, 11)
    national = number if number.startswith("0") else f"0{number}"
    if len(national) not in (10, 11):
        raise refusal(NAME, REASONS, "length")
    today = _today(national, on)
    if today is None:
        raise refusal(NAME, REASONS, "prefix_unknown")
    if not today[3:].strip("0"):
        raise refusal(NAME, REASONS, "placeholder")
    return today


def is_valid(text: str, *, on: date | None = None) -> bool:
    """Whether `validate` would pass."""
    return passes(lambda: validate(text, on=on))


def format(text: str) -> str:
    """In groups as people say it: `0912 345 678`, `0204 3854 123`, `024 3854 1234`."""
    number = compact(text)
    if not number.isdigit() or len(number) not in (10, 11):
        return number
    first = 3 if number[:3] in ("024", "028") and len(number) == 11 else 4
    second = 3 if len(number) == 10 else 4
    return f"{number[:first]} {number[first : first + second]} {number[first + second :]}"


def parse(text: str, *, on: date | None = None) -> Phone:
    """Number, kind, and operator or province; or FormatError."""
    number = validate(text, on=on)
    if len(number) == 10:
        return Phone(number, "mobile", ids.mobile_prefixes()[number[:3]])
    provinces = ids.landline_provinces()
    return Phone(number, "landline", provinces.get(number[:3]) or provinces[number[:4]])


def _today(number: str, on: date | None) -> str | None:
    """`number` (with its 0) in today's plan; None when no plan knows it."""
    if len(number) == 10:
        mobile = number if number[:3] in ids.mobile_prefixes() else None
        landline = _old_landline(number)
        if on is not None and on < AREA_CODES_CHANGED:
            return landline or mobile
        return mobile or landline
    return _old_mobile(number) or _landline(number) or _old_landline(number)


def _old_mobile(number: str) -> str | None:
    prefix = ids.mobile_change_2018().get(number[:4])
    return prefix + number[4:] if prefix else None


def _landline(number: str) -> str | None:
    # In 024 and 028 the digit after the code tells them from old codes such as 0240 and 0280.
    code = 3 if number[:3] in ids.landline_provinces() and number[3] > "1" else 4
    known = number[:code] in ids.landline_provinces()
    return number if known and number[code] > "1" else None


def _old_landline(number: str) -> str | None:
    # Old code and number: 2 + 8, 3 + 7 or 4 + 7 digits.
    for code in (2, 3) if len(number) == 10 else (4,):
        new = ids.landline_change_2017().get(number[:code])
        # 086, 088, 089 were mobile before the area codes changed.
        if new and number[code] > "1" and number[:3] not in ("086", "088", "089"):
            return new + number[code:]
    return None


def _already() -> str:
    area4 = "|".join(code for code in ids.landline_provinces() if len(code) == 4)
    mobile = f"(?:{'|'.join(ids.mobile_prefixes())}){digits_but(7)}"
    return f"{mobile}|(?:024|028)[2-9][0-9]{{7}}|(?:{area4})[2-9][0-9]{{6}}"


ALREADY: str = _already()
