"""Tables whose columns have names already: Parquet, Arrow (a SQL query), HTML pages, QCVN 109 messages."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dancu.engine.intake.encodings import to_utf8
from dancu.engine.intake.errors import IntakeError
from dancu.engine.intake.grid import Grid, emptied, from_rows, numbered, positional
from dancu.engine.intake.hostile import MAX_COLUMNS, MAX_RATIO, MAX_UNPACKED, MEGABYTE, RATIO_FREE
from dancu.formats import qcvn109
from dancu.formats.errors import FormatError

_MOST_SPAN: Final = 100
_EXACT: Final = 2.0**53
_SHEETML: Final = {"row": "tr", "cell": "td"}


def read_parquet(data: bytes, *, name: str) -> Grid:
    """The grid of a Parquet file; its declared sizes are checked before it is read."""
    try:
        source = pq.ParquetFile(pa.BufferReader(data))
        _check_parquet(source.metadata, len(data), name)
        return from_arrow(source.read(), name=name)
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, IntakeError):
            raise
        raise IntakeError("damaged_parquet", name=name) from error


def _check_parquet(metadata: Any, packed: int, name: str) -> None:
    size = sum(metadata.row_group(at).total_byte_size for at in range(metadata.num_row_groups))
    # Dictionary and run-length coding hide repeats from the sizes, so the cells count as well.
    cells = metadata.num_rows * metadata.num_columns
    if size > MAX_UNPACKED or (size > RATIO_FREE and size > MAX_RATIO * packed) or cells > 4e8:
        raise IntakeError(
            "zip_bomb",
            name=name,
            packed=round(packed / MEGABYTE, 1),
            unpacked=round(max(size, cells) / MEGABYTE),
            part="parquet",
        )


def from_arrow(table: pa.Table, *, name: str, sheet: str = "") -> Grid:
    """The grid of an Arrow table, such as the answer of a SQL query."""
    if table.num_columns > MAX_COLUMNS:
        raise IntakeError(
            "too_many_columns", name=name, columns=table.num_columns, limit=MAX_COLUMNS
        )
    texts = positional([as_text(column) for column in table.columns])
    return Grid(
        sheet=sheet, table=texts, numbers=numbered(texts), headings=tuple(table.column_names)
    )


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Any column as text: ISO dates, whole numbers without .0, lists and structures as JSON."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return as_text(column.cast(kind.value_type))
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        cells = [None if value is None else _json(value) for value in column.to_pylist()]
        return pa.chunked_array([pa.array(cells, pa.string())])
    if pa.types.is_floating(kind):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, kind), column)
    if pa.types.is_floating(kind) and _whole(column):
        return emptied(column.cast(pa.int64(), safe=False).cast(pa.string()))
    text = column.cast(pa.string())
    if pa.types.is_floating(kind):
        text = pc.replace_substring_regex(text, pattern=r"^(-?\d+)\.0$", replacement=r"\1")
    if pa.types.is_timestamp(kind):
        text = pc.replace_substring_regex(text, pattern=r" 00:00:00(\.0+)?$", replacement="")
    return emptied(text)


def _whole(column: pa.ChunkedArray) -> bool:
    """Whole numbers that a double holds exactly: numbers of persons beside empty cells."""
    exact = pc.and_(pc.equal(pc.floor(column), column), pc.less(pc.abs(column), _EXACT))
    return bool(pc.all(exact, min_count=0).as_py())


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def read_message(data: bytes, *, name: str) -> Grid:
    """The persons of a QCVN 109 message, XML or JSON, one row each."""
    try:
        people = qcvn109.read(data)
    except FormatError as error:
        reason = "forbidden_xml" if error.reason == "forbidden_xml" else "bad_message"
        raise IntakeError(reason, name=name, detail=error.message_vi, part="XML") from error
    headings = list(dict.fromkeys(heading for person in people for heading in person))
    table = from_rows([[person.get(heading) for heading in headings] for person in people])
    return Grid(sheet="", table=table, numbers=numbered(table), headings=tuple(headings))


def read_html(data: bytes, *, name: str) -> Grid:
    """The rows of an HTML page or XML workbook of 2003, which many systems export as .xls."""
    text, encoding = to_utf8(data, name)
    reader = _Tables()
    reader.feed(text.decode("utf-8", "replace"))
    reader.close()
    table = from_rows(reader.rows)
    if table.num_columns > MAX_COLUMNS:
        raise IntakeError(
            "too_many_columns", name=name, columns=table.num_columns, limit=MAX_COLUMNS
        )
    return Grid(sheet="", table=table, numbers=numbered(table), encoding=encoding)


def _plain(tag: str) -> str:
    """The HTML name of a tag of an XML workbook: `ss:Row` is a row as `tr` is."""
    bare = tag.removeprefix("ss:")
    return _SHEETML.get(bare, tag)


def _count(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else 0


class _Tables(HTMLParser):
    """Collects the cells of every table row; a cell over several columns leaves blanks behind it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str | None]] = []
        self._cell: list[str] | None = None
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a row or a cell."""
        tag = _plain(tag)
        if tag == "tr":
            self._end_cell()
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self._end_cell()
            self._cell = []
            self._place(dict(attrs))
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def _place(self, attrs: dict[str, str | None]) -> None:
        """How many columns the cell covers, and the columns left out before it."""
        across = _count(attrs.get("ss:mergeacross"))
        self._span = min(_count(attrs.get("colspan")) or across + 1, _MOST_SPAN)
        index = min(_count(attrs.get("ss:index")), MAX_COLUMNS + 1)
        self.rows[-1] += [None] * (index - 1 - len(self.rows[-1]))

    def handle_endtag(self, tag: str) -> None:
        """Close a cell."""
        if _plain(tag) in ("td", "th", "tr", "table"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        """Text inside a cell."""
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None:
            self.rows[-1] += ["".join(self._cell).strip() or None, *[None] * (self._span - 1)]
            self._cell = None
