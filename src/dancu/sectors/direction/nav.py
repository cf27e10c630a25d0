"""Lines of the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.kit.web import Item

ITEMS = [
    Item(_("Nhiệm vụ chỉ đạo"), "direction:tasks", "flag", "direction.view", "work", 80, "l"),
    Item(_("Sổ chỉ đạo"), "direction:books", "clipboard-list", "direction.view", "work", 81),
]
