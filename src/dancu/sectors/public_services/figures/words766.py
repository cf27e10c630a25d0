"""Decision 766 in words for a page: values, bounds, how each was measured, why there is none."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dancu.engine.report.printed import rounded, vi
from dancu.sectors.public_services.figures import shown
from dancu.sectors.public_services.figures.known766 import MEASURED
from dancu.sectors.public_services.figures.score766 import HUNDRED, ZERO, Line, Scored, Value

WAYS = {
    "exact": "",
    "minutes": gettext_lazy("hồ sơ bắt đầu trong kỳ và đã kết thúc; không quy ra tỷ lệ"),
    "catalogue": gettext_lazy("đếm trên danh mục thủ tục của hệ thống này"),
    "sync": gettext_lazy("đã nhân tỷ lệ đồng bộ"),
    "sync_unknown": gettext_lazy("chưa có tỷ lệ đồng bộ (1.4): nhiều nhất là số này"),
    "free_unknown": gettext_lazy("chưa có dữ liệu miễn phí: ít nhất là số này"),
    "stand_in": gettext_lazy("đo bằng dấu hiệu của hệ thống này, không phải cờ của Cổng DVCQG"),
    "voices": gettext_lazy("khiếu nại gửi qua hệ thống này"),
    "displeasure_unknown": gettext_lazy("chưa có đánh giá việc trả lời: nhiều nhất là số này"),
    "ratings": gettext_lazy("trễ hạn và đánh giá một, hai sao"),
    "ratings_unknown": gettext_lazy("chưa có đánh giá nào: nhiều nhất là số này"),
}
NO_DATA = gettext_lazy("chưa có dữ liệu: do hệ thống khác giữ")
NONE_YET = gettext_lazy("chưa có gì trong kỳ")


def groups(scored: tuple[Scored, ...]) -> list[dict[str, Any]]:
    """For the template."""
    english = get_language() == "en"
    return [
        {
            "name": s.group.name_en if english else s.group.name_vi, "most": vi(s.group.max_points),
            "number": s.group.group_id, "points": between(s.low, s.high),
            "lines": [_line(line, english) for line in s.lines],
        }
        for s in scored
    ]  # fmt: skip


def _line(line: Line, english: bool) -> dict[str, Any]:
    i = line.indicator
    return {
        "id": i.indicator_id, "name": i.name_en if english else i.name_vi, "value": _value(line.value),
        "how": WAYS[line.value.how] if line.value else NONE_YET if i.indicator_id in MEASURED else NO_DATA,
        "parts": _parts(line.value),
        "most": vi(i.max_points) if i.max_points is not None else _("chưa rõ"),
        "rule": _("đủ điểm từ %(n)s%%") % {"n": vi(i.full_from)} if i.full_from is not None else _("chưa rõ"),
        "points": _("chưa rõ") if line.low is None or line.high is None else between(line.low, line.high),
        "formula": i.formula, "counting": i.rule,
    }  # fmt: skip


def _value(value: Value | None) -> str:
    if value is None:
        return shown.NOTHING
    if value.how == "minutes":
        return shown.hours(value.numerator, value.denominator)
    low, high = (vi(rounded(share, 2)) for share in (value.low, value.high))
    if value.low == value.high:
        return f"{low}%"
    if value.high == HUNDRED:
        return _("≥ %(n)s%%") % {"n": low}
    return _("≤ %(n)s%%") % {"n": high} if value.low == ZERO else f"{low}–{high}%"


def _parts(value: Value | None) -> str:
    if value is None or value.how == "minutes":
        return ""
    return f"{vi(value.numerator)} / {vi(value.denominator)}"


def between(low: Decimal, high: Decimal) -> str:
    """«5,40», «từ 0 đến 18»."""
    if low == high:
        return vi(low)
    return _("từ %(low)s đến %(high)s") % {"low": vi(low), "high": vi(high)}
