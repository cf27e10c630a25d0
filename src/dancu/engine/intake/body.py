"""Which lines under the headings are records, and what the others are.

Lines without a single cell are no rows. Repeated headings, totals, group names and the signatures
at the foot are rejected with their reason and cells, so that nothing is lost.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dancu.engine.intake.errors import reject_message
from dancu.engine.intake.grid import Grid, Reject, rows_of
from dancu.engine.intake.layout import is_numbering
from dancu.lib.text import fold, nfc

_TOTAL: Final = re.compile(
    r"(tong( cong| so)?( \w+){0,4}|cong( \w+){0,4}|tong cong .*|tong so .*|total.*)"
)
_SIGNED: Final = re.compile(
    r"(nguoi lap|nguoi ky|ky ten|ky ghi|thu truong|xac nhan|chu tich|pho chu tich|truong cong an|tm |kt |"
    r"giam doc|hieu truong|ke toan|can bo|ghi chu|noi nhan|lap bieu|dai dien|ngay thang nam|"
    r"luu y|danh sach (nay )?(co|gom)|ngay \d+ thang \d+|.* ngay \d+ thang \d+ nam|.* ngay thang nam)\b.*"
)
_GROUP: Final = re.compile(
    r"(thon|to|xom|ban|khu|tdp|lop|chi hoi|xa|phuong|ho so|ho|khoi|[ivx]+|\d+)\b"
)
_IDENTIFYING: Final = (
    *("full_name", "surname_middle", "given_name", "personal_number", "old_number", "id_number"),
    *("bhxh_number", "bhyt_card", "tax_code", "driving_licence", "student_code", "card_qr"),
)
_FOOT: Final = 40
_LONGEST: Final = 500
"""Letters of a cell that are looked at to tell whether somebody signs in it: it says so at its beginning."""
_SPARSE: Final = 3


def sort_rows(
    grid: Grid, roles: dict[int, str], names: tuple[str, ...]
) -> tuple[pa.Array, list[Reject]]:
    """Places of the records in the grid, and a reject for every other line with a cell in it."""
    table = grid.table
    if not table.num_rows or not table.num_columns:
        return pa.array([], pa.int64()), []
    filled = _filled(table)
    suspects = _suspects(table, filled, roles, names)
    if not suspects:
        return pa.array(np.flatnonzero(filled)), []
    reasons = _judged(table, suspects, filled, roles, names)
    rejects = _rejects(grid, reasons)
    keep = filled > 0
    keep[list(reasons)] = False
    return pa.array(np.flatnonzero(keep)), rejects


def _filled(table: pa.Table) -> np.ndarray:
    """How many cells of each line hold something other than blanks."""
    count = np.zeros(table.num_rows, np.int32)
    for column in table.columns:
        count += column.is_valid().to_numpy()
    # Only lines that could be all blanks are looked at closer.
    for at in np.flatnonzero((count > 0) & (count <= _SPARSE)):
        cells = rows_of(table.slice(int(at), 1))[0]
        count[at] = sum(bool(cell and cell.strip()) for cell in cells)
    return count


def _suspects(
    table: pa.Table, filled: np.ndarray, roles: dict[int, str], names: tuple[str, ...]
) -> list[int]:
    some = filled > 0
    nameless = np.ones(table.num_rows, bool)
    for at, role in roles.items():
        if role in _IDENTIFYING:
            nameless &= ~table.column(at).is_valid().to_numpy()
    sparse = filled <= min(_SPARSE, max(1, len(roles) - 1))
    foot = np.zeros(table.num_rows, bool)
    foot[np.flatnonzero(some)[-_FOOT:]] = True
    return [
        int(at)
        for at in np.flatnonzero(some & (nameless | sparse | foot | _repeats(table, roles, names)))
    ]


def _repeats(table: pa.Table, roles: dict[int, str], names: tuple[str, ...]) -> np.ndarray:
    """Lines whose cell is the heading itself, in the column of the name (or the first one read)."""
    order = sorted(roles, key=lambda at: (roles[at] not in _IDENTIFYING, at))
    hit = np.zeros(table.num_rows, bool)
    for at in order[:2]:
        equal = pc.fill_null(pc.equal(table.column(at), names[at]), False)
        hit |= equal.to_numpy()
    return hit


def _judged(
    table: pa.Table,
    suspects: list[int],
    filled: np.ndarray,
    roles: dict[int, str],
    names: tuple[str, ...],
) -> dict[int, str]:
    rows = rows_of(table.take(pa.array(suspects)))
    some = np.flatnonzero(filled)
    foot = int(some[-min(_FOOT, len(some))])
    identifying = [at for at, role in roles.items() if role in _IDENTIFYING]
    reasons: dict[int, str] = {}
    signed = False
    for place, cells in zip(suspects, rows, strict=True):
        reason = _reason(cells, int(filled[place]), identifying, names)
        if place >= foot and reason in ("signature_row", "totals_row"):
            signed = signed or reason == "signature_row"
        elif place >= foot and signed and filled[place] <= _SPARSE:
            reason = "signature_row"
        if reason:
            reasons[place] = reason
    return reasons


def _reason(
    cells: list[str | None], filled: int, identifying: list[int], names: tuple[str, ...]
) -> str | None:
    """Why a line is no record, or None."""
    texts = [cell.strip() for cell in cells if cell and cell.strip()]
    same = sum(
        cell is not None and cell.strip() == name for cell, name in zip(cells, names, strict=False)
    )
    if same >= 2 or (same and same == filled):
        return "repeated_header"
    if is_numbering(list(cells)) and filled > 2:
        return "repeated_header"
    named = any(cells[at] and str(cells[at]).strip() for at in identifying)
    if _is_total(texts, named):
        return "totals_row"
    if filled > _SPARSE and named:
        return None
    if any(_SIGNED.fullmatch(fold(text[:_LONGEST])) for text in texts):
        return "signature_row"
    if filled == 1 and len(names) > 2:
        return None if named and not _GROUP.match(fold(texts[0])) else "section_row"
    return None if named or filled > 2 or len(names) <= 2 else "stray_row"


def _is_total(texts: list[str], named: bool) -> bool:
    """ "Tổng cộng: 25 người", "Cộng"; Tống and Công are surnames, so a named line needs the marks."""
    first = next((nfc(text) for text in texts if any(char.isalpha() for char in text)), "").lower()
    if not _TOTAL.fullmatch(fold(first)):
        return False
    if named:
        return first.startswith(("tổng cộng", "tổng số", "cộng ", "cộng:")) or first == "cộng"
    return first.startswith(("tổng", "cộng", "tong cong", "tong so", "total"))


def _rejects(grid: Grid, reasons: dict[int, str]) -> list[Reject]:
    places = sorted(reasons)
    rows = rows_of(grid.table.take(pa.array(places, pa.int64())))
    numbers = grid.numbers.take(pa.array(places, pa.int64())).to_pylist()
    return [
        Reject(
            number,
            reasons[place],
            reject_message(reasons[place], row=number, got=sum(c is not None for c in cells)),
            tuple(cells),
        )
        for place, number, cells in zip(places, numbers, rows, strict=True)
    ]
