"""Why two portals count a dossier differently: the reasons, in the words of the list of differences.

>>> name("zone"), len(REASONS) == len({reason.code for reason in REASONS})
('Lệch múi giờ', True)
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Reason(NamedTuple):
    """A reason: its kept code, its name, what is to be done about it."""

    code: str
    name_vi: str
    name_en: str
    do_vi: str


REASONS: Final = (
    Reason("duplicate_a", "Lặp trong A", "Twice in A", "Xóa bản lặp ở A."),
    Reason("duplicate_b", "Lặp trong B", "Twice in B", "Xóa bản lặp ở B."),
    Reason("test_a", "Hồ sơ hủy hoặc thử chỉ có ở A", "Cancelled or test, in A only", "Loại khỏi số liệu của A."),
    Reason("test_b", "Hồ sơ hủy hoặc thử chỉ có ở B", "Cancelled or test, in B only", "Loại khỏi số liệu của B."),
    Reason("unsent_a", "A có, B chưa đồng bộ tới", "In A, not yet synchronised to B", "Đồng bộ lại rồi so lại."),
    Reason("unsent_b", "B có, A chưa đồng bộ tới", "In B, not yet synchronised to A", "Đồng bộ lại rồi so lại."),
    Reason("unread_a", "A: mã không đọc được, không ghép được", "A: code cannot be read", "Sửa mã ở A."),
    Reason("unread_b", "B: mã không đọc được, không ghép được", "B: code cannot be read", "Sửa mã ở B."),
    Reason("only_a", "Chỉ có ở A", "In A only", "Tìm hồ sơ ở B theo mã; nếu thiếu, đồng bộ."),
    Reason("only_b", "Chỉ có ở B", "In B only", "Tìm hồ sơ ở A theo mã; nếu thiếu, đồng bộ."),
    Reason("zone", "Lệch múi giờ", "Shifted by the time zone", "Xuất lại theo giờ Việt Nam."),
    Reason("edge", "Khác ngày tiếp nhận sát ranh giới kỳ", "Other day of receipt at the edge of the period",
           "Thống nhất lấy ngày tiếp nhận trên giấy hẹn."),
    Reason("late_received", "Ngày tiếp nhận ghi muộn", "Receipt written later",
           "Ghi ngày tiếp nhận, không ghi ngày đồng bộ."),
    Reason("received_day", "Khác ngày tiếp nhận", "Other day of receipt", "Xem giấy tiếp nhận."),
    Reason("late_sync", "Trạng thái cập nhật muộn", "Status not yet brought up to date", "Đồng bộ lại trạng thái."),
    Reason("cancelled_one", "Một bên đã hủy", "Cancelled on one side", "Hủy ở cả hai bên hoặc khôi phục."),
    Reason("status", "Khác trạng thái", "Other status", "Xem hồ sơ gốc."),
    Reason("channel_missing", "Không ghi kênh, tính là trực tiếp", "No channel, counts as in person", "Ghi kênh nộp."),
    Reason("channel", "Khác kênh", "Other channel", "Xem hồ sơ nộp qua đâu."),
    Reason("end", "Khác ngày kết thúc", "Other day of the end", "Xem ngày ký kết quả."),
    Reason("due", "Khác ngày hẹn trả", "Other due day", "Xem giấy hẹn, văn bản gia hạn, xin lỗi."),
    Reason("supplements", "Khác số lần yêu cầu bổ sung", "Other number of requests for papers", "Xem phiếu yêu cầu."),
    Reason("unit", "Khác đơn vị", "Other unit", "Thống nhất đơn vị xử lý."),
    Reason("procedure", "Khác thủ tục", "Other procedure", "Thống nhất mã thủ tục."),
    Reason("code_form", "Cùng hồ sơ, mã viết khác", "Same dossier, code written otherwise", "Viết mã một kiểu."),
)  # fmt: skip
_BY_CODE: Final = {reason.code: reason for reason in REASONS}


def get(code: str) -> Reason:
    """The reason of this code."""
    return _BY_CODE[code]


def name(code: str) -> str:
    """Its Vietnamese name."""
    return _BY_CODE[code].name_vi
