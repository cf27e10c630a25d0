"""The line of the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.kit.web import Item

ITEMS = [
    Item(_("Chờ vào sổ dân cư"), "services_linked:list", "arrows-join", "dossier.work", "work", 4),
]  # fmt: skip
