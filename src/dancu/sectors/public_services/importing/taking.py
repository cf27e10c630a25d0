"""One import: the files of a portal into the register, in one transaction and with one row that tells what it did.

The same files a second time change nothing. Triggers of `services.dossier` keep the figures, as for any other change.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dancu.sectors.public_services.importing import (
    before,
    combining,
    flat,
    problems,
    reading,
    standard,
    turns,
)
from dancu.sectors.public_services.importing.flat import Rows, Told
from dancu.sectors.public_services.importing.problems import Bad
from dancu.sectors.public_services.importing.reading import Sheet
from dancu.store import services_bulk

Ints = npt.NDArray[np.int64]
Progress = Callable[[str, float], None]
OURS = "dancu"


@dataclass(frozen=True)
class Order:
    """What is to be taken: by whom, from which portal, when. `mapping`: heading -> role, as a person decided."""

    by: str
    source: str
    at: dt.datetime
    mapping: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Taken:
    """What an import did. `rows`: lines of dossiers; `turns`: changes of status told; the others as in the table."""

    import_no: int
    rows: int
    turns: int
    added: int
    changed: int
    unchanged: int
    bad: int
    reasons: Mapping[str, int]


class NotTaken(ValueError):
    """Nothing was taken; the message says why and what to do."""


def check_source(source: str) -> str:
    """A portal's short name, as `mot-cua-tinh`; NotTaken for ours, which lists of others do not bear."""
    plain = source.strip().lower()
    if plain == OURS or not 2 <= len(plain) <= 40 or not plain.replace("-", "").isalnum():
        raise NotTaken(
            "Tên nguồn gồm 2 đến 40 chữ, số, gạch nối, và khác «dancu», ví dụ «mot-cua-tinh»."
        )
    return plain


def take(
    con: services_bulk.Connection, sheets: Sequence[Sheet], order: Order, *, progress: Progress
) -> Taken:
    """All or nothing; the caller commits. Raises NotTaken."""
    check_source(order.source)
    progress("chuẩn hoá", 0.1)
    listed = [standard.listed(s) for s in sheets if s.kind == reading.DOSSIERS]
    changes = [standard.changes(s) for s in sheets if s.kind == reading.CHANGES]
    keys, rows, told = flat.numbered(listed, changes)
    progress("đối chiếu với sổ", 0.35)
    services_bulk.begin(con, keys)
    there = before.of(services_bulk.known(con), count=len(keys), source=order.source)
    lives = _turns(services_bulk.turns(con), told, len(keys))
    own = combining.base(rows, there)
    made = combining.combined(rows, own, there, lives)
    progress("ghi vào sổ", 0.5)
    table = made.table.append_column("code", keys.take(made.table.column("n").combine_chunks()))
    number = con.execute("SELECT nextval('services.import_number')").fetchone()
    import_no = int(number[0]) if number else 0
    added, changed = services_bulk.put(con, table, source=order.source, import_no=import_no)
    progress("ghi dòng không nhận", 0.9)
    bad = [*_bad_rows(rows, own, made), *_bad_changes(told, own, made, there), *_rejected(sheets)]
    services_bulk.kept_bad(con, _bad_table(bad, import_no))
    taken = Taken(
        import_no, len(rows.status), len(told.status), added, changed,
        table.num_rows - added - changed, len(bad), dict(Counter(one.reason for one in bad)),
    )  # fmt: skip
    _write(con, taken, order, sheets)
    return taken


def _turns(earlier: pa.Table, told: Told, count: int) -> turns.Turns:
    good = np.flatnonzero((told.problem == problems.NONE) & (told.whose >= 0))
    whose = np.concatenate([earlier.column("n").to_numpy(), told.whose[good]])
    at = np.concatenate([earlier.column("at").to_numpy().astype("datetime64[s]"), told.at[good]])
    status = np.concatenate([earlier.column("status").to_numpy(), told.status[good]])
    return turns.made(count, whose, at, status)


# --- rows that are not taken ---


