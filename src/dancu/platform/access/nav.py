"""Rights in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.platform.ui.nav import Item

ITEMS = [
    Item(_("Truy cập ngoài địa bàn"), "access:ask", "shield-lock", "access.extraordinary", "register", 90, "n"),
    Item(_("Thông báo cho kiểm tra"), "access:notices", "bell", "audit.read", "manage", 20, "b"),
]  # fmt: skip
