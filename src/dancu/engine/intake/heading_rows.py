"""Where a grid's headings are: named by the container, decided by a person, known, or told by contents."""

from __future__ import annotations

from collections.abc import Mapping

from dancu.engine.intake.grid import Grid
from dancu.engine.intake.headings import Thesaurus, assign, union
from dancu.engine.intake.layout import LOOK_AT, Header, find_header, header_at, known_header
from dancu.engine.intake.propose import propose_columns
from dancu.engine.spec import SectorSpec


def header_of(
    grid: Grid, specs: Mapping[str, SectorSpec], mapping: Mapping[str, str] | None
) -> Header | None:
    """The header of a grid, or None when nothing in it looks like a list."""
    if grid.headings is not None:
        return known_header(grid.headings)
    head = grid.head(LOOK_AT)
    if mapping:
        for first, row in enumerate(head):
            if len({cell for cell in row if cell} & set(mapping)) >= min(2, len(mapping)):
                return header_at(head, first, 1)
    known = union(specs.values())
    return find_header(head, known) or _header_by_contents(grid, head, known)


def _header_by_contents(
    grid: Grid, head: list[list[str | None]], known: Thesaurus
) -> Header | None:
    """Headings nobody knows over cells whose form tells what they are; or no headings at all."""
    first = _first_of_words(head)
    if first is not None:
        header = header_at(head, first, 1)
        given = assign(header.ways, known)
        columns = propose_columns(grid.table.slice(header.data), header.names, given)
        if sum(column.role is not None for column in columns) >= 2:
            return header
    return _headless(grid)


def _first_of_words(head: list[list[str | None]]) -> int | None:
    """The first row with about as many cells as any, all different, none with a digit in it."""
    widest = max((sum(cell is not None for cell in row) for row in head), default=0)
    for at, row in enumerate(head):
        cells = [cell for cell in row if cell]
        wordy = not any(char.isdigit() for cell in cells for char in cell)
        if len(cells) >= max(2, 0.8 * widest) and wordy and len(set(cells)) == len(cells):
            return at
    return None


def _headless(grid: Grid) -> Header | None:
    """A list without headings whose cells can be told by their form: columns get numbers."""
    columns = propose_columns(grid.table, ["" for _ in grid.table.columns], {})
    roles = {column.role for column in columns if column.role}
    if "full_name" not in roles or len(roles) < 3:
        return None
    nameless = tuple(() for _ in grid.table.columns)
    names = tuple(f"Cột {at}" for at in range(1, grid.table.num_columns + 1))
    return Header(-1, -1, 0, names, nameless, ())
