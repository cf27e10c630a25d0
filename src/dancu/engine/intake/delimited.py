"""Text files (.csv, .tsv, .txt) from bytes to a grid: any delimiter, ragged rows, damaged quotes.

The bulk goes through Arrow's CSV reader as text columns; only rows whose number of cells is wrong
are looked at one by one. Short rows are padded, surplus empty cells dropped; a row with too many
filled cells, or broken in two, is rejected with its number and cells.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from dancu.engine.intake.encodings import ALIEN, MIXED, to_utf8
from dancu.engine.intake.errors import IntakeError, reject_message
from dancu.engine.intake.grid import Grid, Reject, positional
from dancu.engine.intake.hostile import MAX_COLUMNS

DELIMITERS: Final = (",", ";", "\t", "|")
MAX_CELL: Final = 200_000
_LEAST_TO_RESPLIT: Final = 3
_PREVIEW: Final = 256 * 1024
_PREVIEW_ROWS: Final = 300
_BLOCK: Final = 4 * 1024 * 1024


@dataclass
class _Misfits:
    """Rows with a wrong number of cells: padded ones by number, and the rejected ones."""

    width: int
    delimiter: str
    raw: list[tuple[int, list[str]]] = field(default_factory=list)
    other: list[int] = field(default_factory=list)

    def take(self, row: Any) -> str:
        """Arrow's handler: note the row and let the reader go on."""
        cells = self._otherwise(row.text)
        if cells:
            self.other.append(row.number)
        else:
            cells = next(csv.reader([row.text], delimiter=self.delimiter), [])
        self.raw.append((row.number, cells))
        return "skip"

    def _otherwise(self, text: str) -> list[str]:
        """The cells by another delimiter, where that alone gives the right number of them."""
        if self.width < _LEAST_TO_RESPLIT:
            return []
        marks = (mark for mark in DELIMITERS if mark != self.delimiter)
        ways = (
            next(csv.reader([text], delimiter=mark), [])
            for mark in marks
            if text.count(mark) >= self.width - 1
        )
        return next((cells for cells in ways if len(cells) == self.width), [])


def read_delimited(data: bytes, *, name: str, sheet: str = "") -> Grid:
    """The grid of a text file; IntakeError for NUL bytes, an unclosed quote, endless cells."""
    text, encoding = to_utf8(data, name)
    delimiter, text, skipped = _delimiter(text)
    text = _with_newlines(text)
    width = _width(_preview(text, delimiter))
    if width > MAX_COLUMNS:
        raise IntakeError("too_many_columns", name=name, columns=width, limit=MAX_COLUMNS)
    misfits = _Misfits(width, delimiter)
    table = _parse(text, misfits, name)
    _check_quotes(table, misfits, name, skipped)
    grid = _assembled(table, misfits, skipped)
    if encoding == MIXED:
        grid = _without_marked(grid, ALIEN, "bad_encoding")
    if b'"' in text:
        grid = _without_swallowed(grid, delimiter)
    read = Grid(
        sheet=sheet,
        table=grid.table,
        numbers=grid.numbers,
        encoding=encoding,
        delimiter=delimiter,
        rejects=grid.rejects,
        padded=grid.padded,
    )
    count = len(misfits.other)
    message = f"{count} dòng dùng dấu phân cách khác với cả tệp, đã tách theo dấu của dòng đó."
    return read.noted("other_delimiter", message, count=count) if count else read


def _with_newlines(text: bytes) -> bytes:
    """Old Mac files end their lines with CR alone."""
    return text.replace(b"\r", b"\n") if b"\r" in text[:_PREVIEW] and b"\n" not in text else text


def _delimiter(text: bytes) -> tuple[str, bytes, int]:
    """The delimiter, the text behind Excel's `sep=` line, and how many lines that line took."""
    first, _, rest = text.partition(b"\n")
    if first.strip().lower().startswith(b"sep=") and len(first.strip()) == 5:
        return chr(first.strip()[4]), rest, 1
    rows = {mark: _preview(_with_newlines(text), mark) for mark in DELIMITERS}
    return max(DELIMITERS, key=lambda mark: _evenness(rows[mark])), text, 0


