"""The clock of a dossier: when it is due, how long it ran, whether it was on time. Pure; local moments without a zone.

Source: Decree 61/2018 article 17-19; indicator 2.1 of Decision 766/QĐ-TTg (`services/index766_indicators.csv`): the end
is the moment of status 9, else 10, else of 8, 3 or 7, else the end of the period; the time the applicant was awaited
does not count; a second request for papers makes a dossier late.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from dancu.reference import working_time
from dancu.sectors.public_services import workflow

_LAST = (
    (workflow.PROCESSED,),
    (workflow.RETURNED,),
    (workflow.STOPPED, workflow.REFUSED, workflow.WITHDRAWN),
)


@dataclass(frozen=True)
class Turn:
    """The status that a dossier had from a moment on."""

    status: int
    at: dt.datetime


def ended_at(turns: Sequence[Turn]) -> dt.datetime | None:
    """When the handling ended, as the formula counts it; None while it goes on."""
    for statuses in _LAST:
        if found := [turn.at for turn in turns if turn.status in statuses]:
            return found[0]
    return None


def awaited_minutes(turns: Sequence[Turn], *, until: dt.datetime) -> int:
    """Working minutes in which the applicant was awaited (papers or payment)."""
    ends = [*(turn.at for turn in turns[1:]), until]
    return sum(
        working_time.minutes_between(turn.at, min(end, until))
        for turn, end in zip(turns, ends, strict=True)
        if turn.status in workflow.PAUSED and turn.at < until
    )


def resumed_due(
    due: dt.datetime, *, paused_at: dt.datetime, resumed_at: dt.datetime
) -> dt.datetime:
    """The due moment moved on by the working time that the applicant was awaited."""
    return working_time.after(due, minutes=working_time.minutes_between(paused_at, resumed_at))


def on_time(
    turns: Sequence[Turn], *, due: dt.datetime | None, supplements: int, until: dt.datetime
) -> bool:
    """Whether it was, or as of `until` still is, handled in time. `due`: as it stands after pauses and extensions."""
    if supplements > 1:
        return False
    return due is None or min(ended_at(turns) or until, until) <= due
