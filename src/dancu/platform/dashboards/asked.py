"""What every board is asked: which unit, which months, how it is to be stated, and by whom.

A unit is named by its code and the day on which that code was the unit's (`cua`): codes are used again, so a board that
is asked for in the units of another day follows the unit over the change table, and says so.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.engine.report.indicators import Asked
from dancu.platform.access.rights import Refused
from dancu.platform.access.territory import register_day
from dancu.platform.reports import eras
from dancu.platform.reports.eras import How
from dancu.platform.units.territory import Sight, sight
from dancu.reference import units
from dancu.reference.rights import rights_of
from dancu.reference.units import Unit, UnitTree, belonging

RIGHT = "dashboard.view"
WAYS: dict[str, How] = {"hien-nay": "now", "khi-do": "then", "quy-doi": "restated"}
WAY_NAMES = {
    "hien-nay": gettext_lazy("Như biết hiện nay"),
    "khi-do": gettext_lazy("Như biết khi đó"),
    "quy-doi": gettext_lazy("Khi đó, quy đổi về đơn vị hiện nay"),
}
WAY_MEANINGS = {
    "hien-nay": gettext_lazy("Mọi điều đã ghi đến nay, theo đơn vị hành chính hiện nay."),
    "khi-do": gettext_lazy("Điều đã ghi đến hết kỳ, theo đơn vị hành chính của ngày cuối kỳ."),
    "quy-doi": gettext_lazy("Điều đã ghi đến hết kỳ, cộng tử số và mẫu số theo đơn vị hành chính hiện nay."),
}  # fmt: skip
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Question:
    """Whole months up to `last`; `shown` is the last day of which there is anything to say.

    `given` is the unit as the address names it, `unit` the one that has its records on the day `of`.
    """

    first: dt.date
    last: dt.date
    today: dt.date
    now: dt.datetime
    way: str
    root: str
    given: Unit
    day: dt.date
    unit: Unit
    sight: Sight

    @property
    def shown(self) -> dt.date:
        """The cut-off."""
        return min(self.last, self.today)

    @property
    def asked(self) -> Asked:
        """Whole months, counted as the way says; a moment that has not come is now."""
        return self._stated(self.way)[0]

    @property
    def of(self) -> dt.date:
        """The day in whose units the figures are told."""
        return self._stated(self.way)[1]

    @property
    def before(self) -> Asked:
        """The same days a year before, known at the same moment."""
        return replace(self.asked, last=self.shown).year_before()

    @property
    def tree(self) -> UnitTree:
        """The units of that day."""
        return units.on(belonging.known(self.of))

    @property
    def period(self) -> str:
        """In words: the days themselves."""
        return f"{self.first:%d/%m/%Y} – {self.shown:%d/%m/%Y}"

    def stated(self, way: str) -> Question:
        """The same question, stated in another way, of the same place."""
        if way == self.way:
            return self
        of = self._stated(way)[1]
        root = self.tree.path(self.unit.code)[0]
        return replace(
            self,
            way=way,
            unit=carried(self.unit, self.of, of),
            root=carried(root, self.of, of).code,
        )

    def link(self, unit: str | None = None, **more: Any) -> str:
        """The query of another page that asks the same, of this or another unit of the day."""
        told = {
            "don-vi": unit or self.unit.code, "cua": self.of.isoformat(), "tu": f"{self.first:%Y-%m}",
            "den": f"{self.last:%Y-%m}", "cach": self.way, **more,
        }  # fmt: skip
        return "?" + urlencode(told)

    def board(self, unit: str) -> str:
        """The address of a unit's board."""
        return reverse("dashboards:board") + self.link(unit)

    @property
    def query(self) -> str:
        """The same question for another page."""
        return self.link()

    def name(self, code: str) -> str:
        """A unit's name; of a line of what was divided, the former unit's with its last day."""
        if found := self.tree.find(code):
            return found.full_name
        if old := belonging.divided(code):
            until = f"{old.valid_to:%d/%m/%Y}" if old.valid_to else ""
            return _("%(name)s (đến %(day)s, đã chia)") % {"name": old.full_name, "day": until}
        return _("Mã đơn vị không có trong danh mục")

    def context(self) -> dict[str, Any]:
        """What the head of each page and its form say."""
        above = self.tree.path(self.unit.code)[:-1]
        moved = self.given.identity != self.unit.identity
        return {
            "q": self, "unit": self.unit, "above": [u for u in above if self.sight.sees(u.code)],
            "months": (f"{self.first:%Y-%m}", f"{self.last:%Y-%m}"), "moved_from": self.given if moved else None,
            "is_part": moved and _is_part(self.given, self.day, self.unit, self.of),
            "whose": _("cả tỉnh") if self.sight.all_units else _("địa bàn của bạn"), "ways": WAY_NAMES,
            "way_meaning": WAY_MEANINGS[self.way], "choices": self._choices(), "counted_at": self.now,
            "era": _("danh mục từ %(day)s") % {"day": f"{belonging.era(self.of):%d/%m/%Y}"},
        }  # fmt: skip

    def _stated(self, way: str) -> tuple[Asked, dt.date]:
        asked, of = eras.stated(Asked(self.first, self.last), WAYS[way], today=self.today)
        known = asked.known if asked.known and asked.known <= self.now else None
        return replace(asked, known=known), min(of, self.today)

    def _choices(self) -> list[tuple[str, str]]:
        """Units to go to from here: those above, beside and below that the user may look at."""
        path = self.tree.path(self.unit.code)
        near: dict[str, Unit] = {u.code: u for u in path}
        for u in (*path[:-1][-1:], self.unit):
            near |= {c.code: c for c in self.tree.children(u.code)}
        return [(u.code, u.full_name) for u in near.values() if self.sight.sees(u.code)]