def _preview(text: bytes, delimiter: str) -> list[list[str]]:
    head = text[:_PREVIEW].decode("utf-8", "ignore")
    if len(text) > _PREVIEW:
        head = head.rsplit("\n", 1)[0]
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            rows.append(row)
            if len(rows) >= _PREVIEW_ROWS:
                break
    except csv.Error:  # a cell beyond the library's limit: the rows before it are enough
        return rows
    return rows


def _evenness(rows: list[list[str]]) -> float:
    """How much the rows agree on a number of cells, times the cells they gain by it."""
    counts = Counter(len(row) for row in rows if row)
    if not counts:
        return 0.0
    width, times = max(counts.items(), key=lambda item: (item[0] - 1) * item[1])
    return (width - 1) * times / sum(counts.values())


def _width(rows: list[list[str]]) -> int:
    """Cells of the usual row, or of the heading row when it has more."""
    counts = Counter(len(row) for row in rows if any(cell.strip() for cell in row))
    usual = max(counts, key=lambda width: (counts[width] * (width > 1), width), default=1)
    for row in rows:
        filled = len(row) - next((i for i, c in enumerate(reversed(row)) if c.strip()), len(row))
        if filled >= max(3, usual) and not any(char.isdigit() for cell in row for char in cell):
            return max(usual, filled)
    return usual


def _parse(text: bytes, misfits: _Misfits, name: str) -> pa.Table:
    names = [str(at) for at in range(misfits.width)]
    block = _BLOCK
    while True:
        misfits.raw.clear()
        misfits.other.clear()
        try:
            return pacsv.read_csv(
                pa.BufferReader(text),
                read_options=pacsv.ReadOptions(
                    column_names=names, use_threads=False, block_size=block
                ),
                parse_options=pacsv.ParseOptions(
                    delimiter=misfits.delimiter,
                    newlines_in_values=True,
                    invalid_row_handler=misfits.take,
                    ignore_empty_lines=False,
                ),
                convert_options=pacsv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    null_values=[""],
                    strings_can_be_null=True,
                    check_utf8=False,
                ),
            )
        except pa.ArrowInvalid as error:
            # A row longer than the block: only an open quote or a runaway cell does that.
            if "straddling" not in str(error) or block > len(text):
                raise IntakeError("binary_junk", name=name) from error
            block = len(text) + 1


def _check_quotes(table: pa.Table, misfits: _Misfits, name: str, skipped: int) -> None:
    """A quote left open swallows the file to its end: it is in the last row read."""
    last = table.num_rows + len(misfits.raw)
    misfit = misfits.raw[-1] if misfits.raw and misfits.raw[-1][0] == last else None
    cells = misfit[1] if misfit else [column[-1].as_py() for column in table.columns if last]
    tail = cells[-1] if misfit and cells else max((c for c in cells if c), key=len, default="")
    if tail and tail.count("\n") > 1 and tail.count(misfits.delimiter) >= misfits.width - 1 > 0:
        raise IntakeError("unclosed_quote", name=name, row=last + skipped)
    for column in table.columns:
        longest = pc.max(pc.binary_length(column)).as_py() or 0
        if longest > MAX_CELL:
            at = pc.index(pc.equal(pc.binary_length(column), longest), True).as_py()
            raise IntakeError(
                "cell_too_long", name=name, row=at + 1 + skipped, length=longest, limit=MAX_CELL
            )


