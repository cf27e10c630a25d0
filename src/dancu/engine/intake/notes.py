"""The remarks that accompany a sheet: what a person should know before trusting it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from dancu.engine.intake.grid import Grid, Reject, note
from dancu.engine.intake.headings import Assignment
from dancu.engine.intake.layout import Header
from dancu.engine.spec import SectorSpec
from dancu.lib.legacy_encodings import detect_column
from dancu.lib.spreadsheet_safety import FORMULA_SIGNS, is_formula_like

_FOOT: Final = {
    "totals_row": "dòng cộng",
    "signature_row": "dòng ký tên, ghi chú cuối bảng",
    "section_row": "dòng tên nhóm",
    "repeated_header": "dòng lặp lại tiêu đề",
}
_SAMPLE: Final = 2_000
_FORMULA_BYTES: Final = pa.array([sign.encode() for sign in FORMULA_SIGNS], pa.binary())
_SURE: Final = 0.75
_FIELDS_OF_A_LIST: Final = 3
_NAMES: Final = frozenset({"full_name", "given_name"})


def layout_notes(header: Header, grid: Grid) -> list[dict[str, Any]]:
    """Headings over several lines, a row of numbers under them."""
    notes = []
    if header.last > header.first:
        rows = f"{_number(grid, header.first)}–{_number(grid, header.last)}"
        notes.append(note("joined_header", f"Tiêu đề nằm trên nhiều dòng ({rows}), đã ghép lại."))
    if header.data > header.last + 1:
        row = _number(grid, header.last + 1)
        notes.append(note("numbering_row", f"Dòng {row} chỉ đánh số cột, đã bỏ qua.", row=row))
    return notes


def _number(grid: Grid, place: int) -> int:
    return int(grid.numbers[place].as_py())


def padded_note(grid: Grid, header_row: int) -> list[dict[str, Any]]:
    """Rows under the headings that had too few cells, or empty ones too many."""
    count = sum(row > header_row for row in grid.padded)
    width = grid.table.num_columns
    message = f"{count} dòng thiếu hoặc thừa ô trống ở cuối, đã bù cho đủ {width} cột."
    return [note("padded_rows", message, count=count)] if count else []


def row_notes(rejects: Iterable[Reject]) -> list[dict[str, Any]]:
    """How many lines were no records, by kind, and where the first of them stands."""
    counts = Counter(reject.reason for reject in rejects)
    first = {reject.reason: reject.row for reject in reversed(list(rejects))}
    return [
        note(
            reason,
            f"{count} {_FOOT.get(reason, 'dòng bị loại')} (đầu tiên ở dòng {first[reason]}).",
            count=count,
            row=first[reason],
        )
        for reason, count in counts.items()
    ]


def mapping_notes(
    header: Header, given: Assignment, rivals: dict[int, str]
) -> list[dict[str, Any]]:
    """Headings matched only by likeness, and columns that lost their role to a better one."""
    notes = [
        note(
            "unsure_heading",
            f"Cột «{header.names[at]}» được hiểu là «{role}» do gần giống; hãy kiểm tra.",
            heading=header.names[at],
            role=role,
        )
        for at, (role, score) in given.items()
        if score < _SURE and score > 0 and role in rivals.values()
    ]
    return notes + [
        note(
            "rival_heading",
            f"Cột «{header.names[at]}» cũng có thể là «{role}» nhưng đã có cột khác hợp hơn; không đọc.",
            heading=header.names[at],
            role=role,
        )
        for at, role in rivals.items()
        if at not in given
    ]


def empty_notes(header: Header, roles: Mapping[int, str], table: pa.Table) -> list[dict[str, Any]]:
    """Columns with a known heading and not one cell: often formulas that nothing has computed."""
    names = [
        header.names[at]
        for at in sorted(roles)
        if table.num_rows and table.column(at).null_count == table.num_rows
    ]
    if not names:
        return []
    columns = ", ".join(f"«{name}»" for name in names)
    message = (
        f"Cột {columns} không có ô nào có dữ liệu; nếu là công thức, "
        "hãy mở bằng Excel, lưu lại rồi nạp."
    )
    return [note("empty_column", message, columns=names)]


def beside_note(rivals: Mapping[int, str], given: Assignment) -> list[dict[str, Any]]:
    """A second list to the right of the first: its columns repeat the name and other fields."""
    again = {role for at, role in rivals.items() if at not in given}
    if len(again) < _FIELDS_OF_A_LIST or not again & _NAMES:
        return []
    message = (
        "Có hai danh sách đặt cạnh nhau; chỉ đọc danh sách bên trái. "
        "Hãy tách danh sách bên phải thành trang riêng rồi nạp lại."
    )
    return [note("side_by_side", message, roles=sorted(again))]


def size_note(spec: SectorSpec, rows: int) -> list[dict[str, Any]]:
    """A warning where the sheet has fewer or more rows than the source declares."""
    low, high = spec.expected_rows
    if low <= rows <= high:
        return []
    message = f"Có {rows} dòng, ngoài khoảng thường có của nguồn này ({low}–{high}); có thể thiếu hoặc trùng."
    return [note("rows_outside", message, rows=rows, low=low, high=high)]


def formula_notes(table: pa.Table, names: Iterable[str]) -> list[dict[str, Any]]:
    """Cells that a spreadsheet would run; they are kept as text."""
    found = {}
    for name, column in zip(names, table.columns, strict=True):
        firsts = pc.binary_slice(column.cast(pa.binary()), 0, 1)
        hits = column.filter(pc.is_in(firsts, value_set=_FORMULA_BYTES))
        count = sum(map(is_formula_like, hits.to_pylist())) if len(hits) else 0
        if count:
            found[name] = count
    if not found:
        return []
    message = f"Có {sum(found.values())} ô bắt đầu bằng = + - @ như công thức; giữ nguyên dạng chữ, không chạy."
    return [note("formula_cells", message, columns=found)]


def legacy_columns(table: pa.Table, names: Iterable[str]) -> dict[str, str]:
    """Columns written in TCVN3, VNI or VISCII: heading -> encoding."""
    found = {}
    for name, column in zip(names, table.columns, strict=True):
        sample = pc.drop_null(column.slice(0, _SAMPLE))
        if pc.any(pc.match_substring_regex(sample, pattern=r"[^\x20-\x7e]")).as_py():
            detection = detect_column(sample.to_pylist())
            if detection.encoding:
                found[name] = detection.encoding
    return found


def legacy_note(found: dict[str, str]) -> list[dict[str, Any]]:
    """Which columns are in an old encoding."""
    if not found:
        return []
    kinds = ", ".join(sorted(set(found.values()))).upper()
    message = f"Các cột {', '.join(f'«{name}»' for name in found)} dùng bảng mã cũ ({kinds})."
    return [note("legacy_encoding", message, columns=found)]
