"""The kinds of shortcomings, what a check says of one, and the words for them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

MISSED, NO_BUDGET, VACANT, NO_PLAN, LATE, LINK = (
    "missed_target", "no_budget", "vacant_post", "no_plan", "late_task", "link_failing",
)  # fmt: skip
KINDS: dict[str, Any] = {
    MISSED: _("Chưa đạt mục tiêu"),
    NO_BUDGET: _("Chưa bố trí kinh phí"),
    VACANT: _("Khuyết cán bộ"),
    NO_PLAN: _("Chưa ban hành kế hoạch"),
    LATE: _("Nhiệm vụ quá hạn"),
    LINK: _("Kết nối không ổn định"),
}
AT_ONCE = (NO_BUDGET, VACANT, NO_PLAN, LATE)
"""Told by what stands in the books, so that each morning sees them come and go; the others at the month's end."""
RESULTS: dict[str, tuple[str, Any]] = {
    "found": ("bad", _("Mới phát hiện")),
    "still": ("bad", _("Chưa khắc phục")),
    "better": ("fair", _("Có chuyển biến")),
    "worse": ("bad", _("Xấu hơn")),
    "again": ("bad", _("Tái diễn")),
    "fixed": ("good", _("Đã khắc phục")),
    "ended": ("none", _("Đơn vị đã sắp xếp lại")),
}
"""What a check says: badge and word."""
COMPARISONS: Mapping[str, str] = {"gt": "trên", "ge": "từ", "eq": "đúng", "le": "không quá", "lt": "dưới"}  # fmt: skip
UP_TO = {"ge": "trở lên"}


def goal(target: Decimal, comparison: str, unit: str) -> str:
    """A target as a sentence has it.

    >>> goal(Decimal("60"), "gt", "%"), goal(Decimal("70.5"), "ge", "%")
    ('trên 60%', 'từ 70,5% trở lên')
    """
    said = f"{target.normalize():f}".replace(".", ",")
    return " ".join(f"{COMPARISONS[comparison]} {said}{unit} {UP_TO.get(comparison, '')}".split())
