"""The auditor's way to it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.platform.ui.nav import Item

ITEMS = [Item(_("Lưu giữ và xoá"), "keeping:rules", "trash", "audit.read", "manage", 27)]
