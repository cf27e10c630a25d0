"""Sources and lists in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.platform.ui.nav import Item

ITEMS = [
    Item(_("Nộp danh sách"), "intake:uploads", "upload", "intake.upload", "work", 40, "u"),
    Item(_("Nguồn dữ liệu"), "intake:sources", "database", "intake.view", "quality", 50),
]
