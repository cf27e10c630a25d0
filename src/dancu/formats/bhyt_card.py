"""Health-insurance card number (thẻ bảo hiểm y tế): 15 characters, or the 10 digits of 2021.

Specification. Until 2021: two letters (object code: who is insured), one digit (benefit level 1–5),
two digits (province of issue), ten digits (the holder's social-insurance number). Cards of the form
of 1 April 2021 show only those ten digits; object and level are then looked up, not read.
Source. Decision 1351/QĐ-BHXH of 2015 (codes); Decision 1666/QĐ-BHXH of 2020 (new card); levels and
object codes in `reference/data/ids`.
Choice. The level need not be the usual one of its object (a holder may rise), so a rule compares
them; the format only refuses codes that do not exist. Province: the codes of 2016, 97 and 98 (the
forces).

>>> format("GD 4 24 99 0000 0001")
'GD 4 24 9900000001'
>>> parse("GD4249900000001").share_percent
80
>>> validate("GD9249900000001")
Traceback (most recent call last):
    ...
dancu.formats.errors.FormatError: bhyt_card/level_unknown: the benefit level is not 1 to 5
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from dancu.formats import bhxh_number
from dancu.formats._text import (
    digits_but,
    digits_only,
    is_scientific,
    is_stand_in,
    read_digits,
    tidy,
)
from dancu.formats._text import without_separators as bare_of
from dancu.formats._verbs import passes
from dancu.formats.errors import Reason, common, refusal
from dancu.reference import ids

NAME = "bhyt_card"
REASONS: dict[str, Reason] = common("số thẻ bảo hiểm y tế", "health-insurance card number") | {
    "object_unknown": Reason(
        "Hai chữ cái đầu của thẻ bảo hiểm y tế không có trong danh mục đối tượng.",
        "the two letters are no object code of the health-insurance card",
        "Xem lại thẻ; các mã hay gặp: GD hộ gia đình, HS học sinh, TE trẻ em, HT hưu trí.",
    ),
    "level_unknown": Reason(
        "Ký tự thứ ba của thẻ bảo hiểm y tế (mức hưởng) không phải 1 đến 5.",
        "the benefit level is not 1 to 5",
        "Xem lại ký tự thứ ba trên thẻ.",
    ),
    "province_unknown": Reason(
        "Ký tự 4–5 của thẻ bảo hiểm y tế không phải mã tỉnh.",
        "characters 4 and 5 are no province code of the health-insurance card",
        "Xem lại ký tự thứ tư và thứ năm trên thẻ.",
    ),
    "bhxh_number": Reason(
        "Mười chữ số cuối của thẻ không phải mã số bảo hiểm xã hội.",
        "the last ten digits are no social-insurance number",
        "Đối chiếu mười chữ số cuối với sổ bảo hiểm xã hội.",
    ),
    "is_personal_number": bhxh_number.REASONS["is_personal_number"],
}


@dataclass(frozen=True)
class HealthCard:
    """The parts of a card; all but `bhxh_number` are "" or None on a card of the form of 2021."""

    bhxh_number: str
    object_code: str = ""
    who_vi: str = ""
    level: str = ""
    usual_level: str = ""
    share_percent: int | None = None
    province: str = ""


def compact(text: str) -> str:
    """Two capitals and 13 digits, or 10 digits, where the text can be read so; never raises."""
    plain = tidy(text)
    if is_scientific(plain):
        return plain.upper()
    if len(digits := digits_only(plain)) == 10 and digits.isdigit():
        return digits
    # Two passes, because a capital may come apart into letters that compose anew.
    bare = bare_of(tidy(bare_of(plain).upper()))
    if len(bare) == 15:
        return bare[:2] + read_digits(bare[2:])
    return read_digits(bare)


def validate(text: str) -> str:
    """The 15 characters or 10 digits, or FormatError."""
    card = compact(text)
    if not card:
        raise refusal(NAME, REASONS, "empty")
    if is_scientific(card):
        raise refusal(NAME, REASONS, "lost_digits")
    if is_stand_in(card):
        raise refusal(NAME, REASONS, "placeholder")
    return _validate_old(card) if card[0].isalpha() else _validate_new(card)


def is_valid(text: str) -> bool:
    """Whether `validate` would pass."""
    return passes(lambda: validate(text))


def format(text: str) -> str:
    """As printed: `GD 4 24 9900000001`, or ten digits in one piece."""
    card = compact(text)
    if len(card) != 15:
        return card
    return f"{card[:2]} {card[2]} {card[3:5]} {card[5:]}"


def parse(text: str) -> HealthCard:
    """The parts of a lawful card, or FormatError."""
    card = validate(text)
    if len(card) == 10:
        return HealthCard(bhxh_number=card)
    who = ids.health_objects()[card[:2]]
    return HealthCard(
        bhxh_number=card[5:],
        object_code=card[:2],
        who_vi=who.who_vi,
        level=card[2],
        usual_level=who.usual_level,
        share_percent=ids.health_levels()[card[2]],
        province=card[3:5],
    )


def _already() -> str:
    objects, levels = "|".join(ids.health_objects()), "".join(ids.health_levels())
    number = digits_but(10, "00")
    return f"(?:{objects})[{levels}](?:{'|'.join(sorted(_provinces()))}){number}|{number}"


@lru_cache(maxsize=1)
def _provinces() -> frozenset[str]:
    return frozenset(code[1:] for code in ids.number_provinces()) | {"97", "98"}


def _validate_old(card: str) -> str:
    if len(card) != 15:
        raise refusal(NAME, REASONS, "length")
    if not (card[2:].isascii() and card[2:].isdigit()):
        raise refusal(NAME, REASONS, "not_digits")
    if card[:2] not in ids.health_objects():
        raise refusal(NAME, REASONS, "object_unknown")
    if card[2] not in ids.health_levels():
        raise refusal(NAME, REASONS, "level_unknown")
    if card[3:5] not in _provinces():
        raise refusal(NAME, REASONS, "province_unknown")
    if not bhxh_number.is_valid(card[5:]):
        raise refusal(NAME, REASONS, "bhxh_number")
    return card


def _validate_new(card: str) -> str:
    if not (card.isascii() and card.isdigit()):
        raise refusal(NAME, REASONS, "not_digits")
    if len(card) == 12:
        raise refusal(NAME, REASONS, "is_personal_number")
    if len(card) != 10:
        raise refusal(NAME, REASONS, "length")
    if not bhxh_number.is_valid(card):
        raise refusal(NAME, REASONS, "bhxh_number")
    return card


ALREADY: str = _already()
