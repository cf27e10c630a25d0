"""The day a list speaks of, as its title or its file name says it."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable
from typing import Final

from dancu.lib.text import strip_marks

_DAY: Final = r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})"
_LONG: Final = r"(\d{1,2})\s*thang\s*(\d{1,2})\s*nam\s*(\d{4})"
# A bare date in a title may be that of a law: the words before it must say that the list is meant.
_LEAD: Final = r"(?:den|tinh den|den het|ngay|vao ngay|thoi diem)\s*:?\s*(?:ngay\s*)?"
_TITLE: Final = (re.compile(_LEAD + _DAY), re.compile(r"(?:ngay\s*)?" + _LONG))
_MONTH: Final = re.compile(r"thang\s*(\d{1,2})\s*(?:[/.\-]|nam)\s*(\d{4})")
_FILE_YMD: Final = re.compile(r"(?<!\d)(20\d{2})[-_.]?(\d{2})[-_.]?(\d{2})(?!\d)")
_FILE_DMY: Final = re.compile(r"(?<!\d)(\d{1,2})[-_.](\d{1,2})[-_.](20\d{2})(?!\d)")
_LAW: Final = re.compile(r"(nghi dinh|thong tu|luat|quyet dinh|cong van|ke hoach|chi thi)\b")
_EARLIEST: Final = 1990


def find_list_date(titles: Iterable[str], name: str, *, on: dt.date) -> dt.date | None:
    """The date of the titles, else of the file name; None when neither says one, or it is after `on`.

    A month alone stands for its last day.
    """
    found = [date for title in titles if (date := _of_title(title))]
    found += [date for date in (_of_name(name),) if date]
    return next((date for date in found if date.year >= _EARLIEST and date <= on), None)


def _of_title(title: str) -> dt.date | None:
    plain = strip_marks(title).lower()
    for pattern in _TITLE:
        for match in pattern.finditer(plain):
            if not _LAW.search(plain[max(0, match.start() - 60) : match.start()]):
                date = _date(int(match[3]), int(match[2]), int(match[1]))
                if date:
                    return date
    month = _MONTH.search(plain)
    return _month_end(int(month[2]), int(month[1])) if month else None


def _of_name(name: str) -> dt.date | None:
    match = _FILE_YMD.search(name)
    if match:
        return _date(int(match[1]), int(match[2]), int(match[3]))
    match = _FILE_DMY.search(name)
    return _date(int(match[3]), int(match[2]), int(match[1])) if match else None


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _month_end(year: int, month: int) -> dt.date | None:
    if not 1 <= month <= 12:
        return None
    return dt.date(year, month, calendar.monthrange(year, month)[1])
