"""Where the table begins: titles, the heading row (one, two or three lines), the row of numbers.

Works on the first rows only, as lists of cells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from dancu.engine.intake.headings import Thesaurus, assign

Row = list[str | None]
LOOK_AT: Final = 80
_MOST_LINES: Final = 3
# A title above the headings must not be joined to them for nothing.
_LINE_COSTS: Final = 0.3
# Behind a row that names four roles come people: only a few more rows are tried.
_ENOUGH: Final = 3.5
_LOOK_ON: Final = 5
_MARK: Final = re.compile(r"\(?\s*(\d{1,2}|[A-Za-zĐđ]|[IVX]{1,4})\s*\)?|\(.*\)|\d{1,2}\s*=.*", re.S)
_LONGEST: Final = 200  # as of a heading
_DIGITS: Final = re.compile(r"\d{3}|\d+[/.-]\d+")
_WHITE: Final = re.compile(r"\s+")


@dataclass(frozen=True)
class Header:
    """`first` and `last` line of the headings (0-based places in the grid), `data` where rows begin.

    `names`: one heading per column, unique, as shown to people; `ways`: how each may be read.
    """

    first: int
    last: int
    data: int
    names: tuple[str, ...]
    ways: tuple[tuple[str, ...], ...]
    titles: tuple[str, ...]


def find_header(head: list[Row], known: Thesaurus) -> Header | None:
    """The heading lines that name the most roles, or None when no row names two."""
    best: tuple[float, int, int] | None = None
    for first in range(len(head)):
        if best and best[0] >= _ENOUGH and first > best[1] + _LOOK_ON:
            break
        if not any(cell and cell.strip() for cell in head[first]):
            continue
        for lines in range(1, _MOST_LINES + 1):
            if first + lines > len(head) or (lines > 1 and not _may_continue(head, first, lines)):
                break
            found = _worth(_ways(head[first : first + lines]), known) - _LINE_COSTS * (lines - 1)
            if found >= _least(head[first]) and (best is None or found > best[0]):
                best = (found, first, lines)
    return header_at(head, best[1], best[2]) if best else None


def header_at(head: list[Row], first: int, lines: int) -> Header:
    """The header whose `lines` lines begin at place `first`."""
    ways = _ways(head[first : first + lines])
    last = first + lines - 1
    data = last + 1
    while data < len(head) and is_numbering(head[data]):
        data += 1
    titles = [cell for row in head[:first] for cell in row if cell and cell.strip()]
    return Header(first, last, data, _unique(ways), ways, tuple(titles))


def known_header(names: tuple[str, ...]) -> Header:
    """The header of a container that names its columns."""
    ways = tuple((name,) for name in names)
    return Header(-1, -1, 0, _unique(ways), ways, ())


def is_numbering(row: Row) -> bool:
    """A line under the headings such as (1) (2) (3), A B 1 2, or (dd/mm/yyyy)."""
    cells = [cell.strip() for cell in row if cell and cell.strip()]
    if not cells or not all(len(cell) <= _LONGEST and _MARK.fullmatch(cell) for cell in cells):
        return False
    if all(cell.startswith("(") for cell in cells):
        return True
    numbers = [int(cell.strip("() ")) for cell in cells if cell.strip("() ").isdecimal()]
    return len(numbers) >= 3 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _least(row: Row) -> float:
    """Two roles, less what their unnamed neighbours take off; one where the row has one cell."""
    filled = sum(bool(cell and cell.strip()) for cell in row)
    return 1.5 if filled > 1 else 0.9


def _may_continue(head: list[Row], first: int, lines: int) -> bool:
    """A further heading line has words, no data, and stands under a merged (blank) place or cell."""
    row = head[first + lines - 1]
    cells = [cell for cell in row if cell and cell.strip()]
    return bool(cells) and not is_numbering(row) and not any(map(_DIGITS.search, cells))


def _worth(ways: tuple[tuple[str, ...], ...], known: Thesaurus) -> float:
    """Roles named, less a little for every heading that names none."""
    given = assign(ways, known)
    unnamed = sum(bool(way) for way in ways) - len(given)
    return len(given) - 0.05 * unnamed - 0.1 * sum(score < 0.75 for _, score in given.values())


def _ways(lines: list[Row]) -> tuple[tuple[str, ...], ...]:
    """For each column: the headings above one another joined, then the lowest alone."""
    width = max(map(len, lines))
    filled = [_spread(line, lines[at + 1 :]) for at, line in enumerate(lines)]
    return tuple(_column_ways([_cell(line, at) for line in filled]) for at in range(width))


def _column_ways(cells: list[str]) -> tuple[str, ...]:
    parts = [cell for cell in cells if cell]
    if not parts:
        return ()
    joined = " ".join(dict.fromkeys(parts))
    return tuple(dict.fromkeys((joined, parts[-1])))


def _spread(line: Row, below: list[Row]) -> Row:
    """A merged heading stands over every column that has a heading below it and none here."""
    out: Row = []
    current: str | None = None
    for at in range(len(line)):
        if _cell(line, at):
            current = line[at]
            out.append(current)
        elif current and any(_cell(row, at) for row in below):
            out.append(current)
        else:
            current = None
            out.append(None)
    return out


def _cell(row: Row, at: int) -> str:
    value = row[at] if at < len(row) else None
    return _WHITE.sub(" ", value).strip() if value else ""


def _unique(ways: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    names = []
    for at, way in enumerate(ways, start=1):
        name = way[0] if way else f"Cột {at}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)
