"""Reports in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.platform.ui.nav import Item

ITEMS = [Item(_("Báo cáo"), "reports_writing:list", "file-text", "report.view", "quality", 40)]
