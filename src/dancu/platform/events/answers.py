"""What the API answers: problem+json (RFC 9457) in both languages, without a word of what was sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse

from dancu.platform.events.problems import Told

BASE = "urn:dancu:problem:"
TITLES: dict[str, tuple[int, str, str]] = {
    "unauthenticated": (401, "Cần khoá API hoặc đăng nhập", "An API key or a log-in is needed"),
    "forbidden": (403, "Không có quyền", "Not allowed"),
    "csrf": (403, "Thiếu mã chống giả mạo", "The CSRF token is missing"),
    "not-found": (404, "Không có trong phạm vi được xem", "Nothing of this name within reach"),
    "conflict": (409, "Mã sự kiện đã dùng cho nội dung khác", "The id was used for another content"),
    "too-large": (413, "Gửi quá nhiều trong một lần", "Too much at once"),
    "media-type": (415, "Kiểu nội dung không nhận", "Media type not taken"),
    "unreadable": (400, "Không đọc được nội dung", "The body cannot be read"),
    "invalid": (422, "Có mục cần sửa", "Some fields must be put right"),
    "outside": (403, "Ngoài địa bàn", "Outside the territory"),
    "too-many": (429, "Gọi quá nhiều", "Too many calls"),
    "unavailable": (503, "Sổ dân cư chưa sẵn sàng; gửi lại với cùng mã", "Not ready; send again with the same id"),
}  # fmt: skip


def problem(name: str, fields: Sequence[Told] = ()) -> dict[str, Any]:
    """The body of a problem."""
    status, vi, en = TITLES[name]
    told: dict[str, Any] = {"type": BASE + name, "title": vi, "title_en": en, "status": status}
    return told | {"errors": [f.as_json() for f in fields]} if fields else told


def refuse(name: str, fields: Sequence[Told] = ()) -> HttpResponse:
    """The whole answer."""
    answer = say(problem(name, fields), TITLES[name][0], "application/problem+json")
    if name == "unauthenticated":
        answer["WWW-Authenticate"] = 'Bearer realm="dancu"'
    return answer


def say(body: Any, status: int = 200, media: str = "application/json") -> HttpResponse:
    """JSON as UTF-8."""
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=media)
