"""Cells of an .xlsx that came back from an office, with formulas seen as such; never evaluated, never followed.

Own reading, because the fast readers give a formula's last result as if somebody had typed it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

_MOST_BYTES = 200_000_000
_DAMAGED = (
    "Tệp không phải bảng tính .xlsx đọc được (hỏng, có mật khẩu hoặc sai đuôi);"
    " hãy lưu lại dạng .xlsx, không đặt mật khẩu."
)
_RELATION = re.compile(r"\}id$")
# How a workbook writes characters that XML cannot hold.
_CODED = re.compile("_x([0-9A-Fa-f]{4})_")
_LETTERS = re.compile(r"[A-Z]+")


class NotAWorkbookError(ValueError):
    """The bytes are no workbook that can be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Text of a cell as a person sees it (numbers without exponent), and whether a formula stands in it."""

    text: str
    formula: bool = False


Cells = dict[int, Cell]


class Workbook:
    """Sheets by name; `rows(name)` gives (row number from 1, cells by column from 0)."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            if sum(item.file_size for item in self._zip.infolist()) > _MOST_BYTES:
                raise NotAWorkbookError(
                    "Tệp giải nén quá lớn; hãy gửi lại đúng tệp danh sách việc đã nhận."
                )
            self._texts = self._shared()
            self._sheets = self._paths()
        except (
            zipfile.BadZipFile,
            KeyError,
            ParseError,
            DefusedXmlException,
            RuntimeError,
            OSError,
        ) as error:
            raise NotAWorkbookError(_DAMAGED) from error

    @property
    def names(self) -> tuple[str, ...]:
        """Sheet names in their order."""
        return tuple(self._sheets)

    def rows(self, name: str) -> Iterator[tuple[int, Cells]]:
        """The rows of a sheet that hold a cell; NotAWorkbookError where the sheet is damaged."""
        try:
            with self._zip.open(self._sheets[name]) as stream:
                yield from self._rows(stream)
        except (KeyError, ParseError, DefusedXmlException, zipfile.BadZipFile, EOFError) as error:
            raise NotAWorkbookError(f"Trang «{name}» bị hỏng; hãy mở và lưu lại tệp.") from error

    def _rows(self, stream: IO[bytes]) -> Iterator[tuple[int, Cells]]:
        number = 0
        for _, element in iterparse(stream):
            if _local(element) != "row":
                continue
            number = int(element.get("r") or number + 1)
            yield number, self._cells(element)
            element.clear()

    def _cells(self, row: Element) -> Cells:
        found: Cells = {}
        column = -1
        for element in row:
            if _local(element) == "c":
                column = _column(element.get("r")) if element.get("r") else column + 1
                found[column] = self._cell(element)
        return found

    def _cell(self, element: Element) -> Cell:
        parts = {_local(child): child for child in element}
        formula = "f" in parts
        kind = element.get("t", "n")
        if kind == "inlineStr":
            return Cell(_text_of(parts.get("is")), formula)
        value = parts["v"].text or "" if "v" in parts else ""
        if kind == "s" and value:
            return Cell(self._texts[int(value)], formula)
        return Cell(_plain_number(value) if kind == "n" else value, formula)

    def _shared(self) -> list[str]:
        if "xl/sharedStrings.xml" not in self._zip.namelist():
            return []
        with self._zip.open("xl/sharedStrings.xml") as stream:
            return [_text_of(e) for _, e in iterparse(stream) if _local(e) == "si"]

    def _paths(self) -> dict[str, str]:
        with self._zip.open("xl/_rels/workbook.xml.rels") as stream:
            targets = {
                e.get("Id"): e.get("Target", "")
                for _, e in iterparse(stream)
                if _local(e) == "Relationship"
            }
        with self._zip.open("xl/workbook.xml") as stream:
            sheets = [e for _, e in iterparse(stream) if _local(e) == "sheet"]
        found = {}
        for sheet in sheets:
            relation = next((v for k, v in sheet.items() if _RELATION.search(k)), None)
            target = targets[relation]
            found[sheet.get("name", "")] = (
                target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            )
        return found


def _local(element: Element) -> str:
    return element.tag.rsplit("}", 1)[-1]


def _text_of(element: Element | None) -> str:
    """All runs of a rich text, without the reading aids (rPh) of some editors."""
    if element is None:
        return ""
    runs = [
        t
        for child in element
        for t in ([child] if _local(child) == "t" else child)
        if _local(child) != "rPh"
    ]
    text = "".join(t.text or "" for t in runs if _local(t) == "t")
    return _CODED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _column(reference: str | None) -> int:
    """`M7` -> 12."""
    found = _LETTERS.match(reference or "A")
    number = 0
    for letter in found[0] if found else "A":
        number = number * 26 + ord(letter) - 64
    return number - 1


def _plain_number(text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"
