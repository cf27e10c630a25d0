"""Lines of the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.platform.ui.nav import Item

ITEMS = [
    Item(_("Sự đồng ý"), "consent:home", "certificate", "consent.record", "work", 40),
    Item(_("Yêu cầu về dữ liệu cá nhân"), "consent:queue", "user-check", "subject_request.work", "work", 41),
    Item(_("Hồ sơ xử lý dữ liệu"), "consent:processing", "file-text", "privacy.duty", "manage", 24),
    Item(_("Sổ vi phạm dữ liệu"), "consent:breaches", "alert-triangle", "privacy.duty", "manage", 25),
]  # fmt: skip
