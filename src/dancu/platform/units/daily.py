"""Every night the register moves on to the new day, and the tasks follow.

What a record says depends on the day (an age, a card that has expired, a term that has passed), so the day is moved
even when no event came. It is moved once for all nights that were missed. It never passes a day on which communes of
its people end: that is a change of units, which somebody previews and applies (`changes`). A register of invented
people keeps its day, unless `DANCU_DAY_FOLLOWS` says otherwise.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
from dataclasses import dataclass

from dancu.platform.units.database import owner
from dancu.platform.worklists import making
from dancu.reference import units
from dancu.store.errors import StoreError
from dancu.store.postgres import connect
from dancu.store.register.advance import Step, advance
from dancu.store.register.loading import context_in

BY = "dancu"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Moved:
    """The day it was and the day it is. `held`: it would be later, but communes end first."""

    since: dt.date
    to: dt.date
    held: bool = False


def move_on(*, today: dt.date) -> Moved | None:
    """Moves the day on to today, or as far as its units stand; None where it stays by intent or nothing is loaded.

    Safe to run twice: the second time only the tasks are looked at again.
    """
    with connect(owner()) as con:
        try:
            context = context_in(con)
        except StoreError:
            return None
        lived = con.execute(
            "SELECT DISTINCT unit_code FROM register.person WHERE unit_code IS NOT NULL"
        )
        codes = [str(code) for (code,) in lived]
    if not follows(invented=context.test_people):
        return None
    to = _as_far(codes, context.on, today)
    if to > context.on:
        advance(owner(), context, Step(to=to, by=BY, id=f"day/{to.isoformat()}"))
    if to < today:
        _log.warning("the register's day stays before a change of units that was not applied")
    making.refresh_tasks(today=today)
    return Moved(context.on, max(to, context.on), to < today)


def follows(*, invented: bool) -> bool:
    """Whether the register's day goes with the calendar."""
    return os.environ.get("DANCU_DAY_FOLLOWS", "0" if invented else "1") == "1"


def _as_far(codes: list[str], on: dt.date, today: dt.date) -> dt.date:
    """The last day up to today on which all these communes of `on` still are what they were."""
    tree = units.on(max(on, units.FIRST_DAY))
    last = [unit.valid_to for code in codes if (unit := tree.find(code)) and unit.valid_to]
    return min([today, *last])