def _assembled(table: pa.Table, misfits: _Misfits, skipped: int) -> Grid:
    """Good rows, padded rows and rejects with the row numbers of the file."""
    total = table.num_rows + len(misfits.raw)
    numbers = np.arange(1, total + 1, dtype=np.int64)
    if not misfits.raw:
        return Grid("", table, pa.array(numbers + skipped))
    wrong = np.array([number for number, _ in misfits.raw], dtype=np.int64)
    good = np.delete(numbers, wrong - 1)
    fitted, rejects = _sorted_out(misfits, skipped)
    if fitted:
        added = [[cells[at] or None for _, cells in fitted] for at in range(misfits.width)]
        extra = positional([pa.array(column, pa.string()) for column in added])
        numbers = np.concatenate([good, np.array([number for number, _ in fitted])])
        order = np.argsort(numbers, kind="stable")
        table = pa.concat_tables([table, extra]).take(pa.array(order))
        good = numbers[order]
    other = set(misfits.other)
    padded = tuple(number + skipped for number, _ in fitted if number not in other)
    return Grid("", table, pa.array(good + skipped), rejects=rejects, padded=padded)


def _sorted_out(
    misfits: _Misfits, skipped: int
) -> tuple[list[tuple[int, list[str]]], tuple[Reject, ...]]:
    fitted: list[tuple[int, list[str]]] = []
    rejects: list[Reject] = []
    width = misfits.width
    lengths = {number: len(cells) for number, cells in misfits.raw}
    for number, cells in misfits.raw:
        halves = (lengths.get(number - 1), lengths.get(number + 1))
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            rejects.append(_reject("too_many_cells", number + skipped, cells, width))
        elif 1 < len(cells) < width and any(
            half and half + len(cells) == width + 1 for half in halves
        ):
            rejects.append(_reject("broken_line", number + skipped, cells, width))
        else:
            fitted.append((number, (cells + [""] * width)[:width]))
    return fitted, tuple(rejects)


def _reject(reason: str, number: int, cells: list[str], width: int) -> Reject:
    message = reject_message(reason, row=number, got=len(cells), expected=width)
    return Reject(number, reason, message, tuple(cell or None for cell in cells))


def _without_marked(grid: Grid, mark: str, reason: str) -> Grid:
    """Rows that hold `mark` become rejects; the mark itself is taken out of their cells."""
    flags = pa.chunked_array([pa.array(np.zeros(grid.table.num_rows, bool))])
    for column in grid.table.columns:
        flags = pc.or_(flags, pc.fill_null(pc.match_substring(column, mark), False))
    return _moved(grid, flags, reason, mark) if pc.any(flags).as_py() else grid


def _without_swallowed(grid: Grid, delimiter: str) -> Grid:
    """Rows with a cell that holds whole other lines: a quote was closed too late."""
    least = max(2, grid.table.num_columns - 2)
    flags = pa.chunked_array([pa.array(np.zeros(grid.table.num_rows, bool))])
    for column in grid.table.columns:
        lines = pc.fill_null(pc.match_substring(column, "\n"), False)
        if pc.any(lines).as_py():
            marks = pc.fill_null(pc.count_substring(column, delimiter), 0)
            flags = pc.or_(flags, pc.and_(lines, pc.greater_equal(marks, least)))
    return _moved(grid, flags, "swallowed_lines", "") if pc.any(flags).as_py() else grid


def _moved(grid: Grid, flags: pa.ChunkedArray, reason: str, mark: str) -> Grid:
    taken = grid.table.filter(flags)
    columns = [
        [cell.replace(mark, "") if cell and mark else cell for cell in column.to_pylist()]
        for column in taken.columns
    ]
    numbers = grid.numbers.filter(pc.fill_null(flags, False).combine_chunks()).to_pylist()
    rejects = [
        Reject(number, reason, reject_message(reason, row=number), tuple(cells))
        for number, *cells in zip(numbers, *columns, strict=True)
    ]
    keep = pc.invert(flags)
    return Grid(
        grid.sheet,
        grid.table.filter(keep),
        grid.numbers.filter(keep.combine_chunks()),
        rejects=(*grid.rejects, *rejects),
        padded=grid.padded,
    )
