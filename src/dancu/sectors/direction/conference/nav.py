"""Lines of the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.kit.web import Item

ITEMS = [
    Item(_("Hội nghị"), "direction_conference:list", "users-group", "direction.view", "work", 83),
    Item(_("Biểu dương"), "direction_conference:rises", "trophy", "direction.give", "work", 84),
]
