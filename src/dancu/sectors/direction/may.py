"""Whether somebody may do something in a unit, also in one that has merged since; and who acts when nobody does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction
from django.utils.translation import gettext as _

from dancu.kit.sight import sight
from dancu.kit.web import Refused, register_day
from dancu.sectors.direction.places import Place

VIEW, EDIT, WORK, GIVE = "direction.view", "direction.edit", "direction.task", "direction.give"


@dataclass(frozen=True)
class System:
    """What acts by itself: the nightly job, or a story that is being written."""

    username: str = "hệ thống"


SYSTEM = System()


def check(by: Any, right: str, place: Place) -> None:
    """Raise Refused unless the right holds in the whole of the place, as it lies on the register's day."""
    if not may(by, right, place):
        raise Refused(_("Bạn không có quyền làm việc này ở %(unit)s.") % {"unit": place.name})


def may(by: Any, right: str, place: Place) -> bool:
    """Whether it holds there."""
    if isinstance(by, System):
        return True
    seen, now = sight(by, right), place.communes(on=register_day())
    return seen.everything or bool(now and now <= seen.communes)


@contextmanager
def as_system() -> Iterator[System]:
    """One transaction of the owner, for jobs and stories; never in a request: it sees everybody's rows."""
    pages = connections["default"]
    connections["default"] = connections["owner"]
    try:
        with transaction.atomic():
            yield SYSTEM
    finally:
        connections["default"] = pages
