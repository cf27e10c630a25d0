"""The register in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.platform.ui.nav import Item

ITEMS = [
    Item(_("Tra cứu công dân"), "register:search", "user-search", "person.search", "register", 10, "c"),
]  # fmt: skip
