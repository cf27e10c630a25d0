"""Rows of all sheets, the changes told, and what is there already: one state for each dossier. Pure.

The later state wins, whoever tells it: by its day, then by how far along it is, then by its time of day (lists often
know no more than the day). A list that is older than what is there moves nothing back.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dancu.reference.services import Procedure
from dancu.sectors.public_services import workflow
from dancu.sectors.public_services.importing import line, problems
from dancu.sectors.public_services.importing.before import Before
from dancu.sectors.public_services.importing.flat import Rows, later, latest
from dancu.sectors.public_services.importing.moments import NAT, Bools, Times
from dancu.sectors.public_services.importing.standard import RECEIVED
from dancu.sectors.public_services.importing.turns import Turns

Ints = npt.NDArray[np.int64]
_STEPS = ("filed", "received", "due", "due_moved", "ended", "returned", "refused")


@dataclass(frozen=True)
class Base:
    """What a dossier's row says, before the changes: the file's, or the register's where that is the later."""

    row: Ints
    """Place of the file's row, -1 for the register's."""
    exists: Bools
    status: Ints
    at: Times
    channel: Ints
    supplements: Ints
    paid: Ints
    electronic: Bools
    moments: dict[str, Times]
    dated_end: Bools
    text: dict[str, pa.Array]
    which: Ints


@dataclass(frozen=True)
class Combined:
    """`table`: one row a dossier as the store takes it, with `n`; `row`: its place in the file, -1 for none;
    `problem`: why it cannot be taken, in the order of the numbers of all dossiers.
    """

    table: pa.Table
    row: Ints
    problem: Ints


def base(rows: Rows, before: Before) -> Base:
    """The later of file and register, column by column."""
    row = latest(rows, before.count)
    ours = {role: before.times(name) for role, name in _REGISTER.items()}
    state = (before.times("state_at"), before.ints("status"))
    file = row >= 0
    fits = np.where(file, row, 0)
    if len(rows.at):
        told = (rows.at[fits], rows.status[fits])
        file &= ~before.there | later(told, state, or_equal=True)
    row = np.where(file, row, -1)

    def of(mine: Any, theirs: Any) -> Any:
        return np.where(file, mine[fits], theirs) if len(rows.at) else theirs

    ours["due_moved"] = np.where(np.isnat(ours["due"]), before.times("due_at"), NAT)
    moments = {
        role: of(rows.moments[role], ours.get(role, _nothing(before.count))) for role in _STEPS
    }
    text = {
        name: _either(file, rows.text[name], fits, before.texts(name))
        for name in ("unit_code", "applicant_name")
    } | {
        name: _either(file, _named(rows, name), fits, before.texts(name))
        for name in ("procedure", "essential", "procedure_group")
    }
    return Base(
        row, file | before.there, of(rows.status, state[1]), of(rows.at, state[0]),
        of(rows.channel, before.ints("channel")), of(rows.supplements, before.ints("supplements")),
        of(rows.paid, before.ints("paid_online", empty=-1)),
        of(rows.electronic, before.ints("electronic_result") == 1).astype(bool), moments,
        of(rows.dated["ended"], np.zeros(before.count, bool)).astype(bool), text,
        of(rows.which, np.full(before.count, -1)),
    )  # fmt: skip


_REGISTER = {
    "filed": "filed_at",
    "received": "said_received",
    "due": "promised",
    "ended": "said_ended",
    "returned": "said_returned",
}


def combined(rows: Rows, own: Base, before: Before, turns: Turns) -> Combined:
    """The state of each dossier, as far as it can be taken."""
    status, at = _now(own, turns)
    received = _first(own.moments["received"], turns.first_of(workflow.ACCEPTED))
    counts = np.isin(status, list(RECEIVED))
    accepted = np.where(counts, received, NAT)
    ended = _ended(status, own, turns, at)
    early = own.dated_end & (ended < accepted) & (_day(ended) == _day(accepted))
    ended = np.where(early, accepted, ended)
    problem = _problems(status, counts, received, accepted, ended)
    problem[before.other] = problems.NUMBER["other_source"]
    problem[before.busy] = problems.NUMBER["worked_on_here"]
    awaited = turns.awaited(ended)
    supplements = np.maximum(own.supplements, turns.asked())
    due = _due(own, rows.procedures, before, accepted, awaited, problem == problems.NONE)
    whole = ~np.isnat(accepted) & ~np.isnat(ended)
    minutes = np.maximum(0, line.minutes(accepted, ended) - awaited)
    on_time = (supplements <= 1) & (np.isnat(due) | (ended <= due))
    last = turns.last
    paused_at = np.where(
        (last >= 0) & (_at(turns.status, last, 0) == status), _at(turns.at, last, NAT), at
    )
    made = {
        "status": pa.array(status), "channel": pa.array(own.channel),
        "filed_at": _moment(_first(own.moments["filed"], received, turns.first_of(workflow.FILED), at)),
        "accepted_at": _moment(accepted), "due_at": _moment(due),
        "paused_at": _moment(np.where(np.isin(status, workflow.PAUSED), paused_at, NAT)),
        "ended_at": _moment(ended), "returned_at": _moment(_returned(status, own, turns, ended)),
        "minutes": pa.array(minutes, mask=~whole), "on_time": pa.array(on_time, mask=~whole),
        "supplements": pa.array(supplements), "electronic_result": pa.array(own.electronic),
        "paid_online": pa.array(own.paid == 1, mask=own.paid < 0),
        "promised": _moment(np.where(np.isnat(own.moments["due_moved"]), own.moments["due"], NAT)),
        "said_received": _moment(own.moments["received"]),
        "said_ended": _moment(np.where(early, accepted, _said_end(status, own))),
        "said_returned": _moment(own.moments["returned"]), "state_at": _moment(at),
        "version": _version(own, rows.procedures, before),
    }  # fmt: skip
    turn_at, turn_status = turns.literals()
    numbers = before.table.column("dossier_no").combine_chunks()
    place = pa.array(np.where(before.there, before.place, 0), mask=~before.there)
    made |= {"turn_at": turn_at, "turn_status": turn_status, **own.text}
    made["applicant_name"] = pc.fill_null(made["applicant_name"], "")
    made["dossier_no"] = numbers.take(place) if len(numbers) else pa.nulls(before.count, pa.int64())
    made["n"] = pa.array(np.arange(before.count))
    keep = own.exists & (problem == problems.NONE)
    table = pa.table(made).filter(pa.array(keep))
    row = own.row[keep]
    given = rows.text["given"].take(pa.array(row, mask=row < 0))
    return Combined(table.append_column("given", given), own.row, problem)


