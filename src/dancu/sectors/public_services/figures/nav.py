"""One line of the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.kit.web import Item

ITEMS = [
    Item(
        _("Số liệu dịch vụ công"), "services_figures:board", "chart-bar", "service.figures", "quality", 35, "b"
    ),
]  # fmt: skip
