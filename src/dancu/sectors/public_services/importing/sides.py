"""A list as one side of a comparison: what each row counts for is told by these columns and nothing else.

A side takes every row as it is listed, also doubled, cancelled and wrong ones: that is how its portal counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dancu.sectors.public_services import workflow
from dancu.sectors.public_services.importing import flat
from dancu.sectors.public_services.importing.combining import limit
from dancu.sectors.public_services.importing.moments import NAT, Bools, Times
from dancu.sectors.public_services.importing.standard import Listed

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Side:
    """`key`: the code in its one form, null where there is none; `code`: as written. `void`: cancelled or a test.
    `ended`: only of what has ended; `due`: as promised, else by the law. `place`: where the row stands, in words.
    """

    name: str
    key: pa.Array
    code: pa.Array
    place: pa.Array
    unit: pa.Array
    procedure: pa.Array
    status: Ints
    channel: Ints
    channel_given: Bools
    void: Bools
    received: Times
    ended: Times
    due: Times
    supplements: Ints
    at: Times

    def __len__(self) -> int:
        return len(self.status)


def of_lists(name: str, listed: Sequence[Listed]) -> Side:
    """The rows of a file, or of several."""
    _keys, rows, _told = flat.numbered(listed, [])
    none = [np.zeros(0, bool)]
    codes = pa.array([*(p.code for p in rows.procedures), ""], pa.string())
    which = np.where(rows.which >= 0, rows.which, len(rows.procedures))
    return Side(
        name, _strings([one.key for one in listed]),
        _strings([one.sheet.column("code").combine_chunks() for one in listed]),
        _strings([_places(one) for one in listed]),
        pc.fill_null(rows.text["unit_code"], ""), codes.take(pa.array(which)), rows.status, rows.channel,
        np.concatenate([*(one.channel_given for one in listed), *none]),
        np.concatenate([*(one.void for one in listed), *none]), rows.moments["received"],
        _ended(rows), _due(rows), rows.supplements, rows.at,
    )  # fmt: skip


def of_register(name: str, table: pa.Table) -> Side:
    """Our own dossiers, as `store.services_bulk.registered` gives them."""

    def ints(column: str) -> Ints:
        return np.asarray(table.column(column).to_numpy(), np.int64)

    def times(column: str) -> Times:
        return table.column(column).to_numpy().astype("datetime64[s]")

    def texts(column: str) -> pa.Array:
        return table.column(column).combine_chunks()

    count = table.num_rows
    yes = np.ones(count, bool)
    numbers = pc.binary_join_element_wise(
        "hồ sơ số ", table.column("dossier_no").combine_chunks().cast(pa.string()), ""
    )
    return Side(
        name, texts("code"), texts("code"), numbers, texts("unit_code"), texts("procedure"), ints("status"),
        ints("channel"), yes, ~yes, times("accepted_at"), times("ended_at"), times("due_at"), ints("supplements"),
        np.fmax(np.fmax(times("accepted_at"), times("ended_at")), times("returned_at")),
    )  # fmt: skip


def _places(one: Listed) -> pa.Array:
    sheet = one.sheet
    head = f"{sheet.file}, trang {sheet.sheet}, dòng " if sheet.sheet else f"{sheet.file}, dòng "
    return pc.binary_join_element_wise(head, sheet.rows.cast(pa.string()), "")


def _ended(rows: flat.Rows) -> Times:
    finished = np.isin(rows.status, (workflow.PROCESSED, workflow.RETURNED))
    over = np.isin(rows.status, workflow.ENDED)
    ended, returned = rows.moments["ended"], rows.moments["returned"]
    found = np.where(over, ended, NAT)
    return np.where(finished & np.isnat(found), returned, found)


def _due(rows: flat.Rows) -> Times:
    moved = rows.moments["due_moved"]
    found = np.where(np.isnat(moved), rows.moments["due"], moved)
    received = rows.moments["received"]
    for at in np.flatnonzero(np.isnat(found) & ~np.isnat(received) & (rows.which >= 0)).tolist():
        found[at] = limit(rows.procedures[rows.which[at]], received[at].astype(dt.datetime))
    return found


def _strings(parts: Sequence[pa.Array]) -> pa.Array:
    return pa.concat_arrays(
        [part.cast(pa.string()) for part in parts] or [pa.array([], pa.string())]
    )
