"""Address in words -> commune, over all eras of the units since 2024. Guesses nothing silently.

Specification. An address is written from the particular to the general: house, street, hamlet,
then commune, district (until 30 June 2025) and province. It is read from its tail. Type words may
be short (X. P. TT. H. Q. TX. TP. T.), wrong, misspelt or missing; marks may be missing or misplaced;
words may be glued or scanned badly; parts may be missing or in another order. All units of all eras
and the former names of Bắc Giang are tried together, and the era is part of the answer. Several
units of equal score stay several: `ambiguous`, with all `candidates`.

Source. Unit lists and changes of `dancu.reference.units` (Decision 19/2025/QĐ-TTg and the lists
before it; Resolutions 1191/NQ-UBTVQH15, 1658/NQ-UBTVQH15; the acts of 2026).

>>> found = parse("Số 5 ngõ 2, X.Thanh Vân, H.Hiệp Hòa, T.Bắc Giang")
>>> found.code, found.head, [str(day) for day in found.eras]
('07816', 'Số 5 ngõ 2', ['2024-05-01'])
>>> parse("Xã Tân Sơn").reason
'ambiguous'
>>> validate("xã Xuân Cẩm,Bắc Ninh")
'xã Xuân Cẩm, Bắc Ninh'
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from dancu.formats._text import NEVER, tidy
from dancu.formats.address.matcher import match
from dancu.formats.address.model import AddressMatch, Candidate
from dancu.formats.errors import FormatError, Reason, refusal

__all__ = [
    "ALREADY",
    "NAME",
    "REASONS",
    "AddressMatch",
    "Candidate",
    "Columns",
    "compact",
    "format",
    "is_valid",
    "official",
    "parse",
    "parse_many",
    "validate",
]

NAME = "address"
ALREADY = NEVER
_COMMAS = re.compile(r"\s*[,;]+[\s,;]*")

REASONS = {
    "empty": Reason(
        "Để trống địa chỉ.",
        "the address is empty",
        "Hỏi lại công dân hoặc xem giấy tờ cư trú rồi nhập đủ xã và tỉnh.",
    ),
    "not_found": Reason(
        "Không nhận ra xã, phường, thị trấn nào trong địa chỉ.",
        "no commune, ward or township was recognised in the address",
        "Ghi lại tên xã (phường), huyện (nếu trước 01/7/2025) và tỉnh, cách nhau bằng dấu phẩy.",
    ),
    "ambiguous": Reason(
        "Địa chỉ có thể là nhiều đơn vị hành chính khác nhau.",
        "the address can mean several units",
        "Ghi thêm huyện, tỉnh hoặc loại đơn vị (xã, phường, thị trấn) để phân biệt.",
    ),
    "no_commune": Reason(
        "Địa chỉ chỉ có tỉnh hoặc huyện, chưa có xã.",
        "the address names a province or district but no commune",
        "Bổ sung tên xã, phường hoặc thị trấn.",
    ),
}


def parse(text: str, *, on: date | None = None, province: str | None = None) -> AddressMatch:
    """The unit that a text names, with its eras, score, candidates and the head left over.

    `on`: among readings of equal score those in force on the day are kept. `province` (code or
    name) stands in where the text names none. Never raises.
    """
    return match(text, on=on, province=province)


class Columns(TypedDict):
    """What `parse_many` answers: one list a column, in the order of the texts."""

    commune_code: list[str | None]
    era: list[str | None]
    score: list[float]
    n_candidates: list[int]
    head: list[str]
    reason: list[str]


def parse_many(
    texts: Sequence[str], on: date | None = None, province: str | None = None
) -> Columns:
    """`parse` over a column; `era` is the ISO first day of the newest state that fits."""
    found = [match(text, on=on, province=province) for text in texts]
    return {
        "commune_code": [m.commune_code for m in found],
        "era": [m.eras[-1].isoformat() if m.eras else None for m in found],
        "score": [m.score for m in found],
        "n_candidates": [len(m.candidates) for m in found],
        "head": [m.head for m in found],
        "reason": [m.reason for m in found],
    }


def compact(text: str) -> str:
    """Composed letters, single blanks, one comma between parts.

    >>> compact(" Xã Đông Phú ;Tỉnh  Bắc Ninh. ")
    'Xã Đông Phú, Tỉnh Bắc Ninh'
    """
    joined = _COMMAS.sub(", ", " ".join(tidy(text).split()))
    return joined.strip(" ,.")


def validate(text: str, *, on: date | None = None, province: str | None = None) -> str:
    """The compact address when it names one commune; FormatError with the reason otherwise."""
    plain = compact(text)
    found = match(plain, on=on, province=province)
    if found.level in ("district", "province"):
        raise refusal(NAME, REASONS, "no_commune")
    if found.reason != "found":
        raise refusal(NAME, REASONS, found.reason)
    return plain


def is_valid(text: str, *, on: date | None = None, province: str | None = None) -> bool:
    """Whether the address names one commune."""
    try:
        validate(text, on=on, province=province)
    except FormatError:
        return False
    return True


def format(text: str) -> str:
    """The way people write it: the compact form."""
    return compact(text)


def official(found: AddressMatch) -> str:
    """The address in official spelling: the head as given, then the unit's full path.

    >>> official(parse("thon Dong, x dong phu, luc nam, bac giang"))
    'thon Dong, Xã Đông Phú, Huyện Lục Nam, Tỉnh Bắc Giang'
    """
    return ", ".join(t for t in (found.head, found.name) if t)
