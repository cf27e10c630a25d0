"""Lines of the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.platform.ui.nav import Item

ITEMS = [
    Item(_("Đường truyền quốc gia"), "gateway:link", "link", "system.view", "manage", 60),
]
