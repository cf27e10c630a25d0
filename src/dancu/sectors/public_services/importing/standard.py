"""A sheet's text cells as dossiers in one form: codes, moments, units, procedures; and what is wrong with a row.

Pure and column by column: what Arrow does not say is said once for each distinct cell. A row keeps its first problem
only; a list to be compared uses the rows with problems too, as far as they are understood.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dancu.lib.text import fold
from dancu.reference import services, working_time
from dancu.reference.services import Procedure
from dancu.sectors.public_services import workflow
from dancu.sectors.public_services.importing import codes, moments, problems
from dancu.sectors.public_services.importing.fields import CANCELLED, MOMENTS, word
from dancu.sectors.public_services.importing.moments import NAT, Bools, Moments, Times
from dancu.sectors.public_services.importing.reading import Sheet

Ints = npt.NDArray[np.int64]
OPENING: Final = ("filed", "received", "refused", "at")
"""A day without a time stands for the opening of the office here, for its closing elsewhere."""
_TEST: Final = r"(?:^|[^a-z])(?:test|thu nghiem|kiem thu|ho so thu)(?:$|[^a-z])"


@dataclass(frozen=True)
class Listed:
    """Dossiers of a sheet. Text columns are Arrow, the others numpy; `at`: the moment the row speaks of.

    `problem`: number of the first problem (0 for none), `wrong_role`: whose moment it was. `which`: place in
    `procedures`, -1 for none. `channel` 1 where the cell is empty, which `channel_given` tells. `paid`: -1 unknown.
    """

    sheet: Sheet
    key: pa.Array
    status: Ints
    channel: Ints
    channel_given: Bools
    unit: pa.Array
    which: Ints
    procedures: tuple[Procedure, ...]
    moments: dict[str, Times]
    dated: dict[str, Bools]
    at: Times
    supplements: Ints
    paid: Ints
    electronic: Bools
    void: Bools
    problem: Ints
    wrong_role: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.status)


@dataclass(frozen=True)
class Changes:
    """Changes of status of a sheet."""

    sheet: Sheet
    key: pa.Array
    status: Ints
    at: Times
    problem: Ints


def listed(sheet: Sheet) -> Listed:
    """The dossiers of a sheet."""
    count = sheet.table.num_rows
    key = codes.dossiers(sheet.column("code"))
    status, said = _coded(sheet, "status")
    channel, channel_said = _coded(sheet, "channel")
    read = {role: moments.read(sheet.column(role)) if role in sheet.table.column_names else moments.none(count)
            for role in MOMENTS}  # fmt: skip
    times = {role: _at_office(role, found) for role, found in read.items()}
    day = _first(times["received"], times["filed"], times["at"], times["ended"])
    which, procedures = _procedures(sheet, day)
    unit = _units(sheet, key)
    void = (status == CANCELLED) | _marked_as_test(sheet)
    made = Listed(
        sheet, key, status, np.where(channel_said, channel, services.IN_PERSON), channel_said, unit,
        which, procedures, times, {role: found.dated for role, found in read.items()}, _speaks_of(times),
        _numbers(sheet, "supplements"), _yes(sheet, "paid"), _yes(sheet, "electronic") == 1, void,
        np.zeros(count, np.int64), [""] * count,
    )  # fmt: skip
    _judge(made, said, {role: found.wrong for role, found in read.items()}, day)
    return made


def changes(sheet: Sheet) -> Changes:
    """The changes of status of a sheet."""
    key = codes.dossiers(sheet.column("code"))
    status, said = _coded(sheet, "status")
    found = moments.read(sheet.column("at"))
    times = _at_office("at", found)
    problem = np.zeros(len(status), np.int64)
    _set(problem, _is_null(key), "code_wrong")
    _set(problem, ~said, "status_missing")
    _set(problem, status == CANCELLED, "cancelled")
    _set(problem, status == 0, "status_unknown")
    _set(problem, np.isnat(times), "moment_wrong")
    return Changes(sheet, key, status, times, problem)


# --- what is wrong ---


def _judge(made: Listed, said: Bools, wrong: dict[str, Bools], day: Times) -> None:
    problem = made.problem
    _set(problem, _is_null(made.sheet.column("code")), "code_missing")
    _set(problem, _is_null(made.key), "code_wrong")
    _set(problem, made.void, "cancelled")
    _set(problem, ~said, "status_missing")
    _set(problem, made.status == 0, "status_unknown")
    for role, rows in wrong.items():
        for at in np.flatnonzero(rows & (problem == problems.NONE)).tolist():
            made.wrong_role[at] = role
        _set(problem, rows, "moment_wrong")
    _set(problem, np.isnat(day), "no_received")
    nothing = _is_null(made.sheet.column("procedure")) & _is_null(
        made.sheet.column("procedure_name")
    )
    _set(problem, nothing, "procedure_missing")
    _set(problem, made.which < 0, "procedure_unknown")
    _set(problem, _is_null(made.unit), "unit_unknown")
    _set(problem, made.channel == 0, "channel_unknown")


def _set(problem: Ints, rows: Bools, reason: str) -> None:
    problem[rows & (problem == problems.NONE)] = problems.NUMBER[reason]


# --- cells ---


def _coded(sheet: Sheet, role: str) -> tuple[Ints, Bools]:
    """What each cell means, 0 for what is not understood; and whether there is a cell."""
    coded = sheet.column(role).combine_chunks().dictionary_encode()
    meant = np.array(
        [word(role, text) or 0 for text in coded.dictionary.to_pylist()] or [0], np.int64
    )
    given = coded.is_valid().to_numpy(zero_copy_only=False)
    which = pc.fill_null(coded.indices, 0).to_numpy(zero_copy_only=False)
    return np.where(given, meant[which], 0), given


def _yes(sheet: Sheet, role: str) -> Ints:
    coded = sheet.column(role).combine_chunks().dictionary_encode()
    meant = [
        found if (found := word("yes", text)) is not None else -1
        for text in coded.dictionary.to_pylist()
    ]
    which = pc.fill_null(coded.indices, len(meant)).to_numpy(zero_copy_only=False)
    return np.array([*meant, -1], np.int64)[which]


def _numbers(sheet: Sheet, role: str) -> Ints:
    column = sheet.column(role).combine_chunks()
    plain = pc.match_substring_regex(column, pattern=r"^\d{1,3}(\.0)?$")
    texts = pc.if_else(pc.fill_null(plain, False), pc.replace_substring(column, ".0", ""), "0")
    return np.asarray(pc.cast(texts, pa.int64()).to_numpy(zero_copy_only=False))


def _marked_as_test(sheet: Sheet) -> Bools:
    """Said in a column of its own, or in the summary, the note or the name of the applicant."""
    found = _yes(sheet, "test") == 1
    for role in ("summary", "note", "applicant"):
        coded = sheet.column(role).combine_chunks().dictionary_encode()
        near = pc.match_substring_regex(coded.dictionary, pattern="(?i)test|th[uử]|ki[eể]m")
        said = [
            n and _is_test(t.as_py())
            for n, t in zip(near.to_pylist(), coded.dictionary, strict=True)
        ]
        which = pc.fill_null(coded.indices, len(said)).to_numpy(zero_copy_only=False)
        found |= np.array([*said, False], bool)[which]
    return found


def _is_test(text: str) -> bool:
    return re.search(_TEST, fold(text)) is not None


def _units(sheet: Sheet, key: pa.Array) -> pa.Array:
    """By its own code, else by the agency in the dossier's code; never by a name."""
    own = codes.each(sheet.column("unit_code").combine_chunks(), codes.unit_of)
    agency = codes.each(pc.utf8_slice_codeunits(key, 0, -len("-240621-0001")), codes.unit_of)
    return pc.if_else(pc.is_valid(sheet.column("unit_code").combine_chunks()), own, agency)


