"""Damage spreadsheets do: zeros lost, `.0` tails, apostrophes, 1.2E+11, days and months swapped.

Border: undoes only what can be proved from the value, the person's own record or the whole column;
everything else comes back as None, for the worklist. Not a format: no `validate`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from dancu.formats import personal_number
from dancu.formats._text import tidy
from dancu.formats.errors import FormatError
from dancu.formats.partial_date import Order, PartialDate, parse

_FORMULA_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_DECIMAL_TAIL = re.compile(r"([+-]?\d+)[.,]0+")
_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?[eE]\+?(\d{1,3})")
_THREE_PARTS = re.compile(r"\D*(\d{1,4})\s*[./\-\s]\s*(\d{1,2})\s*[./\-\s]\s*(\d{2,4})(?:\D.*)?")
_EXACT_DIGITS = 15  # a spreadsheet number keeps 15 digits; later ones become zeros
_FEW = 8  # typed days of 1-12 in a row by chance: under 0.04 %
# One typing error in a hundred does not make a column mixed.
_STRAY: Final = 0.01

Reading = Literal["dmy", "mdy", "ymd"]


@dataclass(frozen=True)
class OrderEvidence:
    """How many cells can only be day first, only month first, begin with the year, or be either."""

    order: Reading | None
    day_first: int
    month_first: int
    year_first: int
    either: int


@dataclass(frozen=True)
class Unswapped:
    """A column of dates after the decision about it; positions count from 0.

    `changed`: day and month were exchanged back. `conflicts`: the year disagrees with the personal
    number, so nothing was changed there. `reason_vi`, `reason_en`: the evidence, for the report.
    """

    dates: tuple[PartialDate | None, ...]
    changed: tuple[int, ...]
    conflicts: tuple[int, ...]
    reason_vi: str
    reason_en: str


def cell_text(value: object) -> str:
    """What the clerk meant to type: no `.0`, apostrophe, ="…" or trailing blank; no digit changed.

    >>> cell_text(24299000001.0), cell_text("'024299000001"), cell_text('="0123"'), cell_text(None)
    ('24299000001', '024299000001', '0123', '')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = tidy(str(value))
    formula = _FORMULA_TEXT.fullmatch(text)
    if formula:
        text = formula[1]
    text = text.lstrip("'`").strip()
    tail = _DECIMAL_TAIL.fullmatch(text)
    return tail[1] if tail else text


def unscientific(text: str) -> str | None:
    """The digits of a number in scientific notation if it still holds all of them, else None.

    >>> unscientific("2.4299000001E+10"), unscientific("1.20E+11")
    ('24299000001', None)
    """
    match = _SCIENTIFIC.fullmatch(tidy(text))
    if match is None:
        return None
    digits, power = match[1] + (match[2] or ""), int(match[3])
    return digits if len(digits) == power + 1 <= _EXACT_DIGITS else None


def lost_precision(text: str) -> bool:
    """A number of more than 15 digits that ends in zeros from the 16th on was cut by a spreadsheet.

    >>> lost_precision("9704220123456780"), lost_precision("9704220123456789")
    (True, False)
    """
    digits = cell_text(text)
    return digits.isdecimal() and len(digits) > _EXACT_DIGITS and not int(digits[_EXACT_DIGITS:])


def restore_number(
    value: object, *, sex: str | None, birth_year: int | None, test_people: bool = False
) -> str | None:
    """The personal number of a damaged cell, only if province, sex and year then agree.

    >>> restore_number(24299000001.0, sex="male", birth_year=2099)
    '024299000001'
    >>> restore_number("1.20E+11", sex="male", birth_year=2099) is None
    True
    """
    text = cell_text(value)
    digits = unscientific(text) or text
    if personal_number.is_valid(digits, test_people=test_people):
        return personal_number.validate(digits, test_people=test_people)
    return personal_number.restore_zero(
        digits, sex=sex, birth_year=birth_year, test_people=test_people
    )


def serial_date(value: object, *, epoch: Literal[1900, 1904] = 1900) -> PartialDate | None:
    """The day behind a spreadsheet number of five digits, else None.

    >>> str(serial_date(32905)), serial_date("1990")
    ('1990-02-01', None)
    """
    text = cell_text(value)
    if not re.fullmatch(r"\d{5}(?:[.,]\d+)?", text):
        return None
    try:
        return parse(text, epoch=epoch)
    except FormatError:
        return None


def date_order(values: Sequence[str]) -> OrderEvidence:
    """The order of day, month and year in a column, from the cells that allow one order only.

    None where nothing decides, or where both orders occur (more than one stray cell in a hundred).

    >>> date_order(["02/13/1990", "01/05/1990"]).order, date_order(["01/02/1990"]).order
    ('mdy', None)
    """
    counts = {"day": 0, "month": 0, "year": 0, "either": 0}
    for value in values:
        kind = _evidence(value)
        if kind is not None:
            counts[kind] += 1
    day, month, year = counts["day"], counts["month"], counts["year"]
    return OrderEvidence(_winner(day, month, year), day, month, year, counts["either"])


