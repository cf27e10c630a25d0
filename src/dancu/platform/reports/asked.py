"""What a page of figures is asked: from which day to which, in the units of which day, as known then or now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from dancu.engine.report.indicators import Asked
from dancu.platform.access import territory
from dancu.platform.access.rights import Refused
from dancu.platform.reports import counting, eras
from dancu.reference import units
from dancu.reference.units import Level, Unit, UnitTree, belonging

_LEVELS: dict[str, Level] = {"xa": "commune", "huyen": "district", "tinh": "province"}


@dataclass(frozen=True)
class Question:
    """`of`: in whose day's units; `then`: as it was known at the end of the period."""

    asked: Asked
    of: dt.date
    then: bool
    root: Unit
    level: Level
    unit: str

    @property
    def tree(self) -> UnitTree:
        """The units of the day."""
        return counting.units_on(self.of)

    @property
    def query(self) -> str:
        """The same question for another page."""
        told = {
            "tu": self.asked.first.isoformat(), "den": self.asked.last.isoformat(), "don-vi-ngay": self.of.isoformat(),
            "biet": "khi-do" if self.then else "nay", "cap": next(k for k, v in _LEVELS.items() if v == self.level),
        }  # fmt: skip
        return "?" + urlencode(told)

    def name(self, code: str) -> str:
        """A unit's name, also of one that was divided since or is none."""
        if unit := self.tree.find(code):
            return unit.full_name
        if old := belonging.divided(code):
            return _("%(name)s (đã chia sau %(day)s)") % {
                "name": old.full_name,
                "day": f"{old.valid_to:%d/%m/%Y}",
            }
        return _("Mã đơn vị không có trong danh mục")

    def context(self) -> dict[str, Any]:
        """What the head and the form of a page say."""
        days = sorted({belonging.known(self.asked.last), *units.days_of_change(), self.of})
        levels = [("xa", _("Xã, phường")), ("huyen", _("Huyện")), ("tinh", _("Tỉnh"))]
        return {
            "q": self, "root": self.root, "levels": levels, "level_key": _key(self.level),
            "days": [(day.isoformat(), f"{day:%d/%m/%Y}") for day in days],
            "period": f"{self.asked.first:%d/%m/%Y} – {self.asked.last:%d/%m/%Y}",
            "era": f"{belonging.era(self.of):%d/%m/%Y}",
        }  # fmt: skip


def question(request: HttpRequest) -> Question:
    """Of this request: what is no day, or runs backwards, is the year up to the register's day. Raises Refused."""
    today = territory.register_day()
    last = _day(request.GET.get("den")) or today
    first = _day(request.GET.get("tu")) or last.replace(month=1, day=1)
    if first > last:
        first = last.replace(month=1, day=1)
    of = _day(request.GET.get("don-vi-ngay")) or last
    then = request.GET.get("biet") == "khi-do"
    asked = Asked(first, last, eras.end_of(last) if then else None)
    root = _province(request.user, of)
    levels = _LEVELS.get(request.GET.get("cap", ""), "commune")
    if levels == "district" and not counting.units_on(of).districts:
        levels = "commune"
    unit = request.GET.get("don-vi", root.code)
    return Question(asked, of, then, root, levels, unit)


def _province(user: Any, of: dt.date) -> Unit:
    """The province, on the day, of the user's first grant with a unit."""
    tree = counting.units_on(of)
    for grant in user.grants_today:
        if not grant.unit_code:
            continue
        spell = belonging.spell_of(grant.unit_code, grant.unit_on)
        code = belonging.above(grant.unit_code, grant.unit_on, of)[0] if spell else ""
        if found := tree.find(code):
            return found
    raise Refused(_("Chưa có đơn vị nào được giao cho bạn."))


def _key(level: Level) -> str:
    return next(key for key, value in _LEVELS.items() if value == level)


def _day(text: str | None) -> dt.date | None:
    try:
        found = dt.date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if dt.date(2000, 1, 1) <= found <= dt.date(2100, 1, 1) else None
