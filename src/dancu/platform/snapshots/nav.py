"""One line of the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.platform.ui.nav import Item

ITEMS = [Item(_("Báo cáo đã chốt số"), "snapshots:listed", "lock", "report.view", "quality", 41)]
