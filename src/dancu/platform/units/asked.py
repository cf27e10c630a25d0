"""What every page of scores is asked: for which day, in which units, and by whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from dancu.engine.report.words import MEANINGS
from dancu.platform.units import figures
from dancu.platform.units.figures import Figures, View
from dancu.platform.units.territory import Sight, sight
from dancu.reference import units

VIEW_NAMES = {
    "khi-do": _("Theo đơn vị khi đó"),
    "hien-nay": _("Theo đơn vị hiện nay"),
    "quy-doi": _("Quy đổi về đơn vị hiện nay"),
}
VIEW_MEANINGS = {
    "khi-do": _("Số liệu và ranh giới của chính ngày đó."),
    "hien-nay": _("Số liệu hôm nay theo ranh giới hôm nay."),
    "quy-doi": _("Số liệu ngày đó, cộng tử số và mẫu số theo ranh giới hôm nay."),
}
CRITERION_NAMES = {
    "*": _("Chung"),
    "correct": _("Đúng"),
    "complete": _("Đủ"),
    "clean": _("Sạch"),
    "living": _("Sống"),
    "consistent": _("Thống nhất"),
}
CRITERION_MEANINGS: dict[str, Any] = {"*": _("Gộp năm chiều theo trọng số."), **MEANINGS}
STATE_WORDS = {
    "good": _("Xanh: đạt"),
    "fair": _("Vàng: cần cải thiện"),
    "bad": _("Đỏ: chưa đạt"),
    "none": _("Chưa có số liệu"),
}


@dataclass(frozen=True)
class Asked:
    """The day (None: now), the view, the figures, and whose scores the user may see in their units."""

    day: dt.date | None
    view: View
    today: dt.date
    figures: Figures
    sight: Sight
    days: tuple[dt.date, ...]

    @property
    def on(self) -> dt.date:
        """The day that the figures are of."""
        return self.figures.on

    @property
    def tree(self) -> units.UnitTree:
        """The units in which the figures are told."""
        return units.on(self.figures.units_on)

    def context(self) -> dict[str, Any]:
        """What the head of each page and its form say."""
        return {
            "asked": self, "on": self.on, "era": figures.era_name(self.figures.units_on),
            "views": [(v, VIEW_NAMES[v], VIEW_MEANINGS[v]) for v in figures.VIEWS],
            "criteria": [(c, CRITERION_NAMES[c]) for c in figures.CRITERIA],
            "whose": _("cả tỉnh") if self.sight.all_units else _("địa bàn của bạn"),
            "query": self.query,
        }  # fmt: skip

    @property
    def query(self) -> str:
        """The same question for another page."""
        day = f"ngay={self.day.isoformat()}&" if self.day else ""
        return f"?{day}theo={self.view}"


def asked(request: HttpRequest) -> Asked | None:
    """Out of the address; None while the register is empty."""
    today = figures.register_day()
    if today is None:
        return None
    days = tuple(f.on for f in figures.frozen_days())
    day = _day(request.GET.get("ngay"), days, today)
    view = request.GET.get("theo", "khi-do")
    if view not in figures.VIEWS:
        raise Http404
    found = figures.view_of(day, view, today)
    return Asked(day, view, today, found, sight(request.user, found.units_on), days)


def _day(text: str | None, days: tuple[dt.date, ...], today: dt.date) -> dt.date | None:
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if day not in days and day != today:
        raise Http404
    return day if day in days else None
