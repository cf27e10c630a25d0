"""What the register holds of the dossiers of an import, in the order of their numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dancu.sectors.public_services.importing.moments import NAT, Bools, Times

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Before:
    """`there`: it is in the register; `other`: of another source; `busy`: acted on here since it was imported."""

    count: int
    place: Ints
    table: pa.Table
    there: Bools
    other: Bools
    busy: Bools

    def ints(self, name: str, *, empty: int = 0) -> Ints:
        """A column of numbers or of yes and no."""
        own = pc.fill_null(self.table.column(name).cast(pa.int64()), empty).to_numpy()
        return np.append(own, empty)[self.place]

    def times(self, name: str) -> Times:
        """A column of moments."""
        own = self.table.column(name).to_numpy().astype("datetime64[s]")
        return np.append(own, NAT)[self.place]

    def texts(self, name: str) -> pa.Array:
        """A column of text, null for what is not there."""
        place = pa.array(np.where(self.there, self.place, 0), mask=~self.there)
        own = self.table.column(name).combine_chunks()
        return own.take(place) if len(own) else pa.nulls(self.count, pa.string())


def of(table: pa.Table, *, count: int, source: str) -> Before:
    """From the store's answer."""
    rows = table.num_rows
    place = np.full(count, rows, np.int64)
    place[table.column("n").to_numpy()] = np.arange(rows)
    there = place < rows
    own = np.asarray(pc.equal(table.column("source"), source).to_numpy(), bool)
    untouched = np.asarray(table.column("untouched").to_numpy(), bool)
    return Before(
        count, place, table, there, there & ~np.append(own, False)[place],
        there & np.append(own, False)[place] & ~np.append(untouched, False)[place],
    )  # fmt: skip
