"""Accounts in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.platform.ui.nav import Item

ITEMS = [
    Item(
        _("Tài khoản và phân quyền"), "accounts:users", "users", "account.manage", "manage", 10, "t"
    ),
]
