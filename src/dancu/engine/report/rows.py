"""Many rows into a workbook that already has its first: the same cells, styles taken from that row, written as XML.

xlsxwriter takes 0.27 s of CPU for a worklist of 2,000 rows, a minute for the 209 communes; this takes 0.1 s.
All cells are inline text or numbers, so no text can become a formula.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence

from dancu.engine.report.workbook import clipped

_SHEET = "xl/worksheets/sheet1.xml"
_CELL = re.compile(r'<c r="([A-Z]+)\d+"(?: s="(\d+)")?')
_EARLIEST = (1980, 1, 1, 0, 0, 0)
# What XML 1.0 cannot hold, and Excel's own way to write it.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_ESCAPED = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\r", "&#13;"))


def append(book: bytes, first: int, rows: Iterable[Sequence[str | int | float | None]]) -> bytes:
    """`book` with `rows` after row `first` (1-based) of its first sheet, each cell in the style of that row's."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for item in given.infolist():
            data = given.read(item)
            if item.filename == _SHEET:
                data = _with_rows(data.decode("utf-8"), first, rows).encode("utf-8")
            entry = zipfile.ZipInfo(item.filename, _EARLIEST)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, item.external_attr
            made.writestr(entry, data)
    return out.getvalue()


def _with_rows(sheet: str, first: int, rows: Iterable[Sequence[str | int | float | None]]) -> str:
    head, tail = sheet.split("</sheetData>")
    model = head[head.rindex(f'<row r="{first}"') :]
    styles = [
        (letters, f' s="{style}"' if style else "") for letters, style in _CELL.findall(model)
    ]
    lines = [_row(number, styles, values) for number, values in enumerate(rows, start=first + 1)]
    last = first + len(lines)
    head = re.sub(r'(<dimension ref="[A-Z]+\d+:[A-Z]+)\d+"', rf'\g<1>{last}"', head, count=1)
    return "".join([head, *lines, "</sheetData>", tail])


def _row(
    number: int, styles: list[tuple[str, str]], values: Sequence[str | int | float | None]
) -> str:
    cells = [
        _cell(f"{letters}{number}", style, value)
        for (letters, style), value in zip(styles, values, strict=True)
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(at: str, style: str, value: str | int | float | None) -> str:
    if value is None or value == "":
        return f'<c r="{at}"{style}/>'
    if not isinstance(value, str):
        return f'<c r="{at}"{style}><v>{value}</v></c>'
    return f'<c r="{at}"{style} t="inlineStr"><is><t xml:space="preserve">{escaped(value)}</t></is></c>'


def escaped(text: str) -> str:
    r"""Text for XML as Excel writes it.

    >>> escaped("a<b & c"), escaped("\x07"), escaped("_x0041_")
    ('a&lt;b &amp; c', '_x0007_', '_x005F_x0041_')
    """
    found = _CONTROL.sub(_coded, clipped(text))
    for sign, written in _ESCAPED:
        found = found.replace(sign, written)
    return found


def _coded(match: re.Match[str]) -> str:
    found = match[0]
    return f"_x{ord(found):04X}_" if len(found) == 1 else "_x005F" + found
