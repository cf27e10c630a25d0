"""Whose scores a user may see: all, or those of the communes that the user's grants open on the day asked for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from dancu.platform.access import territory
from dancu.platform.access.rights import Refused, rights_held
from dancu.reference import units
from dancu.reference.rights import rights_of


@dataclass(frozen=True)
class Sight:
    """`all_units`, or the `communes` of the day."""

    day: dt.date
    all_units: bool
    communes: frozenset[str]

    def sees(self, code: str) -> bool:
        """A commune of one's own; a district or province only when all of it is."""
        if self.all_units:
            return True
        tree = units.on(self.day)
        unit = tree.find(code)
        if unit is None:
            return False
        below = {c.code for c in tree.communes_of(code)}
        return bool(below) and below <= self.communes

    def check(self, code: str) -> None:
        """Raises Refused where `sees` says no."""
        if not self.sees(code):
            raise Refused(_("Đơn vị này nằm ngoài địa bàn được giao cho bạn."))


def sight(user: Any, day: dt.date, right: str = "score.view") -> Sight:
    """What the user's right covers on the day: a grant of another day is led there by the change table."""
    if rights_held(user).get(right) == "all":
        return Sight(day, True, frozenset())
    mine = [g for g in user.grants_today if any(e.right == right for e in rights_of(g.role))]
    return Sight(day, False, frozenset(c for g in mine for c in territory.of_grant(g, on=day)))
