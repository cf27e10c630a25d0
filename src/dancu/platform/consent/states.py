"""What may become of a subject's request and of a breach: two tables, read by services, pages, diagram and tests.

>>> REQUEST.moves.after("new", "acknowledge"), REQUEST.moves.after("refused", "fulfil")
('working', None)
>>> BREACH.moves.after("found", "tell_people")
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from dancu.lib.moves import Move, Moves


@dataclass(frozen=True)
class Machine:
    """States with their words and colours, actions with their words, and the moves."""

    states: Mapping[str, Any]
    badges: Mapping[str, str]
    actions: Mapping[str, Any]
    moves: Moves[str, Move]
    open: tuple[str, ...]


REQUEST = Machine(
    states={
        "new": _("Mới nhận, chờ phản hồi"),
        "working": _("Đang giải quyết"),
        "done": _("Đã thực hiện"),
        "refused": _("Từ chối"),
        "cancelled": _("Công dân rút yêu cầu"),
        "lifted": _("Đã gỡ hạn chế"),
    },
    badges={
        "new": "info", "working": "fair", "done": "good", "refused": "bad", "cancelled": "none", "lifted": "none",
    },
    actions={
        "acknowledge": _("Phản hồi đã tiếp nhận"),
        "extend": _("Gia hạn một lần"),
        "fulfil": _("Thực hiện yêu cầu"),
        "refuse": _("Từ chối yêu cầu"),
        "cancel": _("Rút yêu cầu"),
        "lift": _("Gỡ hạn chế theo đề nghị của công dân"),
    },
    moves=Moves("new", {
        "acknowledge": Move(("new",), "working"),
        "extend": Move(("working",), None),
        "fulfil": Move(("new", "working"), "done"),
        "refuse": Move(("new", "working"), "refused"),
        "cancel": Move(("new", "working"), "cancelled"),
        "lift": Move(("done",), "lifted"),
    }),
    open=("new", "working"),
)  # fmt: skip
BREACH = Machine(
    states={
        "found": _("Đã phát hiện, chưa thông báo"),
        "notified": _("Đã thông báo cơ quan chuyên trách"),
        "people_told": _("Đã báo người bị ảnh hưởng"),
        "closed": _("Đã khép"),
    },
    badges={"found": "bad", "notified": "fair", "people_told": "info", "closed": "good"},
    actions={
        "add": _("Bổ sung nội dung"),
        "count": _("Ghi người bị ảnh hưởng theo nhật ký"),
        "notify": _("Đã gửi thông báo vi phạm"),
        "tell_people": _("Báo người bị ảnh hưởng"),
        "close": _("Khép hồ sơ"),
    },
    moves=Moves("found", {
        "add": Move(("found", "notified", "people_told"), None),
        "count": Move(("found", "notified"), None),
        "notify": Move(("found",), "notified"),
        "tell_people": Move(("notified",), "people_told"),
        "close": Move(("notified", "people_told"), "closed"),
    }),
    open=("found", "notified", "people_told"),
)  # fmt: skip
NEEDS_REASON = ("extend", "refuse", "lift", "close")
NEEDS_LAW = ("refuse",)
