"""Days and times of a list, column by column: usual forms by Arrow, odd ones one distinct cell at a time.

Moments are local and without a zone, as the office's clock; a cell with a zone is turned. A day without a time keeps a
mark, since it stands for the opening or the closing of the office according to the field.

>>> odd("14h30 ngày 21/06/2024"), odd("21.6.24")
((datetime.datetime(2024, 6, 21, 14, 30), False), (datetime.datetime(2024, 6, 21, 0, 0), True))
>>> odd("2024-06-21T01:30:00Z")[0], odd("21/06/2024 02:05:00 CH")[0], odd("31/02/2024")
(datetime.datetime(2024, 6, 21, 8, 30), datetime.datetime(2024, 6, 21, 14, 5), None)
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Bools = npt.NDArray[np.bool_]
Times = npt.NDArray[np.datetime64]
NAT: Final = np.datetime64("NaT", "s")
_ZONE: Final = dt.timedelta(hours=7)
_EXCEL: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's day has no zone
_YEARS: Final = range(2000, 2100)
_USUAL: Final = (
    "yyyymmddHHMMSS", "yyyy-mm-dd HH:MM:SS", "yyyy-mm-ddTHH:MM:SS", "dd/mm/yyyy HH:MM:SS", "dd/mm/yyyy HH:MM",
    "dd/mm/yyyy", "yyyy-mm-dd", "yyyymmdd",
)  # fmt: skip
"""Forms in which every cell has as many signs: y, m, d, H, M, S stand for a digit, anything else for itself."""
_MONTH_FIRST, _DAY_FIRST = (
    r"^\d{1,2}/(1[3-9]|2\d|3[01])/\d{4}",
    r"^(1[3-9]|2\d|3[01])/\d{1,2}/\d{4}",
)
_DAY: Final = re.compile(
    r"(?:ngày\s*)?(\d{1,2})(?:\s*[./-]\s*|\s*tháng\s*)(\d{1,2})(?:\s*[./-]\s*|\s*năm\s*)(\d{4}|\d{2})(?!\d)",
    re.I,
)
_ISO: Final = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})(?!\d)")
_TIME: Final = re.compile(
    r"(\d{1,2})\s*(?::|h|giờ)\s*(\d{2})?(?::(\d{2}))?(?:\.\d+)?\s*(SA|CH|AM|PM)?", re.I
)
_OFFSET: Final = re.compile(r"(?:(Z)|([+-]\d{2}):?(\d{2}))$")
_SERIAL: Final = re.compile(r"[345]\d{4}(?:\.\d+)?")


@dataclass(frozen=True)
class Moments:
    """`at`: seconds, NaT where there is none; `dated`: only a day was given; `wrong`: there is text, but no moment."""

    at: Times
    dated: Bools
    wrong: Bools
    month_first: bool = False


def read(column: pa.ChunkedArray) -> Moments:
    """The moments of a column of text."""
    texts = pc.utf8_trim_whitespace(column.combine_chunks())
    texts, swapped = _day_first(texts)
    count = len(texts)
    at, dated = np.full(count, NAT), np.zeros(count, bool)
    left = _usual(texts, at, dated)
    _one_by_one(texts, left, at, dated)
    years = at.astype("datetime64[Y]").astype(int) + 1970
    at[~np.isnat(at) & ((years < _YEARS[0]) | (years > _YEARS[-1]))] = NAT
    filled = pc.fill_null(pc.not_equal(texts, ""), False).to_numpy(zero_copy_only=False)
    return Moments(at, dated, filled & np.isnat(at), swapped)


def none(count: int) -> Moments:
    """A column that is not there."""
    return Moments(np.full(count, NAT), np.zeros(count, bool), np.zeros(count, bool))


def _day_first(texts: pa.Array) -> tuple[pa.Array, bool]:
    """A column that can only be month first is turned; cells that can be either go with the column."""
    if not pc.any(pc.match_substring(texts, "/")).as_py():
        return texts, False
    months = pc.sum(pc.match_substring_regex(texts, pattern=_MONTH_FIRST)).as_py() or 0
    days = pc.sum(pc.match_substring_regex(texts, pattern=_DAY_FIRST)).as_py() or 0
    if not months or days:
        return texts, False
    turned = pc.replace_substring_regex(
        texts, pattern=r"^(\d{1,2})/(\d{1,2})/", replacement=r"\2/\1/"
    )
    return turned, True


def _usual(texts: pa.Array, at: Times, dated: Bools) -> npt.NDArray[np.int64]:
    """Fills in the cells of the usual forms; the places of the filled cells in other forms."""
    sizes = pc.fill_null(pc.binary_length(texts), 0).to_numpy(zero_copy_only=False)
    left = sizes > 0
    for size in sorted({len(form) for form in _USUAL}):
        rows = np.flatnonzero(sizes == size)
        if not len(rows):
            continue
        cells = _signs(texts if len(rows) == len(texts) else texts.take(pa.array(rows)), size)
        for form in _USUAL:
            if len(form) == size and (fits := _fits(cells, form)).any():
                own = rows[fits]
                at[own], dated[own], left[own] = (
                    _moments(cells[:, fits], form),
                    "H" not in form,
                    False,
                )
    return np.flatnonzero(left)


def _signs(texts: pa.Array, size: int) -> npt.NDArray[np.uint8]:
    """Texts of `size` bytes each: a row for each place."""
    _valid, offsets, data = texts.buffers()
    start = np.frombuffer(offsets, np.int32)[texts.offset]
    signs = np.frombuffer(data, np.uint8)[start : start + size * len(texts)]
    return np.ascontiguousarray(signs.reshape(-1, size).T)


def _fits(cells: npt.NDArray[np.uint8], form: str) -> Bools:
    fits = np.ones(cells.shape[1], bool)
    for signs, wanted in zip(cells, form, strict=True):
        fits &= signs - 48 < 10 if wanted in "ymdHMS" else signs == ord(wanted)
    return fits


def _moments(cells: npt.NDArray[np.uint8], form: str) -> Times:
    """NaT for what the calendar or the clock does not have, as 31 February."""
    of = {sign: np.zeros(cells.shape[1], np.int32) for sign in "ymdHMS"}
    for signs, wanted in zip(cells, form, strict=True):
        if wanted in of:
            of[wanted] *= 10
            of[wanted] += signs - 48
    months = (12 * (of["y"] - 1970) + of["m"] - 1).astype(np.int64).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (of["d"] - 1)
    good = (of["m"] > 0) & (of["m"] < 13) & (of["d"] > 0) & (days.astype("datetime64[M]") == months)
    good &= (of["H"] < 24) & (of["M"] < 60) & (of["S"] < 60)
    found = days.astype("datetime64[s]") + (3600 * of["H"] + 60 * of["M"] + of["S"])
    return np.where(good, found, NAT)


def _one_by_one(texts: pa.Array, left: npt.NDArray[Any], at: Times, dated: Bools) -> None:
    if not len(left):
        return
    coded = texts.take(pa.array(left)).dictionary_encode()
    found = [odd(text) for text in coded.dictionary.to_pylist()]
    moments = np.array([np.datetime64(f[0], "s") if f else NAT for f in found], "datetime64[s]")
    days = np.array([bool(f and f[1]) for f in found])
    which = coded.indices.to_numpy(zero_copy_only=False)
    at[left], dated[left] = moments[which], days[which]


def odd(text: str) -> tuple[dt.datetime, bool] | None:
    """A moment in whatever form, and whether only a day is said; None when it is none."""
    text = text.strip()
    if _SERIAL.fullmatch(text):
        moment = _EXCEL + dt.timedelta(seconds=round(float(text) * 86400))
        return moment, "." not in text
    found = _ISO.search(text)
    parts = found.groups() if found else None
    if found is None and (found := _DAY.search(text)):
        day, month, year = found.groups()
        parts = (year if len(year) == 4 else f"20{year}", month, day)
    if found is None or parts is None:
        return None
    rest = f"{text[: found.start()]} {text[found.end() :]}".replace("T", " ").strip()
    try:
        moment = dt.datetime(*map(int, parts))  # type: ignore[arg-type] # noqa: DTZ001
        return _with_time(moment, rest)
    except ValueError:
        return None


def _with_time(day: dt.datetime, rest: str) -> tuple[dt.datetime, bool]:
    zone = _OFFSET.search(rest)
    time = _TIME.search(rest[: zone.start()] if zone else rest)
    if time is None:
        return day, True
    hour = int(time[1])
    if half := (time[4] or "").upper():
        hour = hour % 12 + (12 if half in ("CH", "PM") else 0)
    moment = day.replace(hour=hour, minute=int(time[2] or 0), second=int(time[3] or 0))
    if zone:
        away = (
            dt.timedelta(0) if zone[1] else dt.timedelta(hours=int(zone[2]), minutes=int(zone[3]))
        )
        moment += _ZONE - away
    return moment, False
