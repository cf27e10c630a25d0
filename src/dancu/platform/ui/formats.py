"""How values are written on a screen, in both languages: Vietnamese habits throughout.

>>> number(1234567), percent(0.96672), dong(13000000000)
('1.234.567', '96,67%', '13.000.000.000 đồng')
>>> masked("924299000017"), masked("0912345678")
('924•••••0017', '091•••5678')
"""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone

NOTHING = "—"


def number(value: Any, places: int = 0) -> str:
    """1.234.567 or 12,50; a dash for nothing."""
    if value is None or value == "":
        return NOTHING
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{rounded:,f}".translate(str.maketrans(",.", ".,"))


def percent(share: Any, places: int = 2) -> str:
    """A share between 0 and 1 as 96,67%; rounded half up, as the reports are."""
    return NOTHING if share is None or share == "" else number(Decimal(str(share)) * 100, places) + "%"  # fmt: skip


def dong(value: Any) -> str:
    """An amount of money in full."""
    return NOTHING if value is None or value == "" else f"{number(value)} đồng"


def day(value: dt.date | dt.datetime | str | None) -> str:
    """dd/mm/yyyy; a time is first taken to Vietnam's clock."""
    if not value:
        return NOTHING
    if isinstance(value, str):
        value = dt.date.fromisoformat(value[:10])
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value:%d/%m/%Y}"


def moment(value: dt.datetime | None) -> str:
    """dd/mm/yyyy HH:MM on Vietnam's clock."""
    if not value:
        return NOTHING
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{local:%d/%m/%Y %H:%M}"


def masked(value: str | None) -> str:
    """The first three and the last four signs; what is shorter than eight shows only its last two."""
    if not value:
        return NOTHING
    if len(value) < 8:
        return "•" * max(len(value) - 2, 1) + value[-2:]
    return value[:3] + "•" * (len(value) - 7) + value[-4:]
