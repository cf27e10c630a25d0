"""What a dossier list may hold: the fields of the national exchange and how portals head and word them.

Data: `services/exchange_fields.csv`, `services/exchange_words.csv`, the official names of statuses and channels.

>>> known().find("Ngày hẹn trả kết quả")[0], known().find("NgayKetThucXuLy")[0]
('due', 'ended')
>>> word("status", "ĐÃ TRẢ KẾT QUẢ"), word("channel", "qua mạng"), word("status", "lạ")
(10, 2, None)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from dancu.engine.intake.headings import Thesaurus, only
from dancu.lib.text import key
from dancu.reference import services
from dancu.reference.loader import rows

CANCELLED: Final = -1
"""No status of the exchange: the portal counts it, the register does not take it."""
MOMENTS: Final = ("filed", "received", "due", "due_moved", "ended", "returned", "refused", "at")


@dataclass(frozen=True, slots=True)
class Field:
    """One field: our role, its name in the exchange, its names for people, headings that mean it."""

    role: str
    exchange: str
    name_vi: str
    name_en: str
    headings: tuple[str, ...]


@cache
def fields() -> dict[str, Field]:
    """Role -> field, in the order of the table."""
    return {
        r["role"]: Field(
            r["role"], r["exchange"], r["name_vi"], r["name_en"], tuple(r["headings"].split("|"))
        )
        for r in rows("services/exchange_fields.csv")
    }


@cache
def known() -> Thesaurus:
    """Which heading means which role."""
    return only(tuple(_pairs()))


def _pairs() -> Iterator[tuple[str, str]]:
    for field in fields().values():
        for heading in (field.exchange, field.name_vi, *field.headings):
            yield field.role, heading


@cache
def _words() -> dict[tuple[str, str], int]:
    found = {
        (r["role"], key(r["word"])): int(r["value"]) for r in rows("services/exchange_words.csv")
    }
    for code, status in services.statuses().items():
        for said in (status.name_vi, status.code_name, str(code), f"{code:02}"):
            found["status", key(said)] = code
    for code, names in services.channels().items():
        for said in (*names, str(code)):
            found["channel", key(said)] = code
    return found


def word(role: str, text: str) -> int | None:
    """The code that a cell of `role` (status, channel, yes) means."""
    plain = key(text)
    return _words().get((role, plain.removesuffix(".0") if plain else plain))
