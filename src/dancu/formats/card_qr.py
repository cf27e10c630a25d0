"""QR text of the citizen card (2021) and the identity card (2024): fields between upright bars.

Specification. `number|old number or empty|name|ddmmyyyy birth|sex|address|ddmmyyyy issued`; UTF-8,
Nam or Nữ. A reader that types as a keyboard adds Enter; empty fields may trail. Cards issued since
1 July 2024 have 11 fields: the same seven (the address is the place of residence), then four whose
order is not confirmed and which are kept raw. Some programs export six fields, without the old
number and with slashed dates: read as the seven. Standard form: 7 or 11 fields, dates ddmmyyyy; a
birth without its day or month is `0000yyyy` or `00mmyyyy`.
Source. Circular 06/2021/TT-BCA; Circulars 16/2024 and 17/2024/TT-BCA (contents only); the order of
the fields as seen in public code: `reference/data/ids/id_card_qr_formats.json`.
Choice. Number, birth year and sex come from one card, so they must agree.

>>> qr = "024399000002|Giáp Thị Mẫu|05/09/2099|Nữ|Thọ Xương, Bắc Giang|02/01/2022"
>>> validate(qr)
'024399000002||Giáp Thị Mẫu|05092099|Nữ|Thọ Xương, Bắc Giang|02012022'
>>> parse(qr).birth
'2099-09-05'
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from dancu.formats import old_number, personal_number
from dancu.formats._text import NEVER, tidy
from dancu.formats._verbs import passes
from dancu.formats.errors import Reason, common, refusal
from dancu.lib.text import fold

NAME = "card_qr"
ALREADY = NEVER
_SLASHED = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4})")
_SEX = {"nam": "Nam", "nu": "Nữ"}
_CODE = {"Nam": "male", "Nữ": "female"}
REASONS: dict[str, Reason] = common("mã QR trên thẻ", "card QR", "empty") | {
    "fields": Reason(
        "Mã QR không đủ hoặc thừa trường (thẻ 2021 có 7, thẻ 2024 có 11).",
        "the QR has the wrong number of fields (7 on the card of 2021, 11 on that of 2024)",
        "Quét lại thẻ; lau mặt thẻ và giữ máy quét đến khi có tiếng báo.",
    ),
    "personal_number": Reason(
        "Số định danh trong mã QR không hợp lệ.",
        "the personal number in the QR is not lawful",
        "Quét lại thẻ; nếu vẫn sai, kiểm tra thẻ thật hay giả.",
    ),
    "old_number": Reason(
        "Số chứng minh nhân dân cũ trong mã QR không phải 9 chữ số.",
        "the old number in the QR is not one of 9 digits",
        "Quét lại thẻ.",
    ),
    "name": Reason("Mã QR không có họ tên.", "the QR holds no name", "Quét lại thẻ."),
    "sex": Reason(
        "Giới tính trong mã QR không phải Nam hoặc Nữ.",
        "the sex in the QR is neither Nam nor Nữ",
        "Quét lại thẻ.",
    ),
    "date": Reason(
        "Ngày sinh hoặc ngày cấp trong mã QR không có thật.",
        "a date in the QR does not exist",
        "Quét lại thẻ; nếu bộ gõ tiếng Việt đang bật, hãy tắt khi quét.",
    ),
    "number_disagrees": Reason(
        "Số định danh không khớp năm sinh hoặc giới tính ghi trên cùng thẻ.",
        "the number disagrees with the birth year or sex on the same card",
        "Kiểm tra thẻ thật hay giả; đối chiếu cơ sở dữ liệu dân cư.",
    ),
}


@dataclass(frozen=True)
class CardQr:
    """The fields; dates as ISO text, a birth perhaps `1950` or `1950-03`; `rest` raw."""

    number: str
    old_number: str
    name: str
    birth: str
    sex: str
    address: str
    issued: str
    rest: tuple[str, ...]


def compact(text: str) -> str:
    """Seven or eleven clean fields where the text can be read so; never raises."""
    fields = [" ".join(tidy(field).split()) for field in tidy(text).split("|")]
    if len(fields) == 6 and _SLASHED.fullmatch(fields[2]):
        fields.insert(1, "")
    if 7 < len(fields) != 11 and not any(fields[7:]):
        fields = fields[:7]
    if len(fields) >= 7:
        fields[0] = personal_number.compact(fields[0])
        fields[1] = old_number.compact(fields[1])
        fields[3], fields[6] = _plain_date(fields[3]), _plain_date(fields[6])
        fields[4] = _SEX.get(fold(fields[4]), fields[4])
    return "|".join(fields)


def validate(text: str, *, test_people: bool = False) -> str:
    """The standard form, or FormatError."""
    qr = compact(text)
    if not qr:
        raise refusal(NAME, REASONS, "empty")
    fields = qr.split("|")
    if len(fields) not in (7, 11):
        raise refusal(NAME, REASONS, "fields")
    _check(fields, test_people)
    return qr


def is_valid(text: str, *, test_people: bool = False) -> bool:
    """Whether `validate` would pass."""
    return passes(lambda: validate(text, test_people=test_people))


def format(text: str) -> str:
    """As the card gives it: the standard form itself."""
    return compact(text)


def parse(text: str, *, test_people: bool = False) -> CardQr:
    """The fields of a lawful QR, or FormatError."""
    number, old, name, birth, sex, address, issued, *rest = validate(
        text, test_people=test_people
    ).split("|")
    return CardQr(number, old, name, _iso(birth), _CODE[sex], address, _iso(issued), tuple(rest))


def _check(fields: list[str], test_people: bool) -> None:
    number, old, name, birth, sex, _, issued = fields[:7]
    if not personal_number.is_valid(number, test_people=test_people):
        raise refusal(NAME, REASONS, "personal_number")
    if old and not old_number.is_valid(old):
        raise refusal(NAME, REASONS, "old_number")
    if not any(c.isalpha() for c in name):
        raise refusal(NAME, REASONS, "name")
    if sex not in _CODE:
        raise refusal(NAME, REASONS, "sex")
    if not _is_date(birth, partial=True) or not _is_date(issued, partial=False):
        raise refusal(NAME, REASONS, "date")
    says = personal_number.parse(number, test_people=test_people)
    if (says.birth_year, says.sex) != (int(birth[4:]), _CODE[sex]):
        raise refusal(NAME, REASONS, "number_disagrees")


def _plain_date(text: str) -> str:
    if slashed := _SLASHED.fullmatch(text):
        return f"{int(slashed[1]):02d}{int(slashed[2]):02d}{slashed[3]}"
    return f"0000{text}" if re.fullmatch(r"[0-9]{4}", text) else text


def _is_date(ddmmyyyy: str, *, partial: bool) -> bool:
    if not re.fullmatch(r"[0-9]{8}", ddmmyyyy):
        return False
    day, month, year = int(ddmmyyyy[:2]), int(ddmmyyyy[2:4]), int(ddmmyyyy[4:])
    if partial and day == 0:
        return month <= 12 and year >= 1
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _iso(ddmmyyyy: str) -> str:
    day, month, year = ddmmyyyy[:2], ddmmyyyy[2:4], ddmmyyyy[4:]
    return "-".join([year, *([month] if month != "00" else []), *([day] if day != "00" else [])])
