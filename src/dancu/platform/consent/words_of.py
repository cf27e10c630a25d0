"""Relations, states and moments in words, for the pages of this app."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dancu.platform.consent.services import Consent
from dancu.platform.register.words_of import label
from dancu.reference import purposes

RELATIONS = {
    "self": _("Chính công dân"),
    "mother": _("Mẹ"),
    "father": _("Cha"),
    "guardian": _("Người giám hộ"),
}
CHANNELS = {"page": _("Trang của công dân"), "paper": _("Phiếu giấy")}
CONSENT_STATES = {
    "stands": ("good", _("Còn hiệu lực")),
    "withdrawn": ("bad", _("Đã rút")),
    "expired": ("none", _("Hết hạn")),
}
BREACH_PARTS = {
    "what": _("Việc đã xảy ra"),
    "where": _("Nơi xảy ra"),
    "from": _("Bắt đầu"),
    "to": _("Kết thúc"),
    "data": _("Loại dữ liệu bị ảnh hưởng"),
    "organisation": _("Tổ chức, cá nhân liên quan"),
    "people": _("Số người bị ảnh hưởng"),
    "consequences": _("Hậu quả, thiệt hại"),
    "measures": _("Biện pháp đã và sẽ làm"),
    "contact": _("Đầu mối liên hệ"),
}
BREACH_HINTS = {
    "what": _("Ví dụ: tài khoản một cửa bị dùng ngoài giờ để tra cứu 40 người."),
    "from": _("Nếu biết. Ví dụ: 20:15 ngày 02/03/2026"),
    "data": _("Ví dụ: họ tên, số định danh, nơi thường trú."),
    "people": _("Ước lượng nếu chưa đếm được."),
    "contact": _("Họ tên, chức vụ, điện thoại, thư điện tử."),
}


def lang() -> str:
    """The language of the page."""
    return "en" if get_language() == "en" else "vi"


def shown(consent: Consent, *, at: dt.datetime) -> dict[str, Any]:
    """A consent as a line of a page."""
    badge, state = CONSENT_STATES[consent.state(at)]
    return {
        "one": consent,
        "purpose": purposes.name(consent.purpose, lang()),
        "fields": ", ".join(label(f) for f in consent.fields),
        "badge": badge,
        "state": state,
        "stands": consent.state(at) == "stands",
        "relation": RELATIONS[consent.relation],
        "channel": CHANNELS[consent.channel],
    }


def now() -> dt.datetime:
    """The edge's clock."""
    return timezone.now()