def _evidence(value: str) -> str | None:
    match = _THREE_PARTS.fullmatch(tidy(value))
    if match is None:
        return None
    first, second = int(match[1]), int(match[2])
    if len(match[1]) == 4:
        return "year"
    if len(match[1]) > 2 or not 1 <= max(first, second) <= 31 or min(first, second) > 12:
        return None
    if first > 12:
        return "day"
    return "month" if second > 12 else "either"


def _winner(day: int, month: int, year: int) -> Reading | None:
    ranked = sorted(((day, "dmy"), (month, "mdy"), (year, "ymd")), reverse=True)
    (most, order), (second, _), (third, _) = ranked
    if not most or (second + third) > _STRAY * (most + second + third):
        return None
    return "dmy" if order == "dmy" else "mdy" if order == "mdy" else "ymd"


def unswap(
    values: Sequence[str],
    *,
    birth_years: Sequence[int | None] | None = None,
    reference: Sequence[PartialDate | None] | None = None,
) -> Unswapped:
    """Decide for a whole column whether days and months were exchanged, and undo it.

    Three kinds of evidence, strongest first. `reference` (the same people's dates in a trusted
    list): at least three cells equal it only when exchanged, and not one in a hundred does as it
    stands. The order of the typed cells (`date_order`) is month first. Or a program with American
    settings read a day-first column: every cell that became a real date (ISO) has a day of 1-12, at
    least eight of them, and every cell left as text begins with a day above 12. Where the year of
    birth from the personal number (`birth_years`) disagrees with a cell, that cell is left alone.
    """
    order: Order = "mdy" if date_order(values).order == "mdy" else "dmy"
    dates = [_read(value, order) for value in values]
    conflicts = _conflicts(dates, birth_years)
    if order == "mdy":
        straight = [_read(value, "dmy") for value in values]
        changed = [i for i, date in enumerate(dates) if date is not None and date != straight[i]]
        reason = ("Cột ghi tháng trước ngày.", "the column is typed month first")
    elif reference is not None and _reference_says(dates, reference):
        changed = [i for i, date in enumerate(dates) if date is not None and date.swapped()]
        reason = (
            "Đổi lại ngày và tháng thì khớp với nguồn tin cậy.",
            "exchanged, the dates equal those of the trusted list",
        )
    elif _became_dates(values, dates):
        changed = [i for i, v in enumerate(values) if _is_iso(v) and _swapped(dates[i])]
        reason = (
            "Bảng tính đã đảo ngày và tháng của các ô có ngày từ 1 đến 12.",
            "a spreadsheet exchanged day and month where the day is 1-12",
        )
    else:
        return Unswapped(tuple(dates), (), tuple(conflicts), "", "")
    kept = [i for i in changed if i not in conflicts]
    return Unswapped(_exchanged(dates, kept, order), tuple(kept), tuple(sorted(conflicts)), *reason)


def _read(value: str, order: Order) -> PartialDate | None:
    try:
        return parse(value, order=order)
    except FormatError:
        return None


def _swapped(date: PartialDate | None) -> PartialDate | None:
    return date.swapped() if date is not None else None


def _is_iso(value: str) -> bool:
    return re.match(r"\s*\d{4}-\d{2}-\d{2}", value) is not None


def _conflicts(
    dates: Sequence[PartialDate | None], birth_years: Sequence[int | None] | None
) -> set[int]:
    if birth_years is None:
        return set()
    return {
        i
        for i, (date, year) in enumerate(zip(dates, birth_years, strict=True))
        if date is not None and year is not None and date.year != year
    }


def _reference_says(
    dates: Sequence[PartialDate | None], reference: Sequence[PartialDate | None]
) -> bool:
    """Only days that differ when exchanged can speak."""
    pairs = [
        (date, known)
        for date, known in zip(dates, reference, strict=True)
        if date is not None and known is not None and date.swapped()
    ]
    exchanged = sum(date.swapped() == known for date, known in pairs)
    same = sum(date == known for date, known in pairs)
    return exchanged >= 3 and same <= _STRAY * (exchanged + same)


def _became_dates(values: Sequence[str], dates: Sequence[PartialDate | None]) -> bool:
    """Real dates all with a day of 1-12 beside text that all begins with a day above 12."""
    real = [date for value, date in zip(values, dates, strict=True) if _is_iso(value) and date]
    days = [date.day for date in real if date.day is not None]
    texts = [_evidence(value) for value in values if not _is_iso(value)]
    left = [kind for kind in texts if kind is not None]
    return (
        len(days) >= _FEW
        and max(days) <= 12
        and left.count("day") >= 3
        and left.count("day") == len(left)
    )


def _exchanged(
    dates: Sequence[PartialDate | None], changed: Sequence[int], order: Order
) -> tuple[PartialDate | None, ...]:
    """Month-first columns were read in their own order already."""
    if order == "mdy":
        return tuple(dates)
    places = frozenset(changed)
    return tuple(_swapped(date) if i in places else date for i, date in enumerate(dates))
