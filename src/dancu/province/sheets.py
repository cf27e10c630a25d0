"""Write one list as the file an office would send: CSV, Parquet, XLSX, ODS; same bytes each time.

Every writer answers the 1-based row number of the first record, as a spreadsheet shows it.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import xlsxwriter

from dancu.province.layouts import Layout

_MADE = dt.datetime(2024, 6, 1, 8, 0)  # noqa: DTZ001 - a workbook's property has no zone
_BLOCK = 20_000


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name ("" in files without sheets) and role -> cells."""

    name: str
    cells: dict[str, pa.Array]

    @property
    def rows(self) -> int:
        return len(next(iter(self.cells.values())))

    def columns(self, layout: Layout) -> tuple[list[str], list[pa.Array]]:
        """Headings and cells in order, the serial number in front."""
        names = [layout.headings[role] for role in self.cells]
        arrays = list(self.cells.values())
        if layout.serial:
            serial = pa.array(range(1, self.rows + 1)).cast(pa.string())
            return [layout.serial, *names], [serial, *arrays]
        return names, arrays


def write_csv(path: Path, sheet: Sheet, layout: Layout) -> int:
    """Titles, one header row, the records; transcoded block by block."""
    names, arrays = sheet.columns(layout)
    table = pa.table(dict(zip(names, arrays, strict=True)))
    head = "".join(f"{t}\n" for t in layout.titles)
    options = pa_csv.WriteOptions(
        include_header=False, delimiter=layout.delimiter, quoting_style="needed"
    )
    with path.open("wb") as out:
        if layout.encoding == "utf-16":
            out.write(b"\xff\xfe")
        elif layout.encoding == "utf-8-sig":
            out.write(b"\xef\xbb\xbf")
        out.write(
            _encoded(
                head + layout.delimiter.join(_quoted(n, layout) for n in names) + "\n",
                layout.encoding,
            )
        )
        for start in range(0, table.num_rows, _BLOCK):
            block = io.BytesIO()
            pa_csv.write_csv(table.slice(start, _BLOCK), block, options)
            out.write(_recoded(block.getvalue(), layout.encoding))
    return len(layout.titles) + 2


def _quoted(heading: str, layout: Layout) -> str:
    return f'"{heading}"' if layout.delimiter in heading else heading


def _recoded(data: bytes, encoding: str) -> bytes:
    return data if encoding.startswith("utf-8") else _encoded(data.decode("utf-8"), encoding)


def _encoded(text: str, encoding: str) -> bytes:
    if encoding == "cp1258":
        return unicodedata.normalize("NFC", text).translate(_CP1258).encode("cp1258")
    return text.encode({"utf-16": "utf-16-le", "utf-8-sig": "utf-8"}.get(encoding, encoding))


def _cp1258() -> dict[int, str]:
    """Windows-1258 has letters with ^, breve and horn, and the five tones as combining marks."""
    found = {}
    for code in (*range(0xC0, 0x180), 0x1A0, 0x1A1, 0x1AF, 0x1B0, *range(0x1EA0, 0x1EFA)):
        marks = unicodedata.normalize("NFD", chr(code))
        tone = next((m for m in marks if m in "\u0300\u0301\u0303\u0309\u0323"), "")
        if tone:
            base = unicodedata.normalize("NFC", marks.replace(tone, "", 1))
            found[code] = base + tone
    return found


_CP1258 = _cp1258()


def write_parquet(path: Path, sheet: Sheet, layout: Layout) -> int:
    """Text columns; their names are no row, so the first record is row 1."""
    names, arrays = sheet.columns(layout)
    pq.write_table(pa.table(dict(zip(names, arrays, strict=True))), path, compression="zstd")
    return 1