def question(request: HttpRequest) -> Question:
    """Of this request. Raises Http404 for what was never a unit, Refused outside the own units."""
    now, today = timezone.now(), register_day()
    first, last = _period(request.GET.get("tu", ""), request.GET.get("den", ""), today)
    way = request.GET.get("cach", "hien-nay")
    if way not in WAYS:
        raise Http404
    home = _home(request.user, today)
    given, day = _given(request, home, today)
    none = Sight(today, False, frozenset())
    made = Question(first, last, today, now, way, "", given, day, given, none)
    unit = carried(given, day, made.of)
    seen = sight(request.user, made.of, RIGHT)
    seen.check(unit.code)
    return replace(made, unit=unit, root=_top(unit, made.of), sight=seen)


def carried(unit: Unit, then: dt.date, of: dt.date) -> Unit:
    """The unit of the day `of` that has a unit's records; of one that was divided, the unit above its heirs.

    Before the unit was made out of several that had nothing in common, the one of them that had its code.
    """
    tree = units.on(belonging.known(of))
    for code in reversed(belonging.above(unit.code, then, of)):
        if found := tree.find(code):
            return found
    before = tree.find(unit.code)
    if before is None or before.level != unit.level:
        raise Http404
    return before


def _is_part(given: Unit, day: dt.date, unit: Unit, of: dt.date) -> bool:
    """Whether the unit shown holds only some of the records of the one that was asked for."""
    return unit.code not in belonging.above(given.code, day, of)


def _top(unit: Unit, of: dt.date) -> str:
    """The province of a unit of the day."""
    return units.on(belonging.known(of)).path(unit.code)[0].code


def _given(request: HttpRequest, home: Unit, today: dt.date) -> tuple[Unit, dt.date]:
    code = request.GET.get("don-vi", "")
    if not code:
        return home, today
    try:
        day = dt.date.fromisoformat(request.GET.get("cua", "") or today.isoformat())
    except ValueError:
        raise Http404 from None
    found = units.on(belonging.known(day)).find(code)
    if found is None:
        raise Http404
    return found, belonging.known(day)


def _home(user: Any, today: dt.date) -> Unit:
    """The unit of the user's grant, as it is on the register's day."""
    for grant in user.grants_today:
        if grant.unit_code and any(entry.right == RIGHT for entry in rights_of(grant.role)):
            found = units.on(belonging.known(grant.unit_on)).find(grant.unit_code)
            if found is not None:
                return carried(found, grant.unit_on, today)
    raise Refused(_("Chưa có đơn vị nào được giao cho bạn."))


def _period(first: str, last: str, today: dt.date) -> tuple[dt.date, dt.date]:
    """Of two months as typed; what is no month, or runs backwards, becomes the year up to the register's day."""
    end = min(_month(last) or today.replace(day=1), today.replace(day=1))
    start = _month(first) or end.replace(month=1)
    if start > end:
        start = end.replace(month=1)
    month_end = (end + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    return start, month_end


def _month(text: str) -> dt.date | None:
    found = _MONTH.fullmatch(text.strip())
    return dt.date(int(found[1]), int(found[2]), 1) if found and int(found[1]) >= 2000 else None
