"""The bytes of a portal's file in, sheets of text cells under our roles out. Opens nothing.

A line with any cell in it is a record or a rejected row with its reason: nothing is lost on the way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dancu.engine.intake.errors import IntakeError
from dancu.engine.intake.extra import extra_json
from dancu.engine.intake.grid import Grid, Reject
from dancu.engine.intake.headings import assign
from dancu.engine.intake.layout import LOOK_AT, Header, find_header, header_at, known_header
from dancu.engine.intake.reading import MAX_BYTES, read_grids
from dancu.engine.intake.sniff import kind_of
from dancu.sectors.public_services.importing import messages
from dancu.sectors.public_services.importing.fields import fields, known

DOSSIERS, CHANGES = "dossiers", "changes"
SHOWN: Final = 5
_HEAD, _BEFORE_JSON = 4096, b"\xef\xbb\xbf \t\r\n"
_LEAST_CELLS: Final = 3
"""A line with fewer cells and no code is a title, a total or a signature."""


@dataclass(frozen=True)
class Sheet:
    """One list. `table`: a text column for each role read; `rows`: their numbers in the file; `given`: every cell of
    the row as JSON. `kind`: a list of dossiers, or of their changes of status.
    """

    file: str
    sheet: str
    kind: str
    table: pa.Table
    rows: pa.Array
    given: pa.ChunkedArray
    headings: Mapping[str, str]
    """Heading -> role, in the order of the columns; "" is not read."""
    rejects: tuple[Reject, ...]
    notes: tuple[str, ...]
    sha256: str

    def column(self, role: str) -> pa.ChunkedArray:
        """The cells of a role; nulls when no column has it."""
        if role in self.table.column_names:
            return self.table.column(role)
        return pa.chunked_array([pa.nulls(self.table.num_rows, pa.string())])

    def heading_of(self, role: str) -> str:
        """What the file calls the role."""
        return next((head for head, own in self.headings.items() if own == role), "")


def read(data: bytes, *, name: str, mapping: Mapping[str, str] | None = None) -> list[Sheet]:
    """The lists of a file; IntakeError when it cannot be taken or holds none. `mapping`: as a person decided."""
    if len(data) > MAX_BYTES:
        size, limit = len(data) // 2**20, MAX_BYTES // 2**20
        raise IntakeError("too_large", name=name, size=size, limit=limit)
    head = data[:_HEAD]
    json = head.lstrip(_BEFORE_JSON)[:1] in (b"{", b"[") and kind_of(head, name) == "json"
    grids = messages.read(data, name=name) if json else read_grids(data, name=name)
    digest = hashlib.sha256(data).hexdigest()
    made = [
        sheet for grid in grids if (sheet := _sheet(grid, name, mapping or {}, digest)) is not None
    ]
    if not made:
        first = grids[0].sheet if grids else ""
        raise IntakeError("no_header", name=name, sheet=first or name, rows=LOOK_AT)
    return made


def _sheet(grid: Grid, name: str, mapping: Mapping[str, str], digest: str) -> Sheet | None:
    header = _header(grid, mapping)
    if header is None:
        return None
    roles = _roles(header, mapping)
    named = set(roles.values())
    if "code" not in named or not named & {"status", "received"}:
        return None
    dossiers = bool(named & {"procedure", "procedure_name", "received"})
    width = grid.table.num_columns
    names = [*header.names, *(f"Cột {at + 1}" for at in range(len(header.names), width))][:width]
    table, numbers, rejects = _records(grid, header, roles)
    given = (
        extra_json(table.columns, names, table.num_rows)
        if dossiers else pa.chunked_array([pa.nulls(table.num_rows, pa.string())])
    )  # fmt: skip
    return Sheet(
        name, grid.sheet, DOSSIERS if dossiers else CHANGES,
        pa.table({role: _trimmed(table.column(at)) for at, role in sorted(roles.items())}),
        numbers, given, {head: roles.get(at, "") for at, head in enumerate(names)},
        (*_under(grid.rejects, header, grid), *rejects), _notes(grid), digest,
    )  # fmt: skip


def _header(grid: Grid, mapping: Mapping[str, str]) -> Header | None:
    if grid.headings is not None:
        return known_header(grid.headings)
    head = grid.head(LOOK_AT)
    for first, row in enumerate(head):
        if mapping and len({cell for cell in row if cell} & set(mapping)) >= min(2, len(mapping)):
            return header_at(head, first, 1)
    return find_header(head, known())


def _roles(header: Header, mapping: Mapping[str, str]) -> dict[int, str]:
    """Column -> role: what a person decided, then what the headings say."""
    given = {at: role for at, (role, _sure) in assign(header.ways, known()).items()}
    decided = {at: mapping[head] for at, head in enumerate(header.names) if head in mapping}
    taken = {role for role in decided.values() if role}
    kept = {at: role for at, role in given.items() if at not in decided and role not in taken}
    return kept | {at: role for at, role in decided.items() if role in fields()}


def _records(
    grid: Grid, header: Header, roles: Mapping[int, str]
) -> tuple[pa.Table, pa.Array, list[Reject]]:
    """Lines that are records; the others that hold anything are rejected."""
    body, numbers = grid.table.slice(header.data), grid.numbers.slice(header.data)
    cells = np.zeros(body.num_rows, np.int32)
    for column in body.columns:
        cells += pc.is_valid(column).to_numpy().astype(np.int32)
    code = next(at for at, role in roles.items() if role == "code")
    no_code = pc.is_null(body.column(code)).to_numpy()
    beside = (cells > 0) & (cells < _LEAST_CELLS) & no_code & (body.num_columns >= _LEAST_CELLS)
    rejects = [
        Reject(
            numbers[at].as_py(), "not_a_record", "Dòng này không phải một hồ sơ (tiêu đề, cộng, chữ ký).",
            tuple(column[at].as_py() for column in body.columns),
        )
        for at in np.flatnonzero(beside).tolist()
    ]  # fmt: skip
    keep = (cells > 0) & ~beside
    if keep.all():
        return body, numbers, rejects
    return body.filter(pa.array(keep)), numbers.filter(pa.array(keep)), rejects


def _under(rejects: Sequence[Reject], header: Header, grid: Grid) -> list[Reject]:
    """Rejects of the container that lie under the headings."""
    top = int(grid.numbers[header.last].as_py()) if header.last >= 0 else 0
    return [reject for reject in rejects if reject.row > top]


def _notes(grid: Grid) -> tuple[str, ...]:
    return tuple(note["message_vi"] for note in grid.notes if note.get("message_vi"))


def _trimmed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Without blanks around; most columns of most files have none."""
    if not any(_has_edges(chunk) for chunk in column.chunks):
        return column
    trimmed = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def _has_edges(texts: pa.Array) -> bool:
    """Whether a text may begin or end with a blank, or is empty: beyond ASCII a blank has several forms."""
    if texts.type != pa.string():
        return True
    _valid, places, data = texts.buffers()
    if data is None or not len(texts):
        return bool(len(texts))
    at = np.frombuffer(places, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    full = at[1:] > at[:-1]
    if np.count_nonzero(full) < len(texts) - texts.null_count:
        return True
    signs = np.frombuffer(data, np.uint8)
    first, last = signs[at[:-1][full]], signs[at[1:][full] - 1]
    return not bool((_INK[first] & _INK[last]).all())


_INK = np.array([32 < sign < 127 for sign in range(256)])
