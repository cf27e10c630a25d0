"""The auditor's way to the comparison."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.platform.ui.nav import Item

ITEMS = [
    Item(_("Đối chiếu nhật ký"), "completeness:gaps", "checklist", "audit.read", "manage", 25),
]
