"""Lines of the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.kit.web import Item

ITEMS = [
    Item(
        _("Khoản nộp cần xem"),
        "services_payments:odd",
        "alert-triangle",
        "dossier.work",
        "work",
        66,
    )
]
