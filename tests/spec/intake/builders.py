"""Files made on the spot: tables in any format, and the hostile ones, so that no blob is stored."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable
from functools import cache
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from openpyxl.styles import Font

from dancu.lib.legacy_encodings import encode

Rows = list[list[Any]]
MB = 1024 * 1024


def build(case: dict[str, Any]) -> bytes:
    """The bytes of one case: `text` (with `encoding`), `rows` (with `format`), or a named `build`."""
    if "build" in case:
        return {**HOSTILE, **HONEST}[case["build"]]()
    if "text" in case:
        tail = bytes.fromhex(case.get("hex_tail", ""))
        return encoded(case["text"], case.get("encoding", "utf-8")) + tail
    return FORMATS[case.get("format", "xlsx")](case)


def encoded(text: str, encoding: str) -> bytes:
    """Text as bytes; TCVN3, VNI and VISCII as a program of 1998 wrote them."""
    if encoding in ("tcvn3", "vni", "viscii"):
        return encode(text, encoding, code_page="latin-1").encode("latin-1")
    if encoding == "cp1258":
        return _cp1258(text)
    return text.encode(encoding)


def _cp1258(text: str) -> bytes:
    """Windows Vietnamese keeps the letter and puts the tone behind it."""
    import unicodedata

    out = []
    for char in text:
        parts = unicodedata.normalize("NFD", char)
        tones = "".join(p for p in parts if p in "\u0300\u0301\u0303\u0309\u0323")
        base = unicodedata.normalize("NFC", "".join(p for p in parts if p not in tones))
        out.append((base + tones).encode("cp1258"))
    return b"".join(out)


def xlsx(case: dict[str, Any]) -> bytes:
    """An .xlsx of one or more sheets (`sheets`: name -> rows), with `merge`, `hidden`."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in case.get("sheets", {"Sheet1": case.get("rows", [])}).items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([_typed(cell) for cell in row])
        for place in case.get("merge", []):
            sheet.merge_cells(place)
        if name in case.get("hidden", []):
            sheet.sheet_state = "hidden"
    return _saved(book.save)


def _typed(cell: Any) -> Any:
    """`{date: …}` and `{error: …}` stand for a date cell and an error cell."""
    if not isinstance(cell, dict):
        return cell
    return dt.datetime.fromisoformat(cell["date"]) if "date" in cell else cell["error"]