def _procedures(sheet: Sheet, day: Times) -> tuple[Ints, tuple[Procedure, ...]]:
    """For each row the procedure in the version of its day."""
    said = pc.coalesce(
        codes.each(sheet.column("procedure").combine_chunks(), codes.procedure),
        sheet.column("procedure_name").combine_chunks(),
    ).dictionary_encode()
    names = said.dictionary.to_pylist()
    which = pc.fill_null(said.indices, len(names)).to_numpy(zero_copy_only=False).astype(np.int64)
    days, at_day = np.unique(day.astype("datetime64[D]"), return_inverse=True)
    pairs, at_pair = np.unique(which * len(days) + at_day, return_inverse=True)
    found: dict[Procedure, int] = {}
    places = []
    for pair in pairs.tolist():
        name, on = pair // len(days), days[pair % len(days)]
        one = (
            None
            if name == len(names) or np.isnat(on)
            else _procedure(names[name], on.astype(dt.date))
        )
        places.append(-1 if one is None else found.setdefault(one, len(found)))
    return np.array(places, np.int64)[at_pair], tuple(found)


def _procedure(said: str, on: dt.date) -> Procedure | None:
    if one := services.find(said, on=on):
        return one
    if local := services.meant(said, on=on):
        return services.find(local.procedure, on=on)
    plain = fold(said)
    named = [p for p in services.procedures(on=on) if fold(p.name_vi) == plain]
    return named[0] if len(named) == 1 else None


# --- moments ---


def _at_office(role: str, found: Moments) -> Times:
    """A day without a time at the opening or the closing of the office."""
    at, rows = found.at.copy(), found.dated & ~np.isnat(found.at)
    if rows.any():
        days, which = np.unique(at[rows].astype("datetime64[D]"), return_inverse=True)
        moments_of = [_of_day(day.astype(dt.date), role) for day in days]
        at[rows] = np.array(moments_of, "datetime64[s]")[which]
    return at


def _of_day(day: dt.date, role: str) -> dt.datetime:
    hours = working_time.hours(day)
    return dt.datetime.combine(day, hours.spells[0][0] if role in OPENING else hours.closing)


def _first(*columns: Times) -> Times:
    found = columns[0].copy()
    for column in columns[1:]:
        empty = np.isnat(found)
        found[empty] = column[empty]
    return found


def _speaks_of(times: dict[str, Times]) -> Times:
    """When the row was so: its own moment of change, else the latest that it tells of."""
    latest = np.full(len(times["at"]), NAT)
    for role in ("filed", "received", "refused", "ended", "returned"):
        latest = np.fmax(latest, times[role])
    return _first(times["at"], latest)


def _is_null(column: Any) -> Bools:
    return np.asarray(pc.is_null(column).to_numpy(zero_copy_only=False) if isinstance(column, pa.Array)
                      else pc.is_null(column).to_numpy())  # fmt: skip


RECEIVED: Final = frozenset(code for code, status in services.statuses().items() if status.received)
RANK: Final = {
    workflow.FILED: 0, workflow.ACCEPTED: 1, workflow.PROCESSING: 2, workflow.SUPPLEMENT: 2, workflow.PAYMENT: 2,
    workflow.REFUSED: 4, workflow.WITHDRAWN: 4, workflow.STOPPED: 4, workflow.PROCESSED: 5, workflow.RETURNED: 6,
}  # fmt: skip
"""How far along a life a status is; it decides between two states of one day."""
