"""Lines of the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.platform.ui.nav import Item

ITEMS = [
    Item(_("Trùng cần kết luận"), "duplicates:list", "arrows-join", "duplicate.judge", "work", 20, "t"),
    Item(_("Chờ người thứ hai"), "duplicates:proposals", "user-check", "duplicate.judge", "work", 21),
]  # fmt: skip
