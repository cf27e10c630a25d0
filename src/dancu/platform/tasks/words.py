"""The English of this app."""

from __future__ import annotations

EN = {
    "Đang chờ": "Waiting",
    "Đang chạy": "Running",
    "Đã xong": "Done",
    "Không xong": "Failed",
    "Bạn có thể rời trang này; việc vẫn chạy tiếp.": "You may leave this page; the work goes on.",
    "Xem lại tiến độ": "Look again",
    "Người yêu cầu": "Asked by",
}
