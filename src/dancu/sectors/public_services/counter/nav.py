"""Lines of the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.kit.web import Item

ITEMS = [
    Item(_("Hồ sơ dịch vụ công"), "services_counter:inbox", "file-text", "dossier.view", "work", 1, "i"),
    Item(_("Nộp tại quầy"), "services_counter:new", "plus", "dossier.work", "work", 2, "m"),
    Item(_("Hàng chờ ở quầy"), "services_counter:queue", "users", "dossier.work", "work", 3, "x"),
    Item(_("Hồ sơ chờ ký"), "services_counter:to_sign", "edit", "dossier.sign", "work", 2, "y"),
]  # fmt: skip
