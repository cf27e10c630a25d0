"""Partial date (ngày, tháng, năm): as much of a date as is known, and never more.

Specification. A year, a year and month, or a whole day of the Gregorian calendar. Standard form
`1990`, `1990-02`, `1990-02-01`, which sorts as text; written form `1990`, `02/1990`, `01/02/1990`.
Where the day and month of birth are unknown the papers show the year alone: that is lawful and
never becomes 1 January. Zeros (00/00/1990) say the same.
Source. Law on Civil Status 60/2014/QH13 art. 4 and 14 (Gregorian day of birth); Circular
59/2021/TT-BCA and Law on Identification 26/2023/QH15 art. 3 (year-only births in the database).
Choices. Day before month unless `order="mdy"`; 02/13/1990 is refused (`month_first`), because it
says that its whole column may be month first. Two-digit years need a `pivot` from the caller: with
26, years 00–26 are 2000–2026. A number of five digits is a spreadsheet day (`epoch` 1900 or 1904).
Years before `oldest` (1900) are refused: no living person, and no personal number, can have one.
30/02 and words of the lunar calendar are `lunar`: ask, never convert. 17:00 UTC is midnight in Viet
Nam, so 1990-01-31T17:00:00Z is 1 February.

>>> validate("1/2/1990"), validate("tháng 2/1990"), validate("00/00/1990"), validate("01021990")
('1990-02-01', '1990-02', '1990', '1990-02-01')
>>> format("1990-02-01"), format("1990")
('01/02/1990', '1990')
>>> validate("31/02/1990")
Traceback (most recent call last):
    ...
dancu.formats.errors.FormatError: partial_date/impossible: there is no such day in the calendar
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from dancu.formats import _date_text as written
from dancu.formats._text import is_stand_in, tidy
from dancu.formats._verbs import passes
from dancu.formats.errors import FormatError, Reason, common, refusal

NAME = "partial_date"
_ASK = "Xem giấy khai sinh hoặc hỏi lại công dân; chỉ biết năm thì chỉ ghi năm."
_COMMON = common("ngày tháng năm", "date")
REASONS: dict[str, Reason] = {
    "empty": _COMMON["empty"],
    "placeholder": Reason(
        "Ngày ghi tạm (ngày đầu năm 1900, toàn số 0, không rõ).",
        "a stand-in was typed instead of the date",
        _ASK,
    ),
    "not_a_date": Reason(
        "Không đọc được thành ngày tháng.",
        "this cannot be read as a date",
        "Ghi theo dạng ngày/tháng/năm, ví dụ 01/02/1990; chỉ biết năm thì ghi 1990.",
    ),
    "impossible": Reason(
        "Ngày không có trong lịch (ví dụ: 31/02).", "there is no such day in the calendar", _ASK
    ),
    "lunar": Reason(
        "Có thể là ngày âm lịch (ghi âm lịch, can chi, hoặc 30/02).",
        "this looks like a day of the lunar calendar",
        "Hỏi công dân ngày dương lịch trên giấy khai sinh; không tự quy đổi.",
    ),
    "month_first": Reason(
        "Tháng đứng trước ngày; cả cột có thể bị đảo ngày và tháng.",
        "the month stands first; the whole column may be so",
        "Kiểm tra thứ tự ngày/tháng của cả cột rồi khai báo thứ tự tháng/ngày/năm.",
    ),
    "two_digit_year": Reason(
        "Năm chỉ có hai chữ số.", "the year has only two digits", "Ghi đủ bốn chữ số của năm."
    ),
    "no_year": Reason("Thiếu năm.", "the year is missing", _ASK),
    "uncertain": Reason(
        "Năm ghi áng chừng (khoảng, ?).",
        "the date is given as a guess",
        "Xác minh năm sinh; không ghi áng chừng trong dữ liệu dân cư.",
    ),
    "future": Reason(
        "Ngày ở tương lai.", "the date lies in the future", "Kiểm tra năm gõ nhầm trên giấy tờ gốc."
    ),
    "before_1900": Reason(
        "Năm trước 1900.",
        "the year is before 1900",
        "Kiểm tra năm gõ nhầm; người sinh trước 1900 không còn sống.",
    ),
}
_DAY_28 = "(?:0[1-9]|1[0-9]|2[0-8])"
_YEAR = "(?:19[0-9]{2}|20[0-9]{2})"
# 1900-01 and 29 February are left to Python: stand-ins and leap years.
ALREADY = (
    f"{_YEAR}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[2-9]|1[0-9]|2[0-8])|)|-(?:0[2-9]|1[0-2])-{_DAY_28}"
    "|-(?:0[13-9]|1[0-2])-(?:29|30)|-(?:0[13578]|1[02])-31)?"
)
Order = Literal["dmy", "mdy"]
Precision = Literal["day", "month", "year"]
_STAND_INS = frozenset({(1900, 1, 1), (1111, 11, 11), (1, 1, 1), (9999, 12, 31), (1899, 12, 31)})
_LAST_YEAR = 2099


@dataclass(frozen=True)
class PartialDate:
    """Year, and month and day where known (a day never without its month).

    Sorts by `text`: a year before its months, a month before its days.
    """

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def precision(self) -> Precision:
        if self.month is None:
            return "year"
        return "month" if self.day is None else "day"

    @property
    def text(self) -> str:
        """Sortable: `1990`, `1990-02`, `1990-02-01`."""
        parts = [f"{self.year:04d}"]
        parts += [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    def __str__(self) -> str:
        return self.text

    def __lt__(self, other: PartialDate) -> bool:
        return self.text < other.text

    def earliest(self) -> date:
        """The first day it can be; for ranges only, never as the date itself."""
        return date(self.year, self.month or 1, self.day or 1)

    def latest(self) -> date:
        """The last day it can be."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def swapped(self) -> PartialDate | None:
        """Day and month exchanged, where that is another lawful day.

        >>> str(PartialDate(1990, 2, 1).swapped()), PartialDate(1990, 2, 13).swapped()
        ('1990-01-02', None)
        """
        if self.month is None or self.day is None or self.day > 12 or self.day == self.month:
            return None
        return PartialDate(self.year, self.day, self.month)


