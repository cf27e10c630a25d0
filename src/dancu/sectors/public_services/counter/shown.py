"""What the pages say of dossiers: words, days, badges; numbers masked."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dancu.kit.citizens import label, without_numbers, worded
from dancu.kit.web import full_name, register_day
from dancu.reference import services, working_time
from dancu.sectors.public_services import workflow
from dancu.sectors.public_services.counter import reading
from dancu.sectors.public_services.counter.reading import Line
from dancu.sectors.public_services.dossiers import local

STEP_NAMES = {
    "": gettext_lazy("Chưa xong"),
    "moi": gettext_lazy("Mới nộp"),
    "cho": gettext_lazy("Chờ xử lý"),
    "xu-ly": gettext_lazy("Đang xử lý"),
    "trinh": gettext_lazy("Chờ ký"),
    "bo-sung": gettext_lazy("Chờ bổ sung"),
    "phi": gettext_lazy("Chờ nộp phí"),
    "tra": gettext_lazy("Chờ trả kết quả"),
}
IDENTITY = {
    "verified": ("good", gettext_lazy("Đã xác minh")),
    "to_verify": ("fair", gettext_lazy("Chờ xác minh")),
    "differs": ("bad", gettext_lazy("Chưa khớp")),
    "by_paper": ("info", gettext_lazy("Đối chiếu giấy tờ")),
}
SOURCES = {
    "register": gettext_lazy("sổ dân cư của tỉnh"),
    "national": gettext_lazy("cơ sở dữ liệu quốc gia"),
    "paper": gettext_lazy("giấy tờ tại quầy"),
}
RESULTS = {
    "confirmed": gettext_lazy("mọi thông tin khớp"),
    "close": gettext_lazy("gần khớp"),
    "mismatch": gettext_lazy("có thông tin không khớp"),
    "not_identified": gettext_lazy("không có người nào như vậy"),
    "nobody_answered": gettext_lazy("không hỏi được nơi nào"),
}
_LOOKS = {
    workflow.FILED: "info", workflow.ACCEPTED: "info", workflow.PROCESSING: "info", workflow.SUPPLEMENT: "fair",
    workflow.PAYMENT: "fair", workflow.PROCESSED: "good", workflow.RETURNED: "good",
}  # fmt: skip
_DAY = 8 * 60
"""Working minutes of a day, to say how many days are left."""


def english() -> bool:
    """Whether the page is in English."""
    return get_language() == "en"


def status(code: int) -> tuple[str, str]:
    """Badge and words of a status."""
    found = services.statuses()[code]
    return _LOOKS.get(code, "none"), found.name_en if english() else found.name_vi


def procedure_name(code: str, *, on: dt.date) -> str:
    """The procedure's name on the day."""
    found = services.find(code, on=on)
    if found is None:
        return code
    return found.name_en if english() else found.name_vi


def procedures(*, on: dt.date) -> list[tuple[str, str]]:
    """(code, name) of what is in force."""
    return [(p.code, p.name_en if english() else p.name_vi) for p in services.procedures(on=on)]


def channel(code: int) -> str:
    """How it came in."""
    return services.channels()[code][1 if english() else 0]


def left(one: Any, *, at: dt.datetime) -> tuple[str, str]:
    """(badge, words) of the time that is left: late first, then due soon; nothing for what has ended."""
    if one.ended_at is not None:
        return "", ""
    if one.paused_at is not None:
        return "none", _("Tạm dừng đồng hồ")
    if one.due_at is None:
        return "info", _("Chưa tiếp nhận")
    if one.due_at < at:
        days = (local(at).date() - local(one.due_at).date()).days
        return "bad", (_("Quá hạn %(n)s ngày") % {"n": days} if days else _("Quá hạn hôm nay"))
    if one.due_at > at + dt.timedelta(days=90):
        return "none", _("Còn trên 90 ngày")
    minutes = working_time.minutes_between(local(at), local(one.due_at))
    if minutes < _DAY:
        return "fair", _("Còn %(n)s giờ làm việc") % {"n": max(1, minutes // 60)}
    look = "fair" if one.due_at <= reading.soon_until(at) else "none"
    n = minutes // _DAY
    return look, _("Còn %(n)s ngày làm việc") % {"n": n}


def row(one: Line, *, at: dt.datetime, day: dt.date) -> dict[str, Any]:
    """A line of the inbox."""
    look, word = status(one.status)
    if one.status == workflow.PROCESSING and one.proposed_by:
        look, word = "fair", str(STEP_NAMES["trinh"])
    due_look, due_word = left(one, at=at)
    return {
        "one": one, "procedure": procedure_name(one.procedure, on=local(one.filed_at).date()), "look": look,
        "word": word, "due_look": due_look, "due_word": due_word, "channel": channel(one.channel),
        "unit": full_name(one.unit_code, day),
        "identity": IDENTITY.get(one.identity) if one.identity != "verified" else None,
    }  # fmt: skip


def asked(form: Any, fields: Any) -> list[tuple[str, str]]:
    """What the form says, in the order of the procedure's fields; numbers of people masked."""
    told: list[tuple[str, str]] = []
    known = {f.name: f for f in fields}
    for name in [*known, *(n for n in form if n not in known and n != "applicant")]:
        if name not in form or form[name] in ("", None):
            continue
        field = known.get(name)
        words = (
            (field.label_en if english() else field.label_vi)
            if field
            else _ADDED.get(name) or label(name)
        )
        told.append((words, value(name, form[name], field)))
    return told


def value(name: str, given: Any, field: Any = None) -> str:
    """A value of the form as it is shown."""
    if isinstance(given, dict):
        return " · ".join(value(k, v) for k, v in given.items() if v not in ("", None))
    if isinstance(given, list):
        return ", ".join(value(name, v, field) for v in given)
    source = field.source if field is not None and field.source else name
    as_known = source in SHOWN or bool(_CODE.fullmatch(str(given)) and source in IN_WORDS)
    return without_numbers(worded(source, given, on=register_day()) if as_known else str(given))


IN_WORDS = ("ethnic", "nationality", "religion", "permanent_unit", "temporary_unit", "relation_to_head",
            "marital_status", "new_unit", "child_home")  # fmt: skip
"""Values that may be codes of the register, or of a unit: then their words are shown."""
_ADDED = {"child_number": gettext_lazy("Số định danh cá nhân của trẻ")}
"""What the handling adds to a form."""
_CODE = re.compile(r"[A-Z]{2,3}|[0-9]{1,5}")
SHOWN = (
    "personal_number",
    "old_number",
    "phone",
    "sex",
    "birth_date",
    "bhxh_number",
    "bhyt_card",
    "bank_account",
)
"""Names of values that are shown as the register's are: masked, dated, in words."""


def person(values: Any, *, on: dt.date) -> list[tuple[str, str]]:
    """What the register says of the applicant, as far as the role and the purpose open it."""
    order = ("full_name", "birth_date", "sex", "personal_number", "phone", "permanent_unit", "address_head",
             "address_text", "temporary_unit", "life_status")  # fmt: skip
    return [(label(f), worded(f, values[f], on=on)) for f in order if values.get(f)]
