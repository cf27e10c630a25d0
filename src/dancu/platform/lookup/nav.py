"""Verification in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.platform.ui.nav import Item

ITEMS = [
    Item(_("Xác minh tại quầy"), "lookup:scan", "user-check", "person.verify", "work", 5),
    Item(_("Xác minh danh sách"), "lookup:lists", "list-check", "person.verify", "work", 6),
]
