"""How dates are typed: words, times, spreadsheet days and glued digits, reduced to plain numbers.

Knows writing only; whether a day exists is said in `partial_date`.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final, Literal

from dancu.lib.confusables import to_digits
from dancu.lib.text import strip_marks

_MONTH_WORDS: Final = {
    "hai": 2, "ba": 3, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10, "muoi mot": 11, "muoi hai": 12, "mot": 1,
}  # fmt: skip
_MONTH_WORD = re.compile(
    r"\bthang (muoi hai|muoi mot|muoi|mot|hai|ba|tu|nam(?= nam)|sau|bay|tam|chin)\b"
)
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_MONTH = re.compile(rf"\b({'|'.join(_ENGLISH)})[a-z]*\.?")
_MONTH_DAY = re.compile(rf"\b({'|'.join(_ENGLISH)})[a-z]*\.? (\d{{1,2}})(?:st|nd|rd|th)?,? ")
_FILLERS = re.compile(
    r"\b(?:sinh|ngay|thang|nam|ns|sn|s\.n|n\.s|dob|tuc|duong lich|dl|mung|mong)\b[.:]?"
    r"|\bt(?=\d)"
)
_LUNAR = re.compile(
    r"\bam lich\b|\(al\)|\bal$|\bnhuan\b|\bthang (?:gieng|chap)\b"
    r"|\b(?:giap|at|binh|dinh|mau|ky|canh|tan|nham|quy) "
    r"(?:ty|suu|dan|mao|meo|thin|ngo|mui|than|dau|tuat|hoi)\b|\btuoi [a-z]"
)
_UNCERTAIN = re.compile(r"\?|~|\bkhoang\b|\bchung\b|\bcirca\b|\buoc\b|\btruoc\b|\bsau nam\b")
_TIME = re.compile(
    r"(?<=\d)[t ]\s*(\d{1,2})[:h](\d{2})(?:[:](\d{2})(?:[.,]\d+)?)?\s*(am|pm|sa|ch)?"
    r"\s*(z|utc|gmt|[+-]\d{2}:?\d{2})?$"
)
_TAIL = re.compile(r"(\d{4,8})[.,]0+")
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
_UNKNOWN_PART = re.compile(r"(?<![a-z])x{1,2}(?=[/.\-])")
_LAWFUL = re.compile(r"[\d\s/.,\\_|-]*")
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 73_050  # 1927 to 2099; smaller ones look like years
_EPOCHS: Final = {1900: date(1899, 12, 30), 1904: date(1904, 1, 1)}


def simplified(plain: str) -> str:
    """Lower case without marks; a leading apostrophe, outer dots and O/l among digits repaired."""
    text = strip_marks(plain).lower().strip(" '\"`.,;:")
    digits = sum(char.isdigit() for char in text)
    if digits * 2 >= len(text):
        text = re.sub(r"(?<=[\d/.\-])[ol](?=[\d/.\-]|$)|^[ol](?=[\dol/.\-])", _digit, text)
    tail = _TAIL.fullmatch(text)
    return tail[1] if tail else text


def _digit(match: re.Match[str]) -> str:
    return to_digits(match[0])


def is_lunar(text: str) -> bool:
    """Words of the lunar calendar, of the sixty-year cycle or of an animal year."""
    return _LUNAR.search(text) is not None


def is_uncertain(text: str) -> bool:
    """A question mark, `khoảng 1990`, `~1990`, `trước 1990`."""
    return any(char.isdigit() for char in text) and _UNCERTAIN.search(text) is not None


def serial_day(text: str, epoch: Literal[1900, 1904]) -> date | None:
    """The day behind a spreadsheet number of five digits (with or without a time of day).

    >>> serial_day("32905", 1900), serial_day("1990", 1900)
    (datetime.date(1990, 2, 1), None)
    """
    match = _SERIAL.fullmatch(text)
    if match is None or not _FIRST_SERIAL <= int(match[1]) <= _LAST_SERIAL:
        return None
    return _EPOCHS[epoch] + timedelta(days=int(match[1]))


def without_time(text: str) -> tuple[str, bool]:
    """(the text without its time of day, whether that time was midnight in Viet Nam told in UTC).

    >>> without_time("1990-01-31t17:00:00z"), without_time("1/2/1990 12:00:00 am")
    (('1990-01-31', True), ('1/2/1990', False))
    """
    match = _TIME.search(text)
    if match is None:
        return text, False
    utc = match[5] in ("z", "utc", "gmt", "+00:00", "+0000", "-00:00")
    return text[: match.start()], utc and int(match[1]) == 17 and int(match[2]) == 0


def numbers(text: str) -> list[str] | None:
    """The numbers of a date in their order, or None where other words stand between them.

    >>> numbers("ngay 1 thang 2 nam 1990"), numbers("1-feb-1990"), numbers("thon 3")
    (['1', '2', '1990'], ['1', '2', '1990'], None)
    """
    text = _MONTH_WORD.sub(lambda m: f" {_MONTH_WORDS[m[1]]} ", text)
    text = _MONTH_DAY.sub(lambda m: f"{m[2]}/{_ENGLISH.index(m[1]) + 1}/", text)
    text = _ENGLISH_MONTH.sub(lambda m: str(_ENGLISH.index(m[1]) + 1), text)
    text = _UNKNOWN_PART.sub("00", _FILLERS.sub(" ", text))
    if not _LAWFUL.fullmatch(text):
        return None
    return re.findall(r"\d+", text) or None


def cut(digits: str) -> list[str]:
    """Glued digits: 19900201, 01021990, 199002, 021990, 010290; anything else as one number.

    A year of 19xx or 20xx cannot be read as a month, so the two orders never clash.

    >>> cut("19900201"), cut("01021990"), cut("021990"), cut("1990")
    (['1990', '02', '01'], ['01', '02', '1990'], ['02', '1990'], ['1990'])
    """
    if len(digits) == 8:
        first = digits[:2] in ("19", "20") and digits[4:6] <= "12"
        return [digits[:4], digits[4:6], digits[6:]] if first else _day_first(digits)
    if len(digits) == 6 and digits[:2] in ("19", "20") and digits[4:] <= "12":
        return [digits[:4], digits[4:]]
    if len(digits) == 6 and digits[2:4] in ("19", "20") and digits[:2] <= "12":
        return [digits[:2], digits[2:]]
    return _day_first(digits) if len(digits) == 6 else [digits]


def _day_first(digits: str) -> list[str]:
    return [digits[:2], digits[2:4], digits[4:]]
