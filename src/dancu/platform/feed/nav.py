"""The feed in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.platform.ui.nav import Item

ITEMS = [
    Item(_("Kênh báo thay đổi"), "feed:subscribers", "bell", "feed.manage", "manage", 16),
]
