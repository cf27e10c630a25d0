"""Dossiers of the demo province: invented, but so many of each kind and channel that the review's figures follow.

Figures F03, F04, F06, F07 and F24 of the review at 21 June 2024, at the province's scale: 321.335 of 332.400 essential
dossiers online, 3.535 of 6.556 driving licences, 99,92% of the police's, 77,15% of all against 70,15% a year before.
What the review does not tell (how many dossiers there were in all, who filed what when) is ours, from a seed. Every
dossier is of an invented citizen of the register, and has its moves; the kept sums follow by the tables' own triggers.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from dancu.province.story_dossiers import LICENCE, OTHERS, POLICE, lots, lots_before
from dancu.reference import paper_reasons, services, working_time
from dancu.reference.services import Procedure
from dancu.sectors.public_services import acting, workflow
from dancu.sectors.public_services.linked.bundling import unit_of

SEED = 2406
DAY = dt.date(2024, 6, 21)
LATE = 0.014
"""Of the dossiers that end; ours."""
_NOW = dt.datetime.combine(DAY, dt.time(8))


class Person(NamedTuple):
    """Who files."""

    citizen: Any
    name: str
    unit: str


@dataclass
class Made:
    """A dossier to be loaded: columns of `services.dossier` by name, and its moves (action, status, moment)."""

    row: dict[str, Any]
    moves: list[tuple[str, int, dt.datetime]]


def make(people: Sequence[Person], *, scale: float, home: str) -> Iterator[Made]:
    """The dossiers of two half years, the same for the same people. `home`: the commune of the sample accounts."""
    rng = random.Random(SEED)  # noqa: S311
    here = [p for p in people if p.unit == home] or list(people)
    for year, found in ((2023, lots_before(scale)), (2024, lots(scale))):
        first, last = dt.date(year, 1, 2), min(DAY, dt.date(year, 6, 30))
        for lot in found:
            codes = rng.choices(list(lot.weights), list(lot.weights.values()), k=lot.n)
            for i, code in enumerate(codes):
                who, day = rng.choice(people), first + (last - first) * rng.random()
                if (
                    i % 97 == 0 and year == DAY.year
                ):  # so that the sample officers have something to do
                    who, day = rng.choice(here), last - dt.timedelta(days=rng.randrange(4))
                yield _one(
                    rng, code, who, day, services.ONLINE if i < lot.online else services.IN_PERSON
                )
    for code in (*POLICE, *OTHERS, *LICENCE):  # what nobody has received yet counts nowhere
        yield _filed(rng, code, rng.choice(here))


def _one(rng: random.Random, code: str, who: Person, day: dt.date, channel: int) -> Made:
    """A dossier that was received on the day, or the next one on which the office was open."""
    start = dt.datetime.combine(day, dt.time(7, 30)) + dt.timedelta(minutes=rng.randrange(540))
    accepted = min(working_time.after(start, minutes=1), _NOW)
    procedure = services.get(code, on=accepted.date())
    due = procedure.due(accepted)
    filed = accepted - dt.timedelta(
        minutes=rng.randrange(3, 240 if channel == services.ONLINE else 12)
    )
    limit = max(working_time.minutes_between(accepted, due), 30)
    share = rng.uniform(1.05, 1.8) if rng.random() < LATE else rng.uniform(0.1, 0.97)
    ended = working_time.after(accepted, minutes=max(1, int(limit * share)))
    made = _base(procedure, who, channel, filed, rng)
    made.row |= {"accepted_at": accepted, "due_at": due, "status": workflow.ACCEPTED}
    made.moves.append(("accept", workflow.ACCEPTED, accepted))
    if ended >= _NOW:
        _still_open(made, rng, accepted)
    else:
        _ended(made, rng, procedure, accepted, ended)
    return made


def _filed(rng: random.Random, code: str, who: Person) -> Made:
    filed = _NOW - dt.timedelta(minutes=rng.randrange(30, 900))
    return _base(services.get(code, on=filed.date()), who, services.ONLINE, filed, rng)


def _base(procedure: Procedure, who: Person, channel: int, filed: dt.datetime, rng: random.Random) -> Made:  # fmt: skip
    reason = (
        ""
        if channel == services.ONLINE
        else rng.choice(sorted(paper_reasons.names(on=filed.date())))
    )
    by_post = reason == "by_post"
    row = {
        "procedure": procedure.code, "version": procedure.version, "essential": procedure.essential_id,
        "procedure_group": procedure.group, "place": who.unit,
        "unit_code": _handled_by(procedure.code, who.unit, filed.date()),
        "channel": services.POSTAL if by_post else channel, "applicant": who.citizen, "applicant_name": who.name,
        "status": workflow.FILED, "filed_at": filed, "paper_reason": reason, "step": 0, "holder": "",
        "saved_papers": rng.choice((0, 1, 1, 2)) if channel == services.ONLINE else rng.choice((0, 0, 1)),
        "supplements": 0, "electronic_result": False,
    }  # fmt: skip
    return Made(row, [("file", workflow.FILED, filed)])


@cache
def _handled_by(code: str, place: str, day: dt.date) -> str:
    return unit_of(code, place, day)


def _still_open(made: Made, rng: random.Random, accepted: dt.datetime) -> None:
    """Received, being handled, or waiting for papers, as on the morning of the demo's day."""
    kind = rng.random()
    if kind < 0.3:
        return
    taken = min(working_time.after(accepted, minutes=20), _NOW)
    made.moves.append(("take", workflow.PROCESSING, taken))
    made.row["status"] = workflow.PROCESSING
    if kind > 0.85:
        asked = min(working_time.after(taken, minutes=60), _NOW)
        made.moves.append(("ask_supplement", workflow.SUPPLEMENT, asked))
        made.row |= {"status": workflow.SUPPLEMENT, "paused_at": asked, "supplements": 1}


def _ended(
    made: Made, rng: random.Random, procedure: Procedure, accepted: dt.datetime, ended: dt.datetime
) -> None:
    """Signed and given, or withdrawn; how long it took and whether in time is counted, not chosen."""
    minutes = working_time.minutes_between(accepted, ended)
    status = workflow.WITHDRAWN if rng.random() < 0.004 else workflow.RETURNED
    good = status == workflow.RETURNED
    online = made.row["channel"] == services.ONLINE
    document = procedure.result_kind == "document"
    made.row |= {
        "status": status, "ended_at": ended, "minutes": minutes, "on_time": ended <= made.row["due_at"],
        "electronic_result": good and document and rng.random() < (0.93 if online else 0.6),
        "paid_online": (rng.random() < (0.85 if online else 0.2)) if procedure.fee else None,
    }  # fmt: skip
    if not good:
        made.moves.append(("withdraw", status, ended))
        return
    given = min(working_time.after(ended, minutes=rng.randrange(5, 200)), _NOW)
    made.row["returned_at"] = given
    between = accepted + (ended - accepted) / 3
    made.moves += [
        ("take", workflow.PROCESSING, between), ("propose", workflow.PROCESSING, between + (ended - between) / 2),
        ("sign", workflow.PROCESSED, ended), ("give", workflow.RETURNED, given),
    ]  # fmt: skip


def agency(made: Made) -> str:
    """What its code begins with."""
    return acting.agency_code(made.row["unit_code"])
