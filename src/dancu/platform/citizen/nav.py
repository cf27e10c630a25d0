"""Lines of the officials' menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.platform.ui.nav import Item

ITEMS = [Item(_("Công dân hỏi về lượt xem"), "citizen:audit", "bell", "audit.read", "manage", 21)]
