"""Partners in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.platform.ui.nav import Item

ITEMS = [
    Item(_("Đối tác xác minh"), "partners:list", "building-community", "partner.manage", "manage", 16),
    Item(_("Tra cứu bất thường"), "partners:flags", "flag", "audit.read", "manage", 22),
]  # fmt: skip
