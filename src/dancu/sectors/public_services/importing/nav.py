"""Lists of other portals in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.kit.web import Item

ITEMS = [
    Item(_("Nhập, so hồ sơ"), "services_importing:home", "upload", "dossier.import", "quality", 80)
]
