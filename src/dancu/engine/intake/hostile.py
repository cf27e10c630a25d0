"""Workbooks that would harm the reader, found before anything opens them.

A zip is walked part by part with a bounded buffer: what it unpacks to is counted, never believed;
XML parts must not declare entities; a sheet whose far corner is nearly empty would make the
spreadsheet library reserve the whole rectangle, so the rectangle is measured first.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from dancu.engine.intake.errors import IntakeError

MEGABYTE: Final = 1024 * 1024
# A province's 2 million rows of 20 columns take about 1.9 GB as sheet XML; nobody sends that in one file.
MAX_UNPACKED: Final = 2048 * MEGABYTE
# Honest sheets pack 8 to 40 times; long runs of equal rows reach 150. Small parts may pack as they like.
MAX_RATIO: Final = 250
RATIO_FREE: Final = 64 * MEGABYTE
MAX_PARTS: Final = 20_000
# 24 bytes a cell in the library: 40 million cells are 1 GB. Only sparse rectangles reach it by accident.
MAX_AREA: Final = 20_000_000
MAX_COLUMNS: Final = 2_000
_CHUNK: Final = MEGABYTE
_OVERLAP: Final = 512
# With something in it: a cell that only has a format is written <c …/> or <c …></c>.
_FAR_CELL: Final = re.compile(rb'<c r="([A-Z]{2,3})\d+"[^>/]*>(?=[^<]|<[^/])')
_ANY_CELL: Final = re.compile(rb'<c r="([A-Z]{1,3})(\d+)"[^>/]*>(?=[^<]|<[^/])')
_ODS_REPEAT: Final = re.compile(
    rb'<table:table-cell(?=[^>]*office:value)[^>]*number-columns-repeated="(\d+)"'
)


@dataclass
class _Extent:
    """The far corner of the cells that hold something."""

    row: int = 0
    column: int = 0
    cells: int = 0
    letters: set[bytes] = field(default_factory=set)


def check_package(data: bytes, name: str) -> None:
    """Refuse a zip workbook that is a bomb, is damaged, has entities, or a runaway sheet."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
        _check_members(parts, name)
        _check_sizes(parts, len(data), name)
        for part in parts:
            _check_part(memoryview(data), part, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise IntakeError("truncated_zip", name=name) from error


def _check_members(parts: list[zipfile.ZipInfo], name: str) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise IntakeError("password", name=name)
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise IntakeError("damaged_workbook", name=name, detail="kiểu nén lạ")


def _check_sizes(parts: list[zipfile.ZipInfo], packed: int, name: str) -> None:
    total = sum(part.file_size for part in parts)
    worst = max(parts, key=lambda part: part.file_size)
    if len(parts) > MAX_PARTS or total > MAX_UNPACKED:
        raise _bomb(name, packed, total, worst.filename)
    if worst.file_size > RATIO_FREE and worst.file_size > MAX_RATIO * max(worst.compress_size, 1):
        raise _bomb(name, packed, worst.file_size, worst.filename)


def _bomb(name: str, packed: int, unpacked: int, part: str) -> IntakeError:
    return IntakeError(
        "zip_bomb",
        name=name,
        packed=round(packed / MEGABYTE, 1),
        unpacked=round(unpacked / MEGABYTE),
        part=part,
    )


def _check_part(package: memoryview, part: zipfile.ZipInfo, name: str) -> None:
    """Unpack one XML part in pieces; more bytes than the directory declares are a bomb."""
    if not part.filename.endswith((".xml", ".rels", ".vml")):
        return
    is_sheet = part.filename.startswith("xl/worksheets/")
    extent = _Extent()
    before = b""
    got = 0
    for piece in _unpacked(_packed_bytes(package, part), part.compress_type):
        got += len(piece)
        if got > part.file_size:
            raise _bomb(name, part.compress_size, got, part.filename)
        if not before and (b"<!DOCTYPE" in piece[:4096] or b"<!ENTITY" in piece[:65536]):
            raise IntakeError("forbidden_xml", name=name, part=part.filename)
        window = before + piece
        if is_sheet:
            _measure(window, len(before), extent)
        elif part.filename == "content.xml":
            _check_repeats(window, name)
        before = window[-_OVERLAP:]
    if got != part.file_size:
        raise IntakeError("truncated_zip", name=name)
    if is_sheet:
        _check_extent(extent, part.filename, name)


def _packed_bytes(package: memoryview, part: zipfile.ZipInfo) -> memoryview:
    """The part's bytes as they lie in the zip, behind its local header (30 bytes, name, extra)."""
    at = part.header_offset
    header = package[at : at + 30]
    if bytes(header[:4]) != b"PK\x03\x04":
        raise zipfile.BadZipFile("local header")
    start = (
        at + 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    )
    return package[start : start + part.compress_size]


def _unpacked(packed: memoryview, method: int) -> Iterator[bytes]:
    if method == zipfile.ZIP_STORED:
        yield from (bytes(packed[at : at + _CHUNK]) for at in range(0, len(packed), _CHUNK))
        return
    inflate = zlib.decompressobj(-15)
    for at in range(0, len(packed), _CHUNK):
        waiting: bytes | memoryview = packed[at : at + _CHUNK]
        while waiting and not inflate.eof:
            yield inflate.decompress(waiting, 4 * _CHUNK)
            waiting = inflate.unconsumed_tail
    yield inflate.flush()


def _measure(window: bytes, overlap: int, extent: _Extent) -> None:
    extent.cells += window.count(b"<c ", overlap)
    extent.letters.update(_FAR_CELL.findall(window))
    last = _last_cell(window)
    if last is not None:
        extent.row = max(extent.row, int(last[2]))
        extent.letters.add(last[1])


def _last_cell(window: bytes) -> re.Match[bytes] | None:
    """The last cell with a value: rows come in order, so it has the greatest row number."""
    at = window.rfind(b"</c>")
    while at > 0:
        start = window.rfind(b"<c ", 0, at)
        match = _ANY_CELL.match(window, start) if start >= 0 else None
        if match or start < 0:
            return match
        at = window.rfind(b"</c>", 0, start)
    return None


def _check_extent(extent: _Extent, part: str, name: str) -> None:
    extent.column = max(map(_column_number, extent.letters), default=1)
    if extent.column > MAX_COLUMNS:
        raise IntakeError("too_many_columns", name=name, columns=extent.column, limit=MAX_COLUMNS)
    area = extent.row * extent.column
    if area > MAX_AREA and area > 20 * extent.cells:
        corner = max(extent.letters, key=_column_number).decode()
        raise IntakeError(
            "sparse_sheet",
            name=name,
            sheet=part.rsplit("/", 1)[-1].removesuffix(".xml"),
            cell=f"{corner}{extent.row}",
            rows=extent.row,
            columns=extent.column,
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_repeats(window: bytes, name: str) -> None:
    widest = max(map(int, _ODS_REPEAT.findall(window)), default=0)
    if widest > MAX_COLUMNS:
        raise IntakeError("too_many_columns", name=name, columns=widest, limit=MAX_COLUMNS)
