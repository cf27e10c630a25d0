"""What came of a list: rows that were not taken, with their reasons, on a page and as a workbook."""

from __future__ import annotations

import io
import json
from typing import Any

import xlsxwriter

from dancu.lib.spreadsheet_safety import escape_cell
from dancu.platform.intake.models import Upload
from dancu.store.files import read_table
from dancu.store.runs import RunFolder

_HEADS = ("Trang", "Dòng", "Lý do", "Cách sửa")
OUTSIDE = "Người này thuộc đơn vị khác: gửi dòng này cho đơn vị đó."


def rejects(upload: Upload) -> list[dict[str, Any]]:
    """Rows that intake did not take, in their order; empty before the file was read."""
    folder = RunFolder(upload.folder / "run")
    if not folder.has_table("intake", "rejects"):
        return []
    rows = read_table(folder.table("intake", "rejects")).to_pylist()
    return [row | {"cells": json.loads(row["cells"] or "[]")} for row in rows]


def outside(upload: Upload) -> list[tuple[str, int]]:
    """Rows whose person belongs to another unit."""
    return [(sheet, row) for sheet, row in upload.result.get("applied", {}).get("outside", [])]


def workbook(upload: Upload) -> bytes:
    """All rows not taken, each with its reason and its cells, so that they can be put right and handed in again."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet("Dòng không nhận")
        page.write_row(0, 0, _HEADS, book.add_format({"bold": True}))
        page.freeze_panes(1, 0)
        page.set_column(2, 3, 40)
        lines = [
            (r["sheet"], r["row"], r["reason"], r["message_vi"], *r["cells"])
            for r in rejects(upload)
        ]
        lines += [(sheet, row, "outside", OUTSIDE) for sheet, row in outside(upload)]
        for at, line in enumerate(lines, 1):
            for column, value in enumerate(line):
                if isinstance(value, int):
                    page.write_number(at, column, value)
                elif value is not None:
                    page.write_string(at, column, escape_cell(str(value)))
    return made.getvalue()
