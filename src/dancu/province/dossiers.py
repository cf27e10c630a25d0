"""Dossiers of an invented half-year: their lives, told by two portals, and the truth about what was planted.

At scale 1: 332,400 dossiers of the 25 essential services, 321,335 of them online (the review's figures), about 2.5
million changes of status. Nobody in them is real: names are drawn, numbers of persons are not told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dancu.reference import services, units
from dancu.reference.holidays import is_working_day

DOSSIERS, ONLINE = 332_400, 321_335
TURNS_EACH = 7.5
FIRST, LAST = dt.date(2023, 12, 15), dt.date(2024, 6, 14)
ON = dt.date(2024, 6, 21)
Ints = npt.NDArray[np.int64]
Times = npt.NDArray[np.datetime64]
_WITHDRAWN, _STOPPED, _SUPPLEMENT, _OPEN = 0.006, 0.005, 0.06, 0.04


@dataclass(frozen=True)
class Lives:
    """One array a column; `turn_*` in order of dossier and time, `whose` its number."""

    unit: npt.NDArray[Any]
    serial: Ints
    procedure: Ints
    channel: Ints
    status: Ints
    received: Times
    due: Times
    ended: Times
    returned: Times
    asked: npt.NDArray[np.bool_]
    whose: Ints
    turn_at: Times
    turn_status: Ints

    def __len__(self) -> int:
        return len(self.unit)


def lives(scale: float, seed: int) -> Lives:
    """So many dossiers with what became of them up to the day of the review."""
    count = max(50, round(DOSSIERS * scale))
    rng = np.random.default_rng([seed, 60])
    unit = np.array([u.code for u in units.on(ON).communes_of("24")])[rng.integers(0, 209, count)]
    received = moments(rng, count, FIRST, LAST)
    order = np.lexsort((received, unit))
    unit, received = unit[order], received[order]
    procedures = _procedures()
    weights = rng.dirichlet(np.full(len(procedures), 0.6))
    which = rng.choice(len(procedures), count, p=weights)
    due = due_of(received, which, procedures)
    channel = np.full(count, services.ONLINE)
    paper = rng.choice(count, count - round(count * ONLINE / DOSSIERS), replace=False)
    channel[paper] = rng.choice((services.IN_PERSON, services.POSTAL), len(paper), p=(0.9, 0.1))
    return lived(rng, Filed(unit, which, channel, received, due))


@dataclass(frozen=True)
class Filed:
    """What was accepted, in order of unit and moment: where, which procedure, how, when, due when."""

    unit: npt.NDArray[Any]
    procedure: Ints
    channel: Ints
    received: Times
    due: Times


def lived(rng: np.random.Generator, filed: Filed, *, until: dt.datetime | None = None) -> Lives:
    """What became of each; `until`: what would come later has not come yet."""
    count, received, due = len(filed.unit), filed.received, filed.due
    status = rng.choice(
        (10, 9, 8, 7, 4), count, p=(0.9 - _OPEN, 0.089, _STOPPED, _WITHDRAWN, _OPEN)
    )
    spent = (due - received).astype(np.int64) * rng.beta(2.2, 2.6, count) * 1.32
    ended = _to_office(received + spent.astype("timedelta64[s]"))
    returned = _to_office(ended + (rng.random(count) * 90_000).astype("timedelta64[s]"))
    asked = (rng.random(count) < _SUPPLEMENT) & (spent > 4 * 86_400)
    if until is not None:
        now = np.datetime64(until, "s")
        status = np.where(ended > now, 4, np.where((status == 10) & (returned > now), 9, status))
        asked &= status != 4
    ended[status == 4], returned[status != 10] = np.datetime64("NaT"), np.datetime64("NaT")
    whose, at, turns = _turns(rng, status, received, ended, returned, asked, until)
    return Lives(filed.unit, _serials(filed.unit, received), filed.procedure, filed.channel, status, received, due,
                 ended, returned, asked, whose, at, turns)  # fmt: skip


def procedures() -> list[services.Procedure]:
    """The essential services that communes handle, on the day of the review."""
    return _procedures()


def _procedures() -> list[services.Procedure]:
    return [p for p in services.procedures(on=ON) if p.essential_id]


def moments(rng: np.random.Generator, count: int, first: dt.date, last: dt.date) -> Times:
    """Moments of office hours on working days between the two."""
    days = [first + dt.timedelta(days=k) for k in range((last - first).days + 1)]
    work = np.array([d for d in days if is_working_day(d)], "datetime64[D]")
    second = np.where(
        rng.random(count) < 0.5,
        rng.integers(27_000, 41_000, count),
        rng.integers(48_600, 60_900, count),
    )
    chosen = work[rng.integers(0, len(work), count)].astype("datetime64[s]")
    return np.asarray(chosen + second.astype("timedelta64[s]"))


def due_of(received: Times, which: Ints, offered: Sequence[services.Procedure]) -> Times:
    """When each is due by the procedure under its number in `offered`."""
    days, at_day = np.unique(received.astype("datetime64[D]"), return_inverse=True)
    table = np.empty((len(days), len(offered)), "datetime64[s]")
    for at, day in enumerate(days.tolist()):
        for number, one in enumerate(offered):
            table[at, number] = np.datetime64(one.due(dt.datetime.combine(day, dt.time(9))), "s")
    return np.maximum(table[at_day, which], received + np.timedelta64(3600, "s"))


def _to_office(at: Times) -> Times:
    """The next hour in which somebody works: nobody signs on a Sunday or at night."""
    second = (at - at.astype("datetime64[D]")).astype("timedelta64[s]").astype(np.int64)
    day = at.astype("datetime64[D]") + (second > 61_000).astype("timedelta64[D]")
    late = second > 61_000
    days, which = np.unique(day, return_inverse=True)
    moved = np.array([_working(d) for d in days.tolist()], "datetime64[D]")[which]
    opened = (moved != day) | late
    clock = np.where(opened, 28_000 + second % 9_000, np.maximum(second, 27_100))
    return np.asarray(moved.astype("datetime64[s]") + clock.astype("timedelta64[s]"))


def _working(day: dt.date) -> dt.date:
    while not is_working_day(day):
        day += dt.timedelta(days=1)
    return day


def _serials(unit: npt.NDArray[Any], received: Times) -> Ints:
    """The number of a dossier in its unit and day."""
    day = received.astype("datetime64[D]").astype(np.int64)
    new = np.ones(len(unit), bool)
    new[1:] = (unit[1:] != unit[:-1]) | (day[1:] != day[:-1])
    starts = np.flatnonzero(new)
    return np.arange(len(unit)) - np.repeat(starts, np.diff(np.append(starts, len(unit)))) + 1


def _turns(
    rng: np.random.Generator, status: Ints, received: Times, ended: Times, returned: Times,
    asked: npt.NDArray[np.bool_], until: dt.datetime | None,
) -> tuple[Ints, Times, Ints]:  # fmt: skip
    """Filed, accepted, several steps in processing, perhaps papers asked for and brought, the end, the result given."""
    count, who = len(status), np.arange(len(status))
    stop = np.where(np.isnat(ended), received + np.timedelta64(3 * 86_400, "s"), ended)
    if until is not None:
        stop = np.minimum(stop, np.datetime64(until, "s"))
    span = np.maximum((stop - received).astype(np.int64), 60)
    parts: list[tuple[Ints, Times, Ints]] = [
        (
            who,
            received - rng.integers(60, 4_000, count).astype("timedelta64[s]"),
            np.full(count, 1),
        ),
        (who, received, np.full(count, 2)),
    ]
    for step in range(1, 6):
        share = (span * step / 10).astype(np.int64)
        wanted = who[rng.random(count) < (0.99 if step == 1 else 0.72)]
        parts.append(
            (wanted, (received + share.astype("timedelta64[s]"))[wanted], np.full(len(wanted), 4))
        )
    papers = who[asked]
    for part, asked_or_back in ((0.55, 5), (0.75, 4)):
        moment = received + (span * part).astype(np.int64).astype("timedelta64[s]")
        parts.append((papers, _to_office(moment[papers]), np.full(len(papers), asked_or_back)))
    over = who[~np.isnat(ended)]
    parts.append((over, ended[over], np.where(status[over] == 10, 9, status[over])))
    given = who[~np.isnat(returned)]
    parts.append((given, returned[given], np.full(len(given), 10)))
    whose = np.concatenate([p[0] for p in parts])
    at = np.concatenate([p[1] for p in parts])
    code = np.concatenate([p[2] for p in parts])
    order = np.lexsort(
        (np.concatenate([np.full(len(p[0]), k) for k, p in enumerate(parts)]), at, whose)
    )
    return whose[order], at[order].astype("datetime64[s]"), code[order]
