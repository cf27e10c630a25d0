"""Lines of the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.kit.web import Item

ITEMS = [
    Item(_("Thẻ thư viện"), "demo:list", "id", "demo.work", "work", 60),
    Item(_("Số liệu thẻ thư viện"), "demo:figures", "chart-bar", "demo.figures", "quality", 60),
]
