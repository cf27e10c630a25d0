"""All sheets of an import end to end, and the row of each dossier that speaks of the latest moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dancu.reference.services import Procedure
from dancu.sectors.public_services.importing import problems, turns
from dancu.sectors.public_services.importing.fields import MOMENTS
from dancu.sectors.public_services.importing.moments import Bools, Times
from dancu.sectors.public_services.importing.reading import Sheet
from dancu.sectors.public_services.importing.standard import Changes, Listed

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """Rows of dossiers, one array a column. `whose`: number of the dossier, -1 without a code that can be read."""

    sheets: tuple[Sheet, ...]
    sheet_no: Ints
    row: Ints
    whose: Ints
    problem: Ints
    status: Ints
    channel: Ints
    at: Times
    supplements: Ints
    paid: Ints
    electronic: Bools
    moments: dict[str, Times]
    dated: dict[str, Bools]
    which: Ints
    procedures: tuple[Procedure, ...]
    text: dict[str, pa.Array]
    wrong_role: list[str]


@dataclass(frozen=True)
class Told:
    """Rows of changes, the same way."""

    sheets: tuple[Sheet, ...]
    sheet_no: Ints
    row: Ints
    whose: Ints
    problem: Ints
    status: Ints
    at: Times


def numbered(listed: Sequence[Listed], changes: Sequence[Changes]) -> tuple[pa.Array, Rows, Told]:
    """The codes of all dossiers, each once, in their order, and the rows with the number of theirs."""
    parts = [*(one.key for one in listed), *(one.key for one in changes)]
    coded = pa.concat_arrays(parts).dictionary_encode()
    order = pc.sort_indices(coded.dictionary).to_numpy()
    number = np.full(len(order) + 1, -1, np.int64)
    number[order] = np.arange(len(order))
    whose = number[pc.fill_null(coded.indices, len(order)).to_numpy(zero_copy_only=False)]
    cut = sum(len(one) for one in listed)
    return (
        coded.dictionary.take(pa.array(order)),
        _rows(listed, whose[:cut]),
        _told(changes, whose[cut:]),
    )


def _rows(listed: Sequence[Listed], whose: Ints) -> Rows:
    procedures: dict[Procedure, int] = {}
    which = [
        np.array([procedures.setdefault(p, len(procedures)) for p in one.procedures] + [-1], np.int64)[one.which]
        for one in listed
    ]  # fmt: skip
    return Rows(
        tuple(one.sheet for one in listed), *_places([one.sheet for one in listed]), whose,
        _joined([one.problem for one in listed]), _joined([one.status for one in listed]),
        _joined([one.channel for one in listed]), _times([one.at for one in listed]),
        _joined([one.supplements for one in listed]), _joined([one.paid for one in listed]),
        _joined([one.electronic for one in listed]).astype(bool),
        {role: _times([one.moments[role] for one in listed]) for role in MOMENTS},
        {role: _joined([one.dated[role] for one in listed]).astype(bool) for role in MOMENTS},
        _joined(which), tuple(procedures),
        {
            "unit_code": _texts([one.unit for one in listed]),
            "applicant_name": _texts([one.sheet.column("applicant").combine_chunks() for one in listed]),
            "given": _texts([one.sheet.given.combine_chunks() for one in listed]),
        },
        [role for one in listed for role in one.wrong_role],
    )  # fmt: skip


def _told(changes: Sequence[Changes], whose: Ints) -> Told:
    return Told(
        tuple(one.sheet for one in changes), *_places([one.sheet for one in changes]), whose,
        _joined([one.problem for one in changes]), _joined([one.status for one in changes]),
        _times([one.at for one in changes]),
    )  # fmt: skip


def _places(sheets: Sequence[Sheet]) -> tuple[Ints, Ints]:
    sizes = [sheet.table.num_rows for sheet in sheets]
    numbers = [sheet.rows.to_numpy(zero_copy_only=False) for sheet in sheets]
    return np.repeat(np.arange(len(sheets)), sizes), _joined(numbers)


def latest(rows: Rows, count: int) -> Ints:
    """For each dossier the place of its row, -1 where no row can be taken; of equals the one further down."""
    good = np.flatnonzero((rows.problem == problems.NONE) & (rows.whose >= 0))
    own, at, status = rows.whose[good], rows.at[good], rows.status[good]
    order = np.lexsort((good, at, turns.rank(status), at.astype("datetime64[D]"), own))
    found = np.full(count, -1, np.int64)
    found[own[order]] = good[order]
    return found


def later(a: tuple[Times, Ints], b: tuple[Times, Ints], *, or_equal: bool = False) -> Bools:
    """Whether state a is later than b, row by row: by day, then how far along, then time of day."""
    day_a, day_b = a[0].astype("datetime64[D]"), b[0].astype("datetime64[D]")
    rank_a, rank_b = turns.rank(a[1]), turns.rank(b[1])
    in_day = (rank_a > rank_b) | (
        (rank_a == rank_b) & ((a[0] > b[0]) | (or_equal & (a[0] == b[0])))
    )
    return (day_a > day_b) | ((day_a == day_b) & in_day)


def _joined(parts: Sequence[npt.NDArray[np.int64] | Bools]) -> Ints:
    if len(parts) == 1:
        return np.asarray(parts[0], np.int64)
    return np.concatenate([np.asarray(part, np.int64) for part in parts] or [np.zeros(0, np.int64)])


def _times(parts: Sequence[Times]) -> Times:
    return np.concatenate([*parts, np.zeros(0, "datetime64[s]")])


def _texts(parts: Sequence[pa.Array]) -> pa.Array:
    return pa.concat_arrays(
        [part.cast(pa.string()) for part in parts] or [pa.array([], pa.string())]
    )
