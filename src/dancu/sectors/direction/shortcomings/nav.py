"""The line of the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.kit.web import Item

ITEMS = [
    Item(
        _("Tồn tại, hạn chế"), "direction_shortcomings:list", "alert-triangle", "direction.view", "work", 82
    )
]  # fmt: skip
