"""The line of the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.kit.web import Item

ITEMS = [
    Item(
        _("Trẻ có bảo hiểm y tế"), "health_insurance_list:list", "ribbon-health", "insured_child.view", "register", 40
    ),
]  # fmt: skip
