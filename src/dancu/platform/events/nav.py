"""Events in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.platform.ui.nav import Item

ITEMS = [
    Item(_("Ghi sự kiện"), "events:choose", "edit", "event.record", "work", 25, "s"),
    Item(_("Khoá API của đối tác"), "events:keys", "key", "event.key", "manage", 15, "k"),
]
