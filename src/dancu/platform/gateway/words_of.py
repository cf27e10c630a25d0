"""One-word reasons and states in words for people."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dancu.platform.gateway import codes
from dancu.platform.gateway.models import Link

REASONS: dict[str, Any] = {
    "": _("Đang chờ câu trả lời."),
    "slow": _("Bên quốc gia trả lời quá chậm."),
    "down": _("Đường truyền tới bên quốc gia bị đứt."),
    "busy": _("Đang có quá nhiều câu hỏi cùng lúc."),
    "too_many": _("Bên quốc gia đề nghị hỏi thưa hơn."),
    "server_error": _("Máy chủ bên quốc gia gặp lỗi."),
    "data_error": _("Bên quốc gia không lấy được dữ liệu."),
    "not_understood": _("Câu trả lời của bên quốc gia không đúng mẫu nên không dùng."),
    "not_let_in": _("Bên quốc gia không nhận thông tin đăng nhập của hệ thống."),
    "stopped": _("Người quản trị đang tạm dừng đường truyền."),
    "not_allowed": _("Bên quốc gia không cho phép câu hỏi này."),
    "not_accepted": _("Bên quốc gia không nhận câu hỏi này."),
    "no_consent": _("Công dân chưa đồng ý cho mục đích này, hoặc đã rút lại đồng ý."),
    "stopped_by_person": _("Công dân đã yêu cầu ngừng dùng dữ liệu cho mục đích này."),
    "closed": _("Bạn chưa được giao quyền xác minh."),
    "other_content": _("Mã câu hỏi đã dùng cho nội dung khác."),
    "expired": _("Đã hỏi lại suốt 24 giờ mà không có câu trả lời."),
    "unreadable": _("Khoá của hệ thống đã đổi nên không hỏi tiếp được."),
    "answer_gone": _("Câu trả lời chỉ lưu 24 giờ và đã được xoá."),
    "not_set_up": _("Chưa cài đặt đường truyền tới bên quốc gia."),
    "secret_unread": _("Không đọc được tệp bí mật của đường truyền."),
    "address_unsafe": _("Địa chỉ bên quốc gia không an toàn (cần https)."),
}
STATES: dict[str, tuple[str, Any]] = {
    "verified": ("good", _("Đã trả lời")),
    "pending": ("fair", _("Chưa xác minh được")),
    "refused": ("bad", _("Bị từ chối")),
    "unavailable": ("bad", _("Không hỏi được")),
}
RESULTS: dict[str, tuple[str, Any]] = {
    "confirmed": ("good", _("Khớp")),
    "close": ("fair", _("Gần khớp")),
    "mismatch": ("bad", _("Không khớp")),
    "not_identified": ("bad", _("Không tìm thấy người này")),
    "not_verified": ("none", _("Chưa xác minh")),
}
EVENTS = {
    "opened": _("Ngắt tự động"),
    "closed": _("Nối lại tự động"),
    "stopped": _("Tạm dừng bằng tay"),
    "resumed": _("Cho chạy lại bằng tay"),
}


def link_state(link: Link) -> tuple[str, Any]:
    """The badge of the line."""
    if link.stopped_by:
        return "bad", _("Tạm dừng bằng tay")
    return {
        "closed": ("good", _("Đang thông")),
        "half_open": ("fair", _("Đang thử lại")),
        "open": ("bad", _("Đang ngắt")),
    }[link.state]


def codes_in_words(found: tuple[str, ...]) -> list[str]:
    """What the other side's codes say, each with its number."""
    place = 1 if get_language() == "en" else 0
    told = codes.meanings()
    return [f"{code}: {told.get(code, told['120'])[place]}" for code in found]