def _bad_rows(rows: Rows, own: combining.Base, made: combining.Combined) -> Iterable[Bad]:
    """Rows with a problem of their own, rows that an other of the same dossier went before, and dossiers not taken."""
    problem = rows.problem.copy()
    known = rows.whose >= 0
    of_dossier = np.where(known, np.append(made.problem, 0)[rows.whose], 0)
    behind = known & (
        np.append(_chosen(rows, len(made.problem)), -1)[rows.whose] != np.arange(len(problem))
    )
    problem = np.where((problem == 0) & behind, problems.NUMBER["duplicate"], problem)
    problem = np.where(problem == 0, of_dossier, problem)
    for at in np.flatnonzero(problem).tolist():
        sheet = rows.sheets[rows.sheet_no[at]]
        cells = rows.text["given"][at].as_py() or "{}"
        yield _bad(sheet, int(rows.row[at]), int(problem[at]), cells, rows.wrong_role[at])


def _chosen(rows: Rows, count: int) -> Ints:
    return flat.latest(rows, count)


def _bad_changes(
    told: Told, own: combining.Base, made: combining.Combined, there: before.Before
) -> Iterable[Bad]:
    """Changes that cannot be read; and of those that belong to no dossier that can be taken the first of each."""
    wrong = np.flatnonzero(told.problem)
    nobody = (told.problem == problems.NONE) & (told.whose >= 0)
    nobody &= ~np.append(own.exists, False)[told.whose] if len(told.whose) else nobody
    blocked = there.other | there.busy
    _whose, first = np.unique(told.whose[nobody], return_index=True)
    lost = np.flatnonzero(nobody)[first]
    stopped = np.flatnonzero(
        (told.problem == 0)
        & (told.whose >= 0)
        & np.append(blocked & (own.row < 0), False)[told.whose]
    )
    stopped = stopped[np.unique(told.whose[stopped], return_index=True)[1]]
    starts = np.concatenate([[0], np.cumsum([sheet.table.num_rows for sheet in told.sheets])])
    for rows, reason in ((wrong, 0), (lost, problems.NUMBER["no_dossier"]), (stopped, 0)):
        for at in rows.tolist():
            number = reason or int(told.problem[at]) or int(made.problem[told.whose[at]])
            sheet, first = told.sheets[told.sheet_no[at]], starts[told.sheet_no[at]]
            yield _bad(sheet, int(told.row[at]), number, _cells(sheet, at - first), "at")


def _cells(sheet: Sheet, at: int) -> str:
    return json.dumps(sheet.table.slice(at, 1).to_pylist()[0], ensure_ascii=False)


def _bad(sheet: Sheet, row: int, number: int, cells: str, role: str) -> Bad:
    reason = problems.code(number)
    heading = sheet.heading_of(problems.role(number) or role)
    return Bad(sheet.file, sheet.sheet, row, heading, reason, problems.message(reason), cells)


def _rejected(sheets: Iterable[Sheet]) -> Iterable[Bad]:
    """Lines that reading itself did not take."""
    for sheet in sheets:
        for one in sheet.rejects:
            cells = json.dumps(one.cells, ensure_ascii=False)
            yield Bad(sheet.file, sheet.sheet, one.row, "", one.reason, one.message_vi, cells)


def _bad_table(bad: Sequence[Bad], import_no: int) -> pa.Table:
    columns = {"import_no": pa.array([import_no] * len(bad), pa.int64())}
    names = (("file", "file"), ("sheet", "sheet"), ("heading", "column"), ("reason", "reason"),
             ("message_vi", "message_vi"), ("cells", "cells"))  # fmt: skip
    columns |= {
        name: pa.array([getattr(one, own) for one in bad], pa.string()) for name, own in names
    }
    return pa.table(columns | {"row": pa.array([one.row for one in bad], pa.int64())})


def _write(con: Any, taken: Taken, order: Order, sheets: Sequence[Sheet]) -> None:
    files = [
        {"name": s.file, "sheet": s.sheet, "sha256": s.sha256, "kind": s.kind, "rows": s.table.num_rows} for s in sheets
    ]  # fmt: skip
    con.execute(
        "INSERT INTO services.import (import_no, at, by, source, files, rows, turns, added, changed, unchanged, bad,"
        " reasons) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [taken.import_no, order.at, order.by, order.source, json.dumps(files, ensure_ascii=False), taken.rows,
         taken.turns, taken.added, taken.changed, taken.unchanged, taken.bad, json.dumps(taken.reasons)],
    )  # fmt: skip
