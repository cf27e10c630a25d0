"""Lines of the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.platform.ui.nav import Item

ITEMS = [
    Item(_("Bảng điều hành"), "dashboards:board", "layout-dashboard", "dashboard.view", "work", 4, "r"),
    Item(_("Chỉ số theo trụ cột"), "dashboards:pillar", "table", "dashboard.view", "quality", 36),
]  # fmt: skip
