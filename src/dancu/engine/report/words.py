"""How the report writes numbers, days, colours and codes: the Vietnamese official way.

>>> number(1234567), percent(96.666), day_of(date(2024, 6, 21))
('1.234.567', '96,67%', '21/06/2024')
"""

from __future__ import annotations

import csv
import re
from datetime import date
from functools import cache
from importlib import resources

from dancu.lib.text import fold
from dancu.reference.weights import CRITERIA

DIMENSIONS = dict(zip(CRITERIA, ("Đúng", "Đủ", "Sạch", "Sống", "Thống nhất"), strict=True))
MEANINGS = {
    "correct": "Giá trị phản ánh đúng thực tế, khớp giấy tờ gốc, các trường không tự mâu thuẫn.",
    "complete": "Không thiếu thông tin bắt buộc, không ghi tạm.",
    "clean": "Không trùng lặp, không giá trị rác, đúng định dạng và danh mục dùng chung.",
    "living": "Được cập nhật theo biến động thực tế, giấy tờ còn hạn, không lạc hậu.",
    "consistent": "Cùng một người, cùng một giá trị ở mọi cơ sở dữ liệu.",
}
COLOURS = {"green": "Xanh", "yellow": "Vàng", "red": "Đỏ", "none": "Chưa có số liệu"}
VERDICTS = {
    "green": "đạt",
    "yellow": "cần cải thiện",
    "red": "chưa đạt",
    "none": "chưa có số liệu",
}


def number(value: float | None) -> str:
    """Whole number with dots between thousands; a dash for what is not known."""
    return "–" if value is None else f"{value:,.0f}".replace(",", ".")


def decimal(value: float | None, places: int = 2) -> str:
    """A number with a decimal comma: `96,67`."""
    if value is None:
        return "–"
    return f"{value:,.{places}f}".replace(",", " ").replace(".", ",").replace(" ", ".")


def percent(value: float | None, places: int = 2) -> str:
    """Percent out of 0 to 100; never rounded up to 100 or down to 0 when it is not.

    >>> percent(99.9999), percent(100.0), percent(0.0001)
    ('99,99%', '100%', '0,01%')
    """
    if value is None:
        return "–"
    if value in (0.0, 100.0):
        return f"{value:.0f}%"
    step = 10.0**-places
    return decimal(min(max(value, step), 100.0 - step), places) + "%"


def points(value: float | None) -> str:
    """A score in points of 100, as `percent` but without the sign.

    >>> points(89.999), points(100), points(96.0051)
    ('89,99', '100', '96,01')
    """
    if value is None:
        return "–"
    shown = round(value, 2)
    if int(shown) > int(value + 1e-9):
        # 89,999 is below 90 and must be seen to be.
        shown = int(value * 100) / 100
    return f"{shown:.0f}" if shown == 100 else decimal(shown)


def level(value: float) -> str:
    """A target or threshold: `90`, `77,5`."""
    return decimal(value, 0 if float(value).is_integer() else 2)


def day_of(value: date | None) -> str:
    """dd/mm/yyyy."""
    return "–" if value is None else f"{value:%d/%m/%Y}"


def size(value: int) -> str:
    """Bytes as an office reads them: `1,2 MB`."""
    for unit, power in (("GB", 3), ("MB", 2), ("KB", 1)):
        if value >= 1000**power:
            return f"{decimal(value / 1000**power, 1)} {unit}"
    return f"{value} B"


def slug(name: str) -> str:
    """A name as a part of a file's name: `Xã Tân Hiệp` -> `xa_tan_hiep`."""
    return fold(name).replace(" ", "_")


@cache
def _table(name: str) -> tuple[tuple[str, str], ...]:
    text = resources.files("dancu.engine.report").joinpath(f"data/{name}.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple((row["term"], row["vi"]) for row in rows)


def _term(table: str, slug_: str) -> str:
    return dict(_table(table)).get(slug_, slug_)


def fix_name(name: str) -> str:
    """A repair that standardise made, in words; an unknown one keeps its name."""
    return _term("fixes", name)


def encoding_name(name: str | None) -> str:
    """An encoding or dialect of a column, in words."""
    return _term("encodings", (name or "").lower())


def paper(field: str) -> str:
    """The papers that prove a field's value; '' for a field of no paper."""
    return dict(_table("papers")).get(field, "")


def comparison_name(name: str) -> str:
    """A comparison, level, key or constraint of the matching, in words."""
    return _term("matching", name)


_ENGLISH = re.compile(
    r"\b(the|of|is|are|ours|with|by|after|before|since|until|law|on|days?)\b", re.IGNORECASE
)
_REMARK = re.compile(r"\s*\([^()]*\)")


def law(text: str) -> str:
    """A rule's legal basis in Vietnamese; the rules name laws in English.

    A remark that the table of words does not know is left out, so that no English stands in a Vietnamese page.

    >>> law("Law on Data 60/2024/QH15 art. 12; the number of months is ours")
    'Luật Dữ liệu 60/2024/QH15 Điều 12; số tháng do dancu đặt'
    >>> law("Law on Data 60/2024/QH15 art. 12 (as of the day); read with care")
    'Luật Dữ liệu 60/2024/QH15 Điều 12'
    """
    for english, vietnamese in _table("laws"):
        text = text.replace(english, vietnamese)
    text = _REMARK.sub(lambda match: "" if _ENGLISH.search(match[0]) else match[0], text)
    return "; ".join(part for part in text.split("; ") if not _ENGLISH.search(part))
