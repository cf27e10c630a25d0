"""The feed in the words of its pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

STATES: dict[str, Any] = {
    "running": _("Đang gửi"),
    "pull": _("Đối tác tự đọc"),
    "paused": _("Tạm dừng"),
    "closed": _("Đối tác hoặc mục đích hết hiệu lực"),
    "resting": _("Nơi nhận không trả lời; chờ rồi thử lại"),
    "failing": _("Có lỗi, đang thử lại"),
    "dead": _("Có thông báo không gửi được"),
}
WHY: dict[str, Any] = {
    "https": _("Địa chỉ phải bắt đầu bằng https://."),
    "address": _("Địa chỉ không đọc được."),
    "name": _("Không tìm thấy tên máy của địa chỉ này."),
    "inside": _("Địa chỉ nằm trong mạng nội bộ; người quản trị hệ thống phải cho phép trước."),
    "tls": _("Chứng thư của nơi nhận không hợp lệ."),
    "slow": _("Nơi nhận trả lời quá chậm."),
    "large": _("Nơi nhận trả lời quá dài."),
    "line": _("Không kết nối được, hoặc kết nối bị ngắt."),
    "closed": _("Đối tác hoặc mục đích hết hiệu lực."),
    "consent": _("Không được phép gửi giá trị về người này."),
}
_STATUS = _("Nơi nhận trả lời mã %(status)s.")
KINDS: dict[str, Any] = {
    "person.changed": _("Thông tin thay đổi"),
    "person.arrived": _("Người mới thuộc địa bàn"),
    "person.left": _("Người không còn thuộc địa bàn"),
    "person.merged": _("Hai hồ sơ nhập một"),
    "person.split": _("Hồ sơ được tách ra"),
    "person.removed": _("Hồ sơ bị bỏ"),
    "unit.changed": _("Đơn vị hành chính thay đổi"),
    "register.day": _("Ngày của sổ thay đổi"),
    "feed.trial": _("Thông báo thử"),
}
ACTS: dict[str, Any] = {
    "subscribed": _("Lập đăng ký"),
    "changed": _("Sửa đăng ký"),
    "secret": _("Đổi khoá ký"),
    "paused": _("Tạm dừng"),
    "resumed": _("Tiếp tục"),
    "sent_again": _("Gửi lại thông báo không gửi được"),
    "dropped": _("Bỏ thông báo không gửi được"),
    "replayed": _("Gửi lại từ một thời điểm"),
    "tried": _("Gửi thử"),
}


def why(error: str) -> Any:
    """An error's words: a status, or one of ours."""
    word, _sep, rest = error.partition(":")
    if word == "status":
        return _STATUS % {"status": rest}
    return WHY.get(word, WHY["line"]) if error else ""
