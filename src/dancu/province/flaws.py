"""Damage a lawful list: at most one planted flaw a record, and ordinary matching noise beside it.

`errors.csv` says which kinds, how often, where, and to which official error group each belongs. A
rate is the chance of a record *where the flaw can occur*; a record drawn for a kind that cannot
occur there stays clean. Roles: `planted` (asked of recall), `noise` (wrong or missing as well,
asked of precision only), `affected` (right itself, but a finding on it is owed to a neighbour's
flaw).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dancu.province.families import Bools, Ints
from dancu.province.lists import Draft
from dancu.province.world import World

Texts = list[str | None]
Changes = dict[str, Texts]


@dataclass(frozen=True)
class Kind:
    """One row of `errors.csv`: a kind of flaw at the rate of one or several lists."""

    kind: str
    group: int
    dimension: str
    role: str
    field: str
    sources: tuple[str, ...]
    rate: float

    def touches(self, draft: Draft) -> bool:
        """Whether the kind is planted in this list."""
        return draft.source in self.sources or f"{draft.source}:{draft.name}" in self.sources


@dataclass
class Log:
    """Rows of `truth/errors` still by place in the draft; written out when the files are."""

    rows: list[Ints] = field(default_factory=list)
    kinds: list[tuple[str, str, int, str]] = field(default_factory=list)

    def note(self, rows: Ints, kind: str, on: str, group: int, role: str) -> None:
        """Remember that the rows have the flaw `kind` in the field `on`."""
        if len(rows):
            self.rows.append(np.asarray(rows, dtype=np.int32))
            self.kinds.append((kind, on, group, role))

    def forget(self, rows: Ints, kind: str) -> None:
        """The flaw did not survive in these rows (the file's encoding cannot hold it)."""
        for number, (name, *_) in enumerate(self.kinds):
            if name == kind:
                self.rows[number] = np.setdiff1d(self.rows[number], rows)

    def groups(self) -> Iterator[tuple[Ints, str, str, int, str]]:
        """(rows, kind, field, error group, role) of each batch."""
        for rows, (kind, on, group, role) in zip(self.rows, self.kinds, strict=True):
            yield rows, kind, on, group, role


@dataclass(frozen=True)
class Picked:
    """The rows drawn for one kind, with what a flaw needs to know about them.

    A flaw sets `reserved` for other rows that must stay as they are (whose number was borrowed).
    """

    world: World
    draft: Draft
    rows: Ints
    rng: np.random.Generator
    log: Log
    reserved: Bools

    def __len__(self) -> int:
        return len(self.rows)

    def cells(self, role: str) -> Texts:
        """The cells of one column in the picked rows."""
        found: Texts = self.draft.cells[role].take(pa.array(self.rows)).to_pylist()
        return found

    def has(self, role: str) -> bool:
        """Whether the list has the column."""
        return role in self.draft.cells

    @property
    def people(self) -> Ints:
        return self.draft.people[self.rows]


@cache
def kinds() -> tuple[Kind, ...]:
    """The table of flaws."""
    text = files("dancu.province").joinpath("errors.csv").read_text(encoding="utf-8")
    return tuple(
        Kind(
            r["kind"],
            int(r["error_group"]),
            r["dimension"],
            r["role"],
            r["field"],
            tuple(r["sources"].split()),
            float(r["rate"]),
        )
        for r in csv.DictReader(text.splitlines())
    )


Flaw = Callable[[Picked], Changes]
"""New cells by column; None among them empties a cell, KEEP leaves the row as it was."""
KEEP = "\x00keep"
_FIELDS = {
    "id_number": "personal_number",
    "given_name": "full_name",
    "surname_middle": "full_name",
    "address": "permanent_unit",
    "commune": "permanent_unit",
    "district": "permanent_unit",
    "commune_code": "permanent_unit",
    "hamlet": "address_head",
}


def plant(
    world: World, draft: Draft, log: Log, rng: np.random.Generator, flaws: dict[str, Flaw]
) -> Draft:
    """The draft with its planted flaws and noise, each noted in the log."""
    taken = np.zeros(len(draft), dtype=bool)
    for rows, *_ in log.groups():
        taken[rows] = True
    touched = {name: np.zeros(len(draft), dtype=bool) for name in draft.cells}
    flawed = np.zeros(len(draft), dtype=bool)
    for role in ("planted", "noise"):
        here = [k for k in kinds() if k.role == role and k.touches(draft) and k.kind in flaws]
        draw = rng.random(len(draft))
        low = 0.0
        for kind in here:
            rows = np.flatnonzero((draw >= low) & (draw < low + kind.rate)).astype(np.int32)
            low += kind.rate
            # A conflict with the number is none once the number is gone.
            free = ~(taken | flawed) if kind.field == "personal_number" else ~taken
            picked = Picked(world, draft, rows[free[rows]], rng, log, taken)
            draft = _damage(picked, kind, flaws[kind.kind], touched)
        for rows, *_ in log.groups():
            flawed[rows] = True
    return draft


def _damage(picked: Picked, kind: Kind, flaw: Flaw, touched: dict[str, Bools]) -> Draft:
    changes = flaw(picked) if len(picked) else {}
    if not changes:
        return picked.draft
    able = np.zeros(len(picked), dtype=bool)
    for texts in changes.values():
        able |= np.array([cell != KEEP for cell in texts])
    for role in changes:
        able &= ~touched[role][picked.rows]
    rows = picked.rows[able]
    new: dict[str, pa.Array] = {}
    for role, texts in changes.items():
        old = picked.cells(role)
        kept = [o if t == KEEP else t for t, o, a in zip(texts, old, able, strict=True) if a]
        new[role] = replaced(picked.draft.cells[role], rows, kept)
        touched[role][rows] = True
    picked.log.note(rows, kind.kind, kind.field, kind.group, kind.role)
    for about in {_FIELDS.get(role, role) for role in changes} - {kind.field}:
        picked.log.note(rows, kind.kind, about, kind.group, "affected")
    return picked.draft.with_cells(new)


def replaced(column: pa.Array, rows: Ints, texts: Iterable[str | None]) -> pa.Array:
    """The column with other texts in some rows (in ascending order)."""
    mask = np.zeros(len(column), dtype=bool)
    mask[rows] = True
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return pc.replace_with_mask(column, pa.array(mask), pa.array(list(texts), column.type))
