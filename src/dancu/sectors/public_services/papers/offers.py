"""What a citizen finds on the own start page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.kit.web import Offer

OFFERS = [
    Offer(
        _("Giấy tờ của tôi"),
        _("Kết quả và giấy tờ của các hồ sơ đã nộp."),
        "services_papers:mine",
        20,
    )
]