# --- the state ---


def _now(own: Base, turns: Turns) -> tuple[Ints, Times]:
    last = turns.last
    told = (_at(turns.at, last, NAT), _at(turns.status, last, 0))
    newer = (last >= 0) & own.exists & later(told, (own.at, own.status))
    return np.where(newer, told[1], own.status), np.where(newer, told[0], own.at)


def _ended(status: Ints, own: Base, turns: Turns, at: Times) -> Times:
    """As the formula of Decision 766 has it: status 9, else 10, else 8, 3 or 7."""
    ended, returned = own.moments["ended"], own.moments["returned"]
    found = _nothing(len(status))
    finished = np.isin(status, (workflow.PROCESSED, workflow.RETURNED))
    done = _first(
        ended, turns.first_of(workflow.PROCESSED), returned, turns.first_of(workflow.RETURNED)
    )
    found[finished] = done[finished]
    refused = status == workflow.REFUSED
    found[refused] = _first(own.moments["refused"], ended, turns.first_of(workflow.REFUSED), at)[
        refused
    ]
    for code in (workflow.WITHDRAWN, workflow.STOPPED):
        rows = status == code
        found[rows] = _first(ended, turns.first_of(code), returned)[rows]
    return found


def _said_end(status: Ints, own: Base) -> Times:
    refused = own.moments["refused"]
    return np.where(
        (status == workflow.REFUSED) & ~np.isnat(refused), refused, own.moments["ended"]
    )


def _returned(status: Ints, own: Base, turns: Turns, ended: Times) -> Times:
    found = _first(own.moments["returned"], turns.first_of(workflow.RETURNED), ended)
    return np.where(status == workflow.RETURNED, found, NAT)


def _problems(status: Ints, counts: Bools, received: Times, accepted: Times, ended: Times) -> Ints:
    problem = np.zeros(len(status), np.int64)
    over = np.isin(status, workflow.ENDED)
    problem[over & (ended < accepted)] = problems.NUMBER["end_before_received"]
    problem[over & np.isnat(ended)] = problems.NUMBER["no_end"]
    problem[counts & np.isnat(received)] = problems.NUMBER["no_received"]
    return problem


def _due(
    own: Base, procedures: tuple[Procedure, ...], before: Before, accepted: Times, awaited: Ints, wanted: Bools
) -> Times:  # fmt: skip
    """What was promised, moved on by the time in which the applicant was awaited; without a promise the legal limit."""
    promised, moved = own.moments["due"].copy(), own.moments["due_moved"]
    for at in np.flatnonzero(
        wanted & np.isnat(promised) & np.isnat(moved) & ~np.isnat(accepted) & (own.which >= 0)
    ).tolist():
        promised[at] = limit(procedures[own.which[at]], accepted[at].astype(dt.datetime))
    waited = np.flatnonzero((awaited > 0) & ~np.isnat(promised) & np.isnat(moved) & wanted)
    promised[waited] = line.after(promised[waited], awaited[waited])
    return np.where(np.isnat(accepted), NAT, _first(moved, promised))


def limit(procedure: Procedure, received: dt.datetime) -> dt.datetime:
    if procedure.limit_unit == "day" and procedure.limit > 0:
        return _limit_of_day(procedure, received.date())
    return procedure.due(received)


@cache
def _limit_of_day(procedure: Procedure, day: dt.date) -> dt.datetime:
    """Days of work after a day do not depend on its hour."""
    return procedure.due(dt.datetime.combine(day, dt.time(9)))


# --- columns ---


def _version(own: Base, procedures: tuple[Procedure, ...], before: Before) -> pa.Array:
    versions = np.array([*(p.version for p in procedures), 0])
    return pa.array(np.where(own.row >= 0, versions[own.which], before.ints("version")))


def _named(rows: Rows, name: str) -> pa.Array:
    of = {"procedure": "code", "essential": "essential_id", "procedure_group": "group"}[name]
    names = pa.array([*(getattr(p, of) for p in rows.procedures), None], pa.string())
    return names.take(pa.array(np.where(rows.which >= 0, rows.which, len(rows.procedures))))


def _either(file: Bools, mine: pa.Array, fits: Ints, theirs: pa.Array) -> pa.Array:
    if not len(mine):
        return theirs
    return pc.if_else(pa.array(file), mine.take(pa.array(fits)), theirs)


def _at(values: Any, place: Ints, empty: Any) -> Any:
    return np.append(values, np.array([empty], values.dtype))[place]


def _first(*columns: Times) -> Times:
    found = columns[0]
    for column in columns[1:]:
        found = np.where(np.isnat(found), column, found)
    return found


def _day(at: Times) -> Any:
    return at.astype("datetime64[D]")


def _nothing(count: int) -> Times:
    return np.full(count, NAT)


def _moment(at: Times) -> pa.Array:
    return pa.array(at, pa.timestamp("s"))
