"""One line of the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.platform.ui.nav import Item

ITEMS = [Item(_("Danh mục chỉ số"), "reports:list", "book", "report.view", "quality", 36)]
