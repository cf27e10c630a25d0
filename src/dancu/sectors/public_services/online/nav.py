"""Lines of the officials' menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.kit.web import Item

ITEMS = [
    Item(
        _("Phản ánh về hồ sơ"), "services_online:complaints", "message", "dossier.sign", "work", 67
    )
]
