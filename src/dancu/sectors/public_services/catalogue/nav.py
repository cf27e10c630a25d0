"""Lines of the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.kit.web import Item

ITEMS = [
    Item(_("Thủ tục hành chính"), "services_catalogue:list", "book", "dossier.view", "work", 70),
    Item(_("Rà soát thủ tục"), "services_catalogue:reviews", "adjustments", "procedure.view", "work", 71),
]  # fmt: skip
