"""What an officer may write: a verdict, a value checked by its field's format, a day."""

from __future__ import annotations

import re
from datetime import date, timedelta
from inspect import signature

from dancu.engine.report.sheet_layout import VERDICTS
from dancu.formats import FORMATS
from dancu.formats.errors import FormatError
from dancu.lib.text import fold, nfc
from dancu.reference import codes, units
from dancu.reference.fields import fields

_SERIAL = re.compile(r"\d{5}")
_UNIT_FIELDS = ("permanent_unit", "temporary_unit")
_LABELLED = re.compile(r"^([^:\n]{2,60}):\s*(.+)$")


class AnswerError(ValueError):
    """An answer that cannot be taken; the message says what and what to write instead."""


def verdict(text: str) -> str:
    """The verdict's name in code; accents, case and the dots of «Trùng với …» do not matter."""
    known = {fold(words): name for words, name in VERDICTS.items()}
    found = known.get(fold(text))
    if found is None and fold(text).startswith("trung voi"):
        return "duplicate"
    if found is None:
        raise AnswerError(
            f"kết quả «{text}» không có trong danh sách; chọn một trong: {', '.join(VERDICTS)}"
        )
    return found


def handled_on(text: str) -> date:
    """The day as dd/mm/yyyy, ISO, or a spreadsheet's serial number."""
    if _SERIAL.fullmatch(text):
        return date(1899, 12, 30) + timedelta(days=int(text))
    try:
        found = FORMATS["partial_date"].validate(text)
        return date.fromisoformat(found)
    except (FormatError, ValueError):
        raise AnswerError(f"ngày xử lý «{text}» không đọc được; ghi dạng 21/06/2024") from None


def values(text: str, field: str, *, test_people: bool) -> list[tuple[str, str]]:
    """(field, standard value) of each line: `value` is of the row's field, `Giới tính: Nữ` of the one named."""
    lines = [line.strip() for line in nfc(text).splitlines() if line.strip()]
    found = [_named(line, field) for line in lines]
    return [(name, value(raw, name, test_people=test_people)) for name, raw in found]


def _named(line: str, field: str) -> tuple[str, str]:
    match = _LABELLED.match(line)
    if match:
        named = _labels().get(fold(match[1]))
        if named:
            return named, match[2].strip()
    return field, line


def _labels() -> dict[str, str]:
    return {fold(f.label_vi): name for name, f in fields().items() if f.standard}


def value(text: str, field: str, *, test_people: bool) -> str:
    """The standard value of a field, as text; AnswerError says why it is none."""
    known = fields()[field]
    if field in _UNIT_FIELDS:
        return _unit(text)
    if known.format.startswith("codes."):
        return _code(text, known.format.removeprefix("codes."), known.label_vi)
    if known.type == "money":
        digits = re.sub(r"[.,\s]|đ(ồng)?$", "", text)
        if not digits.isdecimal():
            raise AnswerError(f"«{known.label_vi}» phải là số tiền, ví dụ 500.000")
        return digits
    if not known.format:
        return text
    return _checked(text, field, test_people=test_people)


def _checked(text: str, field: str, *, test_people: bool) -> str:
    known = fields()[field]
    module = FORMATS[known.format]
    extra = (
        {"test_people": test_people}
        if "test_people" in signature(module.validate).parameters
        else {}
    )
    try:
        found = str(module.validate(text, **extra))
    except FormatError as error:
        raise AnswerError(f"«{known.label_vi}»: {error.message_vi} {error.hint_vi}") from None
    if known.type == "date" and field != "birth_date" and len(found) != 10:
        raise AnswerError(f"«{known.label_vi}» cần đủ ngày, tháng, năm, ví dụ 21/06/2024")
    return found


def _code(text: str, name: str, label: str) -> str:
    found: str | None = getattr(codes, name).from_text(text)
    if found is None:
        raise AnswerError(
            f"«{label}»: «{text}» không có trong danh mục; ghi tên hoặc mã theo danh mục"
        )
    return found


def _unit(text: str) -> str:
    if units.history(text):
        return text
    found = FORMATS["address"].parse(text)
    if not found.code:
        raise AnswerError(
            f"không xác định được một đơn vị từ «{text}»; ghi mã 5 chữ số, hoặc tên xã, huyện, tỉnh"
        )
    return str(found.code)
