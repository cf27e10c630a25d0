"""What the verification API answers when it does not answer: problem+json, without a word of what was sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

BASE = "urn:dancu:problem:"
TITLES: dict[str, tuple[int, str, str]] = {
    "unauthenticated": (401, "Cần mã truy cập còn hạn", "A valid access token is needed"),
    "purpose": (403, "Không được tra cứu cho mục đích này", "This purpose is not open to you"),
    "field": (403, "Thuộc tính ngoài phạm vi đã đăng ký", "An attribute is outside your registration"),
    "no-consent": (403, "Công dân chưa đồng ý hoặc đã rút đồng ý", "The person has not consented"),
    "stopped": (403, "Công dân đã yêu cầu ngừng dùng dữ liệu cho mục đích này", "The person has had this use stopped"),
    "not-found": (404, "Không có địa chỉ này", "There is no such address"),
    "method": (405, "Phương thức không dùng được", "Method not allowed"),
    "conflict": (409, "Mã yêu cầu đã dùng cho nội dung khác hoặc quá 24 giờ", "The request id was used before"),
    "too-large": (413, "Gửi quá nhiều", "Too much at once"),
    "unreadable": (400, "Không đọc được nội dung", "The body cannot be read"),
    "invalid": (422, "Có mục cần sửa", "Some fields must be put right"),
    "too-many": (429, "Gọi quá nhiều", "Too many calls"),
    "unavailable": (503, "Sổ dân cư chưa sẵn sàng; gửi lại với cùng mã", "Not ready; send again with the same id"),
}  # fmt: skip
WORDS = {
    "missing": ("chưa có", "is missing"),
    "unreadable": ("không đọc được", "cannot be read"),
    "unknown": ("không có trong danh mục", "is not in the catalogue"),
    "several": ("chỉ được gửi một trong qr, mrz, number, old_number", "send one of qr, mrz, number, old_number"),
}  # fmt: skip


class Refusal(Exception):
    """A request that is not answered; `fields`: field -> reason of `WORDS`."""

    def __init__(self, name: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(name)
        self.name, self.fields = name, dict(fields or {})


def body(name: str, fields: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The problem as data."""
    status, vi, en = TITLES[name]
    told: dict[str, Any] = {"type": BASE + name, "title": vi, "title_en": en, "status": status}
    if fields:
        told["errors"] = [
            {"field": field, "reason": why, "detail": WORDS[why][0], "detail_en": WORDS[why][1]}
            for field, why in fields.items()
        ]
    return told


def refuse(name: str, fields: Mapping[str, str] | None = None) -> HttpResponse:
    """The whole answer."""
    answer = say(body(name, fields), TITLES[name][0], "application/problem+json")
    if name == "unauthenticated":
        answer.headers["WWW-Authenticate"] = 'Bearer realm="dancu"'
    return answer


def say(told: Any, status: int = 200, media: str = "application/json") -> HttpResponse:
    """JSON as UTF-8."""
    return HttpResponse(json.dumps(told, ensure_ascii=False), status=status, content_type=media)
