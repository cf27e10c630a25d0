"""The columns of a worklist, said once: what the writer lays out and the reader takes back.

Each row is keyed by finding, person, field and source record, with a checksum over them and over the value shown, so
that a row whose key was changed is known.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

SHEET = "Danh sách việc"
GUIDE = "Hướng dẫn"
FIXED, KEPT, UNKNOWN, DUPLICATE = "Đã sửa", "Đúng, giữ nguyên", "Không xác minh được", "Trùng với …"
VERDICTS = {FIXED: "fixed", KEPT: "kept", UNKNOWN: "unknown", DUPLICATE: "duplicate"}


@dataclass(frozen=True)
class Column:
    """A column: its name in code, heading, width in characters, who fills it, whether it is hidden."""

    name: str
    heading: str
    width: float
    officer: bool = False
    hidden: bool = False


COLUMNS = (
    Column("number", "STT", 5),
    Column("finding_id", "Mã việc", 8),
    Column("full_name", "Họ và tên", 17),
    Column("personal_number", "Số định danh", 14),
    Column("birth_year", "Năm sinh", 6),
    Column("hamlet", "Thôn, số nhà", 12),
    Column("problem", "Lỗi", 25),
    Column("field_label", "Trường", 11),
    Column("old_value", "Giá trị hiện có", 14),
    Column("evidence_found", "Nguồn và giá trị khác", 26),
    Column("to_do", "Cần làm", 28),
    Column("papers", "Giấy tờ cần xem", 14),
    Column("verdict", "Kết quả xử lý", 13, officer=True),
    Column("new_value", "Giá trị đúng", 15, officer=True),
    Column("evidence", "Căn cứ", 14, officer=True),
    Column("by", "Người xử lý", 12, officer=True),
    Column("handled_on", "Ngày xử lý", 11, officer=True),
    Column("person_id", "Mã người", 10, hidden=True),
    Column("field", "Mã trường", 10, hidden=True),
    Column("record_id", "Mã bản ghi", 10, hidden=True),
    Column("checksum", "Mã kiểm", 10, hidden=True),
)
HEADINGS = {column.heading: column.name for column in COLUMNS}


def checksum(finding_id: str, person_id: str, field: str, record_id: str, old_value: str) -> str:
    """Ten signs that change when any part of a row's key changes; a guard against slips, not a signature.

    >>> checksum("a", "1", "sex", "1", "Nam") == checksum("a", "1", "sex", "1", "Nữ")
    False
    """
    text = "\x1f".join(("worklist-1", finding_id, person_id, field, record_id, old_value))
    return hashlib.sha256(text.encode()).hexdigest()[:10]
