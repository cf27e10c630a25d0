"""The ledger in the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.platform.ui.nav import Item

ITEMS = [Item(_("Sổ cái chứng minh"), "ledger:show", "shield-check", "audit.read", "manage", 21)]