def parse(
    text: str,
    *,
    order: Order = "dmy",
    pivot: int | None = None,
    epoch: Literal[1900, 1904] = 1900,
    on: date | None = None,
    oldest: int = 1900,
) -> PartialDate:
    """The date as far as it is known, or FormatError. With `on`, nothing later than that day."""
    plain = tidy(text)
    if not plain:
        raise _no("empty")
    found = _read(plain, order, pivot, epoch)
    return _checked(found, on, oldest)


def _no(reason: str) -> FormatError:
    return refusal(NAME, REASONS, reason)


def _read(
    plain: str, order: Order, pivot: int | None, epoch: Literal[1900, 1904]
) -> tuple[int, int, int]:
    """(year, month or 0, day or 0), not yet checked against the calendar."""
    text = written.simplified(plain)
    if written.is_lunar(text):
        raise _no("lunar")
    if written.is_uncertain(text):
        raise _no("uncertain")
    serial = written.serial_day(text, epoch)
    if serial is not None:
        return serial.year, serial.month, serial.day
    text, moved = written.without_time(text)
    parts = written.numbers(text)
    if parts is None:
        raise _no("placeholder" if is_stand_in(plain) else "not_a_date")
    year, month, day = _arranged(parts, order, pivot)
    if not moved or not _exists(year, month, day):
        return year, month, day
    after = date(year, month, day) + timedelta(days=1)
    return after.year, after.month, after.day


def _arranged(parts: list[str], order: Order, pivot: int | None) -> tuple[int, int, int]:
    """Which number is what, by how many digits each has."""
    if not any(int(part) for part in parts):
        raise _no("placeholder")
    if len(parts) == 1:
        parts, order = written.cut(parts[0]), "dmy"
    sizes = [len(part) for part in parts]
    numbers = [int(part) for part in parts]
    if max(sizes) > 4 or 3 in sizes or len(parts) > 3 or not parts:
        raise _no("not_a_date")
    if len(parts) < 3:
        return _without_day(numbers, sizes)
    if sizes[0] == 4 and sizes[2] < 3:
        return numbers[0], numbers[1], numbers[2]
    if sizes[0] == 4 or sizes[1] == 4:
        raise _no("not_a_date")
    year = numbers[2] if sizes[2] == 4 else _century(numbers[2], pivot)
    return _in_order(year, numbers[0], numbers[1], order)


def _without_day(numbers: list[int], sizes: list[int]) -> tuple[int, int, int]:
    if sizes == [4]:
        return numbers[0], 0, 0
    if len(sizes) == 2 and sizes[0] < 3 and sizes[1] == 4:
        return numbers[1], numbers[0], 0
    if len(sizes) == 2 and sizes[0] == 4 and sizes[1] < 3:
        return numbers[0], numbers[1], 0
    raise _no("no_year" if len(sizes) == 2 and max(sizes) < 3 else "not_a_date")


def _century(two_digits: int, pivot: int | None) -> int:
    if pivot is None:
        raise _no("two_digit_year")
    return (2000 if two_digits <= pivot else 1900) + two_digits


def _in_order(year: int, first: int, second: int, order: Order) -> tuple[int, int, int]:
    day, month = (first, second) if order == "dmy" else (second, first)
    if order == "dmy" and month > 12 and 1 <= day <= 12 and _exists(year, day, month):
        raise _no("month_first")
    return year, month, day


def _exists(year: int, month: int, day: int) -> bool:
    return (
        1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
    )


def _checked(found: tuple[int, int, int], on: date | None, oldest: int) -> PartialDate:
    year, month, day = found
    if year == 0 or found in _STAND_INS or found == (1899, 12, 30):
        raise _no("placeholder")
    if (month, day) == (2, 30):
        raise _no("lunar")
    if month > 12 or (day and not _exists(year, month, day)):
        raise _no("impossible")
    if year < oldest:
        raise _no("before_1900")
    value = PartialDate(year, month or None, day or None)
    if year > _LAST_YEAR or (on is not None and value.earliest() > on):
        raise _no("future")
    return value


def compact(text: str) -> str:
    """The standard form where the text can be read as a date, else it is tidied. Never raises."""
    try:
        return parse(text).text
    except FormatError:
        return tidy(text)


def validate(
    text: str,
    *,
    order: Order = "dmy",
    pivot: int | None = None,
    epoch: Literal[1900, 1904] = 1900,
    on: date | None = None,
    oldest: int = 1900,
) -> str:
    """The standard form (`1990-02-01`, `1990-02`, `1990`), or FormatError."""
    return parse(text, order=order, pivot=pivot, epoch=epoch, on=on, oldest=oldest).text


def is_valid(
    text: str,
    *,
    order: Order = "dmy",
    pivot: int | None = None,
    epoch: Literal[1900, 1904] = 1900,
    on: date | None = None,
    oldest: int = 1900,
) -> bool:
    """Whether `validate` would pass."""
    return passes(lambda: parse(text, order=order, pivot=pivot, epoch=epoch, on=on, oldest=oldest))


def format(text: str) -> str:
    """As Vietnamese papers write it: 01/02/1990, 02/1990, 1990."""
    try:
        return "/".join(reversed(parse(text).text.split("-")))
    except FormatError:
        return tidy(text)
