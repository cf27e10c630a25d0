"""What is wrong with an entry, field by field, in both languages; what was typed is never repeated.

The words of a format's error are the format's own; the few that no format says stand here.

>>> told("full_name", "missing").vi, told("personal_number", "length").en
('Chưa nhập.', 'The personal number has the wrong length.')
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dancu.engine.events.entered import Problem
from dancu.formats import FORMATS
from dancu.reference.fields import fields

_WORDS: dict[str, tuple[str, str]] = {
    "missing": ("Chưa nhập.", "Required and empty."),
    "not_asked": ("Loại sự kiện này không có mục này.", "Not a field of this kind of event."),
    "not_in_list": ("Không có trong danh mục.", "Not in the list of codes."),
    "in_future": ("Ngày này sau ngày của sổ dân cư.", "The day lies after the register's day."),
    "imprecise": ("Cần đủ ngày, tháng, năm.", "Day, month and year are needed."),
    "placeholder": ("Ghi tạm, chưa phải thông tin thật.", "A stand-in, not real information."),
    "unknown": ("Không có đơn vị này.", "There is no such unit."),
    "not_a_number": ("Không phải số tiền.", "Not an amount."),
    "too_long": ("Dài quá 500 ký tự.", "Longer than 500 characters."),
    "not_text": ("Phải là chữ.", "Must be text."),
    "control_characters": ("Có ký tự không in được.", "Holds characters that cannot be printed."),
    "outside": (
        "Người này thuộc đơn vị khác: xin truy cập ngoài địa bàn, hoặc gửi về đơn vị đó.",
        "This person belongs to another unit: ask for extraordinary access, or send it there.",
    ),
    "no_right": ("Chưa được giao ghi loại sự kiện này.", "No right to record this kind of event."),
    "unknown_person": ("Không có công dân mang mã này trong phạm vi được xem.", "No such citizen within your reach."),
}  # fmt: skip
_FORMAT_OF = {"address": "address", "commune_code": "address", "current_address": "address"}
_OTHER = ("Không đọc được; xem lại cách ghi.", "Cannot be read; look at how it is written.")
_CASE = {"in_future": "in_future"}


@dataclass(frozen=True)
class Told:
    """One field's problem in words."""

    role: str
    reason: str
    vi: str
    en: str

    def as_json(self) -> dict[str, str]:
        """As the API sends it."""
        return {"field": self.role, "reason": self.reason, "detail": self.vi, "detail_en": self.en}


def told(role: str, reason: str) -> Told:
    """The words for one role and reason."""
    found = _of_format(role, reason) or _WORDS.get(reason) or _OTHER
    return Told(role, reason, *found)


def all_told(problems: Iterable[Problem]) -> list[Told]:
    """One for each field: the first that was found."""
    first = {problem.role: problem for problem in reversed(list(problems))}
    return [told(*problem) for problem in reversed(first.values())]


def label(role: str, language: str = "vi") -> str:
    """What the field is called."""
    field = fields().get(role)
    if field is None:
        return role
    return field.label_en if language == "en" else field.label_vi


def _of_format(role: str, reason: str) -> tuple[str, str] | None:
    field = fields().get(role)
    name = _FORMAT_OF.get(role) or (field.format if field else "")
    reasons: dict[str, Any] = getattr(FORMATS[name], "REASONS", {}) if name in FORMATS else {}
    if reason not in reasons:
        return None
    words = reasons[reason]
    english = words.message_en
    return f"{words.message_vi} {words.hint_vi}", f"{english[:1].upper()}{english[1:]}."
