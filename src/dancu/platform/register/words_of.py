"""Values as a screen shows them: codes by name, days as dd/mm/yyyy, every number masked unless it was asked for.

>>> is_number("phone"), is_number("full_name")
(True, False)
>>> without_numbers("ghi theo CMND 024 299 000 017")
'ghi theo CMND 024•••••0017'
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.utils.translation import get_language

from dancu.engine.report.values import shown
from dancu.platform.ui.formats import masked
from dancu.reference.fields import Field, fields

_ALSO = {"household_number"}
"""Numbers of a household and not of a person: shown, since officers sort their paper by them."""
_NUMBERS = {
    "personal_number", "old_number", "id_number", "father_number", "mother_number", "spouse_number", "phone",
    "bhxh_number", "bhyt_card", "tax_code", "driving_licence", "bank_account", "student_code", "card_qr", "plate",
}  # fmt: skip
_RUN = re.compile(r"\d(?:[ .\-]?\d){7,}")
_DOSSIER = re.compile(
    r"((?<![\w.\-])[A-Z]\d{2}(?:\.\d{2,3}){0,3}-\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-\d{4}(?![\d\-]))"
)
_LETTERED = re.compile(r"\b[A-Z]{2}\d[\d ]{9,}\b")


def is_number(field: str) -> bool:
    """Whether the field holds a number that leads to the person, and so is masked."""
    return field in _NUMBERS and field not in _ALSO


def label(field: str) -> str:
    """The field's name in the language of the page."""
    known = fields().get(field)
    if known is None:
        return field
    return known.label_en if get_language() == "en" else known.label_vi


def worded(field: str, value: Any, *, on: dt.date, full: bool = False) -> str:
    """A standard value in words; '' for nothing."""
    if value is None or value == "":
        return ""
    if is_number(field):
        return str(value) if full else masked(str(value))
    return shown(field, str(value), on=on, show_numbers=True)


def given(role: str, value: Any) -> str:
    """A cell as it stood in a list, its numbers masked."""
    text = "" if value is None else str(value)
    return masked(re.sub(r"\s", "", text)) if is_number(role) and text else without_numbers(text)


def without_numbers(text: str) -> str:
    """A text in which long numbers, wherever they stand, are masked; a dossier's code is none.

    >>> without_numbers("hồ sơ H02.07.204-240621-0001 của 024299000017")
    'hồ sơ H02.07.204-240621-0001 của 024•••••0017'
    """
    masked_run = lambda found: masked(re.sub(r"[ .\-]", "", found[0]))  # noqa: E731
    parts = _DOSSIER.split(text)
    parts[::2] = [_RUN.sub(masked_run, _LETTERED.sub(masked_run, part)) for part in parts[::2]]
    return "".join(parts)


def group_of(field: str) -> str:
    """The group by which rights open a field; '' for one that is not in the dictionary."""
    known: Field | None = fields().get(field)
    return known.group if known else ""