def xls(case: dict[str, Any]) -> bytes:
    """An Excel 97 workbook."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for i, row in enumerate(case["rows"]):
        for j, value in enumerate(row):
            if value is not None:
                sheet.write(i, j, value)
    return _saved(book.save)


def ods(case: dict[str, Any]) -> bytes:
    """An OpenDocument sheet with the long empty tail that LibreOffice writes."""
    document = OpenDocumentSpreadsheet()
    table = Table(name="Trang1")
    document.spreadsheet.addElement(table)
    for row in case["rows"]:
        line = TableRow()
        for value in row:
            cell = TableCell(valuetype="string") if value is not None else TableCell()
            if value is not None:
                cell.addElement(P(text=str(value)))
            line.addElement(cell)
        line.addElement(TableCell(numbercolumnsrepeated=16000))
        table.addElement(line)
    tail = TableRow(numberrowsrepeated=1048000)
    tail.addElement(TableCell(numbercolumnsrepeated=16384))
    table.addElement(tail)
    return _saved(document.save)


def parquet(case: dict[str, Any]) -> bytes:
    """A Parquet file; the first row names the columns."""
    names, *rows = case["rows"]
    columns = [pa.array(list(column)) for column in zip(*rows, strict=True)]
    return _saved(lambda out: pq.write_table(pa.table(columns, names=names), out))


def _saved(save: Callable[[io.BytesIO], Any]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


FORMATS = {"xlsx": xlsx, "xls": xls, "ods": ods, "parquet": parquet}
_GOOD: Rows = [
    ["STT", "Họ và tên", "Ngày sinh", "Số CCCD"],
    [1, "Nguyễn Văn An", "01/02/1990", "924090000001"],
]


def _good_xlsx() -> bytes:
    return xlsx({"rows": _GOOD})


def _with_part(name: str, content: bytes, *, compress: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The good workbook with one part replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_good_xlsx())) as old,
        zipfile.ZipFile(out, "w", compress) as new,
    ):
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


@cache
def zip_bomb() -> bytes:
    """A sheet of 300 MB of blanks in 300 kB."""
    return _with_part("xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * (300 * MB))


@cache
def zip_bomb_lying() -> bytes:
    """The same bomb whose directory and header declare one thousand bytes."""
    data = bytearray(_with_part("xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * (100 * MB)))
    true = struct.pack("<I", 100 * MB + 11)
    assert data.count(true) == 2
    return bytes(data.replace(true, struct.pack("<I", 1000)))


def xml_bomb() -> bytes:
    """Entities that grow ten times a line (billion laughs) in the shared strings."""
    lines = [f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10)]
    body = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{"".join(lines)}]><sst>&a9;</sst>'
    return _with_part("xl/sharedStrings.xml", body.encode())


def external_entity() -> bytes:
    """A person message that asks for a file of the machine."""
    return (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        b"<CongDan><SoDinhDanh>924090000001</SoDinhDanh><HoVaTen>&e;</HoVaTen></CongDan>"
    )


def truncated_xlsx() -> bytes:
    """A workbook whose copying stopped half way."""
    data = _good_xlsx()
    return data[: len(data) // 2]


def damaged_inside() -> bytes:
    """A zip in order whose workbook part is cut."""
    return _with_part("xl/workbook.xml", b"<workbook><sheets><sheet name=")


@cache
def stray_corner() -> bytes:
    """Two cells: A1, and the last one a sheet can have in row and column 1,600."""
    book = openpyxl.Workbook()
    book.active["A1"] = "Họ và tên"
    book.active.cell(1_048_576, 1_600, "x")
    return _saved(book.save)


def wide_sheet() -> bytes:
    """16,384 columns."""
    book = xlsxwriter.Workbook(out := io.BytesIO(), {"in_memory": True})
    book.add_worksheet().write_row(0, 0, [f"c{i}" for i in range(16_384)])
    book.close()
    return out.getvalue()


def encrypted_xlsx() -> bytes:
    """What Excel writes when a password is set: a compound file holding EncryptedPackage."""
    data = bytearray(xls({"rows": _GOOD}))
    at = data.find("Workbook".encode("utf-16-le"))
    name = "EncryptedPackage".encode("utf-16-le")
    data[at : at + len(name)] = name
    data[at + 64 : at + 66] = struct.pack("<H", len(name) + 2)
    return bytes(data)


def encrypted_xls() -> bytes:
    """An Excel 97 workbook with the FILEPASS record behind its first record."""
    from xlwt.CompoundDoc import XlsDoc

    book = xlwt.Workbook()
    book.add_sheet("S").write(0, 0, "x")
    stream = book.get_biff_data()
    first = 4 + struct.unpack("<H", stream[2:4])[0]
    password = struct.pack("<HHHHH", 0x2F, 6, 0, 1, 2)
    out = io.BytesIO()
    XlsDoc().save(out, stream[:first] + password + stream[first:])
    return out.getvalue()


def plain_zip() -> bytes:
    """Lists packed together."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("../../etc/danh_sach.csv", "Họ và tên\nA")
    return out.getvalue()


def damaged_parquet() -> bytes:
    """A Parquet file without its end."""
    return parquet({"rows": _GOOD})[:-40]


def mixed_junk() -> bytes:
    """Bytes of no format."""
    return bytes((i * 89 + 7) % 256 for i in range(5000))


HEAD = "STT,Họ và tên,Ngày sinh,Số CCCD\n"


def _lines(count: int) -> str:
    return "".join(f"{i},Nguyễn Văn An,01/02/1990,92409{i:07d}\n" for i in range(1, count + 1))


def long_cell() -> bytes:
    """A row with a name of 300,000 letters."""
    return (HEAD + _lines(2) + f"3,{'a' * 300_000},1990,924090000003\n").encode()


def endless_line() -> bytes:
    """30 MB without a line end."""
    return b"a" * (30 * MB)


def nul_text() -> bytes:
    """A text with zero bytes in its third line."""
    return (HEAD + _lines(400)).encode() + b"401,\x00\x00\x00,x,y\n"


HOSTILE: dict[str, Callable[[], bytes]] = {
    str(function.__name__): function
    for function in (
        *(zip_bomb, zip_bomb_lying, xml_bomb, external_entity, truncated_xlsx, damaged_inside),
        *(stray_corner, wide_sheet, encrypted_xlsx, encrypted_xls, plain_zip, damaged_parquet),
        *(mixed_junk, long_cell, endless_line, nul_text),
    )
}


def formatted_to_the_end() -> bytes:
    """Two rows, and cells without content but with a bold font down to XFD1048576."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in _GOOD:
        sheet.append(row)
    for row in (*range(3, 2000), 1_048_576):
        sheet.cell(row, 16_384 if row == 1_048_576 else 1).font = Font(bold=True)
    return _saved(book.save)


HONEST: dict[str, Callable[[], bytes]] = {"formatted_to_the_end": formatted_to_the_end}
