"""Lines of the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.platform.ui.nav import Item

ITEMS = [
    Item(_("Đơn vị và điểm"), "units:tree", "sitemap", "score.view", "quality", 10, "d"),
    Item(_("Bản đồ điểm"), "units:map", "map", "score.view", "quality", 20),
    Item(_("Đơn vị cần làm trước"), "units:behind", "sort-ascending", "score.view", "quality", 30),
    Item(_("Danh mục quy tắc"), "units:rules", "book", "rules.view", "quality", 40, "q"),
    Item(
        _("Thay đổi đơn vị"), "units:changes", "arrows-split", "unit_change.preview", "manage", 40
    ),
]
