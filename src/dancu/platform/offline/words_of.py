"""Answers of a list in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "eligible": _("Đủ điều kiện"),
    "not_eligible": _("Không đủ điều kiện"),
    "unsure": _("Cần hỏi lại khi có mạng"),
    "not_listed": _("Không có trong danh sách"),
}

PAGE: tuple[tuple[str, str, Any, Any], ...] = (
    ("eligible", "good", WORDS["eligible"], ""),
    ("not_eligible", "bad", WORDS["not_eligible"], _("Đề nghị giấy tờ khác, hoặc hỏi lại khi có mạng.")),
    ("unsure", "fair", WORDS["unsure"], _("Danh sách không nói chắc được về người này.")),
    ("not_listed", "fair", WORDS["not_listed"], _("Chưa nói lên điều kiện của người này: hỏi lại khi có mạng.")),
    ("unread", "fair", _("Không đọc được"), _("Quét lại mã QR, hoặc gõ đủ 12 số định danh.")),
    ("clock", "bad", _("Đồng hồ của máy bị lùi"), _("Chỉnh lại giờ của máy rồi kiểm tiếp.")),
    ("early", "fair", _("Chưa đến giờ dùng danh sách"), _("Danh sách tự mở khi đến giờ.")),
    ("ended", "bad", _("Danh sách đã hết hạn"), _("Danh sách đã khoá và xoá khỏi máy. Tải danh sách mới khi có mạng.")),
    ("revoked", "bad", _("Danh sách đã bị thu hồi"), _("Danh sách đã xoá khỏi máy. Hỏi người lập danh sách.")),
    ("damaged", "bad", _("Danh sách bị sửa hoặc hỏng"), _("Danh sách đã xoá khỏi máy. Tải lại khi có mạng.")),
    ("browser", "bad", _("Trình duyệt này không kiểm được chữ ký"), _("Cập nhật trình duyệt rồi tải lại danh sách.")),
    ("no_line", "bad", _("Không tải được"), _("Kiểm tra mạng rồi thử lại.")),
    ("nobody", "fair", _("Chưa đăng nhập trên máy này"), _("Kết nối mạng và đăng nhập để dùng danh sách.")),
    ("until", "none", _("dùng đến"), ""),
)  # fmt: skip
"""What the page may have to say, with nobody to ask: key, colour, the word, what to do."""
