"""Lines of the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.platform.ui.nav import Item

ITEMS = [
    Item(_("Việc cần làm"), "worklists:list", "checklist", "task.work", "work", 10, "v"),
    Item(_("Yêu cầu sửa nguồn"), "worklists:requests", "mail", "correction.answer", "work", 30),
    Item(_("Phúc tra"), "worklists:rounds", "clipboard-list", "task.work", "quality", 40),
    Item(_("Kiểm tra lại"), "worklists:reinspections", "shield-check", "task.work", "quality", 41),
]
