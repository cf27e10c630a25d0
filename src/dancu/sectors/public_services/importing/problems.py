"""Why a row of a list is not taken, in the words of who has to mend it; and how it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NONE: Final = 0
# Number -> (code, role of the cell, what is wrong, what to do). Numbers are places in arrays; codes are kept.
_TABLE: Final = (
    ("", "", "", ""),
    ("code_missing", "code", "Không có mã hồ sơ.", "Ghi mã hồ sơ như trên giấy tiếp nhận."),
    ("code_wrong", "code", "Mã hồ sơ không đúng dạng H02.24.19-240621-0001.", "Chép lại mã từ giấy tiếp nhận."),
    ("status_missing", "status", "Không có trạng thái hồ sơ.", "Ghi một trong mười trạng thái."),
    ("status_unknown", "status", "Không hiểu trạng thái này.", "Dùng mã 1 đến 10 hoặc tên chính thức."),
    ("cancelled", "status", "Hồ sơ đã hủy hoặc thử nghiệm, không ghi vào sổ.", "Không cần làm gì nếu đúng như vậy."),
    ("moment_wrong", "", "Không đọc được ngày giờ.", "Ghi dạng 21/06/2024 14:30."),
    ("no_received", "received", "Không có ngày tiếp nhận.", "Ghi ngày giờ tiếp nhận."),
    ("procedure_missing", "procedure", "Không có mã thủ tục.", "Ghi mã thủ tục hành chính."),
    ("procedure_unknown", "procedure", "Thủ tục không có trong danh mục vào ngày tiếp nhận.",
     "Kiểm tra mã; nếu đúng, bổ sung thủ tục vào danh mục rồi nộp lại tệp."),
    ("unit_unknown", "unit_code", "Không rõ đơn vị: cần mã đơn vị, không đối chiếu bằng tên.",
     "Thêm cột mã đơn vị hành chính."),
    ("channel_unknown", "channel", "Không hiểu kênh thực hiện.", "Dùng 1 trực tiếp, 2 trực tuyến, 3 bưu chính."),
    ("no_end", "ended", "Đã kết thúc nhưng không có ngày kết thúc xử lý.", "Ghi ngày kết thúc xử lý."),
    ("end_before_received", "ended", "Kết thúc trước khi tiếp nhận.", "Xem lại hai ngày."),
    ("duplicate", "code", "Trùng hồ sơ: đã lấy dòng mới hơn của cùng mã.", "Không cần làm gì nếu hai dòng như nhau."),
    ("no_dossier", "code", "Tiến độ của hồ sơ chưa có trong danh sách và trong sổ.",
     "Nộp danh sách hồ sơ trước, rồi nộp lại tệp tiến độ."),
    ("other_source", "code", "Hồ sơ của nguồn khác, không ghi đè.", "Xem bản so khác biệt giữa hai nguồn."),
    ("worked_on_here", "code", "Hồ sơ đã được xử lý tại đây sau lần nhập trước, không ghi đè.",
     "Cập nhật ở một nơi; xem bản so khác biệt."),
)  # fmt: skip
NUMBER: Final = {code: at for at, (code, *_rest) in enumerate(_TABLE)}
NOT_WRONG: Final = ("duplicate", "cancelled")
"""Kept for the record; nobody has to mend them."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that was not taken: where it stands, which column, why, and its cells as JSON."""

    file: str
    sheet: str
    row: int
    column: str
    reason: str
    message_vi: str
    cells: str


def code(number: int) -> str:
    """The kept code of a problem."""
    return _TABLE[number][0]


def role(number: int) -> str:
    """Which cell is meant; "" where the problem itself does not tell."""
    return _TABLE[number][1]


def message(reason: str) -> str:
    """What is wrong and what to do."""
    _code, _role, wrong, do = _TABLE[NUMBER[reason]]
    return f"{wrong} {do}"