def write_xlsx(path: Path, sheets: Sequence[Sheet], layout: Layout) -> int:
    """Titles over merged cells, one or two header rows, records, and a total at the foot."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": False})
    book.set_properties({"created": _MADE, "title": "Số liệu giả định"})
    bold = book.add_format({"bold": True, "align": "center"})
    first = len(layout.titles) + (1 if layout.titles else 0)
    for sheet in sheets:
        page = book.add_worksheet(sheet.name or "Sheet1")
        names, arrays = sheet.columns(layout)
        for row, title in enumerate(layout.titles):
            page.merge_range(row, 0, row, min(7, len(names) - 1), title, bold)
        data = _header(page, first, names, layout, bold)
        _records(page, data, arrays)
        if layout.totals:
            page.write_string(data + sheet.rows, 1, f"Tổng cộng: {sheet.rows} người")
    book.close()
    return first + (2 if layout.groups else 1) + 1


def _header(
    page: xlsxwriter.worksheet.Worksheet, row: int, names: list[str], layout: Layout, bold: object
) -> int:
    """One header row, or two with a merged title over each group of columns; the next row.

    Rows are written in order, because constant_memory forgets a row once a later one is begun.
    """
    title = {
        layout.headings[r]: t for t, roles in layout.groups for r in roles if r in layout.headings
    }
    for column, name in enumerate(names):
        if name not in title:
            page.write_string(row, column, name, bold)
    for text, _ in layout.groups:
        under = [i for i, n in enumerate(names) if title.get(n) == text]
        if len(under) > 1:
            page.merge_range(row, under[0], row, under[-1], text, bold)
    if not layout.groups:
        return row + 1
    for column, name in enumerate(names):
        if name in title:
            page.write_string(row + 1, column, name, bold)
    return row + 2


def _records(page: xlsxwriter.worksheet.Worksheet, row: int, arrays: list[pa.Array]) -> None:
    lists = [a.to_pylist() for a in arrays]
    write = page.write_string
    for number, cells in enumerate(zip(*lists, strict=True), start=row):
        for column, cell in enumerate(cells):
            if cell is not None:
                write(number, column, cell)


def write_ods(path: Path, sheets: Sequence[Sheet], layout: Layout) -> int:
    """A plain OpenDocument spreadsheet, every cell text."""
    pages = "".join(_ods_page(s, layout) for s in sheets)
    body = f"<office:body><office:spreadsheet>{pages}</office:spreadsheet></office:body>"
    root = f'<office:document-content {_ODS_NAMES} office:version="1.2">'
    content = f"{_XML}{root}{body}</office:document-content>"
    with zipfile.ZipFile(path, "w") as out:
        for name, text in (
            ("mimetype", _ODS_TYPE),
            ("META-INF/manifest.xml", _ODS_MANIFEST),
            ("content.xml", content),
        ):
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            out.writestr(entry, text)
    return len(layout.titles) + 2


def _ods_page(sheet: Sheet, layout: Layout) -> str:
    names, arrays = sheet.columns(layout)
    rows: list[Iterable[str | None]] = [(t,) for t in layout.titles]
    rows.append(names)
    rows.extend(zip(*(a.to_pylist() for a in arrays), strict=True))
    body = "".join(f"<table:table-row>{''.join(map(_ods_cell, r))}</table:table-row>" for r in rows)
    return f'<table:table table:name="{escape(sheet.name or "Sheet1")}">{body}</table:table>'


def _ods_cell(text: str | None) -> str:
    if text is None:
        return "<table:table-cell/>"
    blanks = escape(text).replace("  ", " <text:s/>")
    return (
        f'<table:table-cell office:value-type="string"><text:p>{blanks}</text:p></table:table-cell>'
    )


_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_ODS_NAMES = f'xmlns:office="{_OASIS}:office:1.0" xmlns:table="{_OASIS}:table:1.0" xmlns:text="{_OASIS}:text:1.0"'
_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_ODS_MANIFEST = (
    f'{_XML}<manifest:manifest xmlns:manifest="{_OASIS}:manifest:1.0" manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def write_json(path: Path, sheet: Sheet) -> int:
    """QCVN 109:2017 in the nested shape; the first person is row 1."""
    people = [_nested(dict(zip(sheet.cells, row, strict=True))) for row in _rows(sheet)]
    text = json.dumps({"data": {"CongDan": people}}, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
    return 1


def write_xml(path: Path, sheet: Sheet) -> int:
    """QCVN 109:2017 in the flat shape, in a collection; the first person is row 1."""
    people = "".join(_flat(dict(zip(sheet.cells, row, strict=True))) for row in _rows(sheet))
    space = "http://www.mic.gov.vn/dancu/1.0"
    text = f'{_XML}\n<dc:CongdanCollection xmlns:dc="{space}">\n{people}</dc:CongdanCollection>\n'
    path.write_text(text, encoding="utf-8")
    return 1


def _rows(sheet: Sheet) -> Iterable[tuple[str | None, ...]]:
    return zip(*(a.to_pylist() for a in sheet.cells.values()), strict=True)


def _nested(row: dict[str, str | None]) -> dict[str, object]:
    surname, *middle, given = (row["full_name"] or "").split()
    day, month, year = (row["birth_date"] or "").split("/")
    return {
        "SoDinhDanh": row["personal_number"],
        "HoVaTen": {"Ho": surname, "ChuDem": " ".join(middle), "Ten": given},
        "GioiTinh": {"Nam": "1", "Nữ": "2"}[row["sex"] or ""],
        "DanToc": row["ethnic"],
        "NgayThangNamSinh": {"NgayThangNam": f"{year}{month}{day}"},
        "QuocTich": "VN",
        "ThuongTru": {"MaPhuongXa": row["commune_code"], "ChiTiet": row["address"]},
    }


def _flat(row: dict[str, str | None]) -> str:
    names = {
        "SoDinhDanh": "personal_number", "HoVaTen": "full_name", "GioiTinh": "sex",
        "DanToc": "ethnic", "NgayThangNamSinh": "birth_date", "QuocTich": "nationality",
        "ThuongTru": "address", "SoSoHoKhau": "household_number",
    }  # fmt: skip
    body = "".join(
        f"  <dc:{tag}>{escape(row[role] or '')}</dc:{tag}>\n" for tag, role in names.items()
    )
    return f" <dc:CongDan>\n{body} </dc:CongDan>\n"
