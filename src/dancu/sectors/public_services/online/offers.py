"""What a citizen finds on the own start page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dancu.kit.web import Offer

OFFERS = [
    Offer(
        _("Nộp hồ sơ, xem hồ sơ"),
        _("Tìm thủ tục, nộp hồ sơ, theo dõi, nhận kết quả."),
        "services_online:find",
        10,
    ),
]
