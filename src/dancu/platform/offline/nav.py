"""Lines of the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.platform.ui.nav import Item

ITEMS = [
    Item(_("Kiểm khi mất mạng"), "offline:check", "wifi-off", "offline.check", "work", 50, "k"),
    Item(_("Danh sách ngoại tuyến"), "offline:lists", "device-mobile", "offline.make", "work", 51),
]
