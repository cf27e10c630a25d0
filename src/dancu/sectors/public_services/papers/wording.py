"""How documents write moments, money, limits and values of a form, as an office does. Pure but for codes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from dancu.kit.people import worded
from dancu.kit.web import register_day
from dancu.reference.services import Procedure

ROLES = {"citizen": "Người nộp", "officer": "Cán bộ", "leader": "Lãnh đạo", "system": "Hệ thống"}


def long_date(day: dt.date) -> str:
    """As Decree 30/2020 writes it: a nought before days below 10 and before January and February.

    >>> long_date(dt.date(2025, 2, 7)), long_date(dt.date(2025, 7, 17))
    ('ngày 07 tháng 02 năm 2025', 'ngày 17 tháng 7 năm 2025')
    """
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def moment(at: dt.datetime) -> str:
    """
    >>> moment(dt.datetime(2025, 7, 16, 17, 0))
    '17 giờ 00 phút, ngày 16 tháng 7 năm 2025'
    """
    return f"{at.hour:02d} giờ {at.minute:02d} phút, {long_date(at)}"


def short_moment(at: dt.datetime) -> str:
    """
    >>> short_moment(dt.datetime(2025, 7, 16, 8, 5))
    '08 giờ 05, ngày 16/07/2025'
    """
    return f"{at.hour:02d} giờ {at.minute:02d}, ngày {at:%d/%m/%Y}"


def money(dong: int) -> str:
    """
    >>> money(1234567)
    '1.234.567'
    """
    return f"{dong:,}".replace(",", ".")


def limit(procedure: Procedure) -> str:
    """The time limit in words."""
    if procedure.limit_unit == "hour":
        return f"{procedure.limit:02d} giờ làm việc"
    return f"{procedure.limit:02d} ngày làm việc" if procedure.limit else "trong ngày làm việc"


def lowered(name: str) -> str:
    """A unit's name within a sentence.

    >>> lowered("Phường Trần Nguyên Hãn")
    'phường Trần Nguyên Hãn'
    """
    return name[:1].lower() + name[1:]


def value(field: str, given: Any) -> str:
    """A value of a form, whole, as a document shows it.

    >>> value("home_town", "  Tân Yên "), value("stay_from", "2025-07-01"), value("x", {"name": "Lê B", "number": "9"})
    ('Tân Yên', '01/07/2025', 'Lê B, số định danh 9')
    """
    if given is None or given == "":
        return ""
    if isinstance(given, Mapping):
        name, number = (str(given.get(part) or "").strip() for part in ("name", "number"))
        return ", ".join(filter(None, (name, number and f"số định danh {number}")))
    if isinstance(given, list | tuple):
        return "; ".join(filter(None, (value(field, one) for one in given)))
    text = " ".join(str(given).split())
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return "/".join(reversed(text.split("-")))
    if field not in _CODED:
        return text
    # A unit is named with its code on screens, without it in documents.
    return re.sub(r" \(\d+\)$", "", worded(field, text, on=register_day(), full=True))


_CODED = frozenset(
    {"sex", "ethnic", "nationality", "permanent_unit", "temporary_unit", "birth_date"}
)
"""Fields whose values may be codes of the register; everything else is shown as it was written."""
