"""What a page of figures is asked: which unit, which months, by whom; the unit must be theirs to look at."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from dancu.kit.sight import Sight, sight
from dancu.kit.web import Refused, register_day
from dancu.reference import units
from dancu.reference.units import Unit, UnitTree
from dancu.sectors.public_services.figures.period import Period, period
from dancu.sectors.public_services.figures.places import divided, known

RIGHT = "service.figures"


@dataclass(frozen=True)
class Question:
    """The period, the units of its last day, the province, the unit asked for, what the user may see."""

    period: Period
    tree: UnitTree
    root: str
    unit: Unit
    sight: Sight
    until: dt.datetime

    @property
    def query(self) -> str:
        """The same question for another page."""
        return f"?don-vi={self.unit.code}&{self.period.query}"

    def sees(self, code: str) -> bool:
        """Whether all of a unit lies in the communes that the user may look at."""
        if self.sight.everything:
            return True
        on = register_day()
        return bool(code in self.tree.by_code) and all(
            {heir.code for heir in commune.as_of(on)} <= self.sight.communes
            for commune in self.tree.communes_of(code)
        )

    def name(self, code: str) -> str:
        """A unit's name; of a line of what was divided, the former unit's with its last day."""
        if unit := self.tree.find(code):
            return unit.full_name
        if old := divided(code):
            until = f"{old.valid_to:%d/%m/%Y}" if old.valid_to else ""
            return _("%(name)s (đến %(day)s, đã chia)") % {"name": old.full_name, "day": until}
        return _("Mã đơn vị không có trong danh mục")

    def context(self) -> dict[str, Any]:
        """What the head of each page and its form say."""
        above = [u for u in self.tree.path(self.unit.code)[:-1] if self.sees(u.code)]
        return {
            "q": self, "unit": self.unit, "period": self.period, "above": above, "on": self.period.shown,
            "months": (f"{self.period.first:%Y-%m}", f"{self.period.last:%Y-%m}"),
            "whose": _("cả tỉnh") if self.sight.everything else _("địa bàn của bạn"),
            "choices": self._choices(),
        }  # fmt: skip

    def _choices(self) -> list[tuple[str, str]]:
        """Units that the user may go to: the province, its districts if any, and communes, as far as they see."""
        if self.sight.everything:
            top = self.tree.get(self.root)
            near = (top, *self.tree.children(self.root))
            if self.unit.level != "province" and self.unit not in near:
                near = (*near, self.unit)
            return [(u.code, u.full_name) for u in near]
        own = [c for c in self.tree.communes_of(self.root) if self.sees(c.code)]
        return [(u.code, u.full_name) for u in own]


def question(request: HttpRequest, unit: str | None = None) -> Question:
    """Of this request; `unit`: named by the address. Raises Http404, Refused."""
    now = timezone.now()
    asked = period(
        request.GET.get("tu", ""), request.GET.get("den", ""), today=timezone.localdate(now), usual=register_day(),
    )  # fmt: skip
    seen = sight(request.user, RIGHT)
    tree = units.on(known(asked.shown))
    root = _province(seen, tree)
    code = unit or request.GET.get("don-vi") or _home(seen, tree, root)
    found = tree.find(code)
    if found is None:
        raise Http404
    end = timezone.make_aware(dt.datetime.combine(asked.shown + dt.timedelta(days=1), dt.time()))
    made = Question(asked, tree, root, found, seen, min(now, end))
    if not made.sees(code) or (found.province_code not in (root, "") and found.code != root):
        raise Refused(_("Đơn vị này nằm ngoài địa bàn được giao cho bạn."))
    return made


def _province(seen: Sight, tree: UnitTree) -> str:
    """The province of the user's communes, as it was on the period's last day."""
    now = units.on(known(register_day()))
    for code in sorted(seen.communes):
        for heir in now.get(code).as_of(tree.day):
            return heir.province_code
    raise Refused(_("Chưa có đơn vị nào được giao cho bạn."))


def _home(seen: Sight, tree: UnitTree, root: str) -> str:
    """The whole province for who sees it, else the largest unit that is all theirs, else their first commune."""
    if seen.everything:
        return root
    now = units.on(known(register_day()))
    own = sorted({heir.code for code in seen.communes for heir in now.get(code).as_of(tree.day)})
    if not own:
        raise Refused(_("Chưa có đơn vị nào được giao cho bạn."))
    for district in tree.districts:
        if {c.code for c in tree.communes_of(district.code)} == set(own):
            return district.code
    return own[0]
