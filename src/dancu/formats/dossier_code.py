"""Dossier code of the one-stop service (mã số hồ sơ): agency, day of receipt, number of the day.

Specification. `V1V2V3.Z1Z2.Y1Y2.MX1X2-YYMMDD-XXXX`: unit of the third level (3 digits), of the
second (2), of the first (2), province or ministry (a letter and two digits, H02 Bắc Giang); day of
receipt; number of the dossier in that day (4 digits). Since Decision 20/2020/QĐ-TTg agencies write
their code from the top down (H02.24.19-240621-0001); both are lawful.
Source. Circular 01/2018/TT-VPCP art. 19; Decision 20/2020/QĐ-TTg.

>>> validate("000.19.24.h02 - 240621 - 0001")
'000.19.24.H02-240621-0001'
>>> parse("000.19.24.H02-240621-0001").received
datetime.date(2024, 6, 21)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from dancu.formats._text import is_stand_in, tidy
from dancu.formats._verbs import passes
from dancu.formats.errors import Reason, common, refusal

NAME = "dossier_code"
_FROM_BELOW = re.compile(r"[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}")
_FROM_TOP = re.compile(r"[A-Z][0-9]{2}(?:\.[0-9]{2,3}){0,3}")
_TAIL = re.compile(r"(.+)-([0-9]{6})-([0-9]{4})")
_UNBROKEN = re.compile(r"([0-9]{3})([0-9]{2})([0-9]{2})([A-Z][0-9]{2})([0-9]{6})([0-9]{4})")
# An agency's letter is never O or I; both stand for digits wherever they touch one.
_OH = re.compile(r"(?<=[0-9.\-O])O|O(?=[0-9O])")
ALREADY = (
    r"[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-HJ-NP-Z][0-9]{2}"
    r"-[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|1[0-9]|2[0-8])-(?:[1-9][0-9]{3}|0[1-9][0-9]{2})"
)
REASONS: dict[str, Reason] = common("mã số hồ sơ", "dossier code", "empty", "placeholder") | {
    "shape": Reason(
        "Mã số hồ sơ không đúng dạng 000.19.24.H02-240621-0001.",
        "this is not the shape of a dossier code (000.19.24.H02-240621-0001)",
        "Chép lại từ giấy tiếp nhận hồ sơ và hẹn trả kết quả.",
    ),
    "received_date": Reason(
        "Ngày tiếp nhận trong mã số hồ sơ không có thật.",
        "the day of receipt in the dossier code does not exist",
        "Sáu chữ số giữa là năm, tháng, ngày; xem lại giấy tiếp nhận.",
    ),
    "sequence": Reason(
        "Số thứ tự trong mã số hồ sơ là 0000.",
        "the number of the dossier in its day is 0000",
        "Xem lại bốn chữ số cuối trên giấy tiếp nhận.",
    ),
}


@dataclass(frozen=True)
class DossierCode:
    """The agency's code as written, its ministry or province, the day and the number in it."""

    agency: str
    top: str
    received: date
    sequence: int


def compact(text: str) -> str:
    """Capitals without blanks, with dots and dashes where they belong; never raises."""
    plain = tidy(re.sub(r"\s+", "", tidy(tidy(text).upper()).replace("_", "-")))
    read = _OH.sub("0", plain)
    if found := _UNBROKEN.fullmatch(re.sub(r"[.\-]", "", read)):
        return f"{'.'.join(found.groups()[:4])}-{found[5]}-{found[6]}"
    return read


def validate(text: str) -> str:
    """The standard form, or FormatError."""
    code = compact(text)
    if not code:
        raise refusal(NAME, REASONS, "empty")
    if is_stand_in(code):
        raise refusal(NAME, REASONS, "placeholder")
    found = _TAIL.fullmatch(code)
    if not found or not (_FROM_BELOW.fullmatch(found[1]) or _FROM_TOP.fullmatch(found[1])):
        raise refusal(NAME, REASONS, "shape")
    _received(found[2])
    if found[3] == "0000":
        raise refusal(NAME, REASONS, "sequence")
    return code


def is_valid(text: str) -> bool:
    """Whether `validate` would pass."""
    return passes(lambda: validate(text))


def format(text: str) -> str:
    """As printed on the receipt: the standard form itself."""
    return compact(text)


def parse(text: str) -> DossierCode:
    """The parts of a lawful code, or FormatError."""
    agency, day, sequence = validate(text).rsplit("-", 2)
    below = agency[0].isdigit()
    top = agency.rsplit(".", 1)[-1] if below else agency.split(".", 1)[0]
    return DossierCode(agency, top, _received(day), int(sequence))


def _received(yymmdd: str) -> date:
    try:
        return date(2000 + int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:]))
    except ValueError as error:
        raise refusal(NAME, REASONS, "received_date") from error
