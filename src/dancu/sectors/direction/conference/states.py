"""What a conference goes through, and how a connection point stands."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

PREPARING, OPEN, CLOSED = "preparing", "open", "closed"
STATES: dict[str, tuple[str, Any]] = {
    PREPARING: ("fair", _("Đang chuẩn bị")),
    OPEN: ("info", _("Đang họp")),
    CLOSED: ("good", _("Đã kết thúc")),
}
"""Badge and word."""
NEXT = {PREPARING: OPEN, OPEN: CLOSED}
WAITING, CONNECTED, ABSENT = "waiting", "connected", "absent"
POINTS: dict[str, tuple[str, Any]] = {
    WAITING: ("none", _("Chưa kết nối")),
    CONNECTED: ("good", _("Đã kết nối")),
    ABSENT: ("bad", _("Vắng")),
}
