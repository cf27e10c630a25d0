"""What pages of the catalogue say of procedures, parts, steps and differences, in the language of the page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dancu.reference import services
from dancu.reference.fields import fields as dictionary
from dancu.reference.services import Field, Part, Procedure, Step
from dancu.sectors.public_services.catalogue.comparing import Difference, State

GROUPS = {"police": gettext_lazy("Công an"), "other": gettext_lazy("Ngành khác")}
LEVELS = {
    "commune": gettext_lazy("Cấp xã"),
    "district": gettext_lazy("Cấp huyện"),
    "province": gettext_lazy("Cấp tỉnh"),
}
ONLINE = {
    "full": gettext_lazy("Toàn trình"),
    "partial": gettext_lazy("Một phần"),
    "none": gettext_lazy("Chưa trực tuyến"),
}
ONLINE_BADGES = {"full": "good", "partial": "fair", "none": "none"}
RESULTS = {
    "document": gettext_lazy("Văn bản"),
    "card": gettext_lazy("Thẻ"),
    "data": gettext_lazy("Cập nhật dữ liệu"),
}
WHO = {"officer": gettext_lazy("Cán bộ"), "leader": gettext_lazy("Lãnh đạo")}
SURE = {
    "high": gettext_lazy("Đã đối chiếu với văn bản"),
    "medium": gettext_lazy("Đúng luật, chi tiết cần đối chiếu"),
    "low": gettext_lazy("Kiến thức chung, cần đối chiếu"),
}
SURE_BADGES = {"high": "good", "medium": "fair", "low": "none"}
KINDS = {
    "text": gettext_lazy("Chữ"),
    "date": gettext_lazy("Ngày"),
    "choice": gettext_lazy("Chọn một"),
    "number": gettext_lazy("Con số"),
    "person": gettext_lazy("Người (số định danh, họ tên)"),
}
HEADS = {
    "name_vi": gettext_lazy("Tên thủ tục"),
    "name_en": gettext_lazy("Tên tiếng Anh"),
    "group": gettext_lazy("Nhóm"),
    "lead_agency": gettext_lazy("Cơ quan chủ trì"),
    "level": gettext_lazy("Cấp giải quyết"),
    "limit": gettext_lazy("Thời hạn giải quyết"),
    "online_level": gettext_lazy("Mức trực tuyến"),
    "result_kind": gettext_lazy("Kết quả"),
    "fee": gettext_lazy("Phí, lệ phí"),
    "law": gettext_lazy("Căn cứ"),
}
AREAS = {
    "procedure": gettext_lazy("Thông tin chung"),
    "parts": gettext_lazy("Thành phần hồ sơ"),
    "steps": gettext_lazy("Bước xử lý"),
    "fields": gettext_lazy("Ô của tờ khai"),
}
CHANNELS = {
    1: gettext_lazy("Trực tiếp"),
    2: gettext_lazy("Trực tuyến"),
    3: gettext_lazy("Bưu chính"),
}
PORTALS = {
    "national": gettext_lazy("Mã quốc gia"),
    "province": gettext_lazy("Mã của tỉnh"),
}


def said(item: Any, name: str = "name") -> str:
    """The name of a row of the tables in the language of the page."""
    return str(getattr(item, f"{name}_en" if get_language() == "en" else f"{name}_vi"))


def limit(number: int, unit: str) -> str:
    """A limit in words.

    >>> limit(7, "day"), limit(0, "day"), limit(4, "hour")
    ('7 ngày làm việc', 'trong ngày', '4 giờ làm việc')
    """
    if unit == "hour":
        return _("%(n)s giờ làm việc") % {"n": number}
    return _("%(n)s ngày làm việc") % {"n": number} if number else _("trong ngày")


def fee(dong: int) -> str:
    """A fee in words.

    >>> fee(0), fee(50_000)
    ('Không thu', '50.000 đ')
    """
    return f"{amount(dong)} đ" if dong else _("Không thu")


def amount(number: int) -> str:
    """A whole number with dots between the thousands.

    >>> amount(1_234_567)
    '1.234.567'
    """
    return f"{number:,}".replace(",", ".")


def hours(number: Any) -> str:
    """Hours without needless zeros, with a comma.

    >>> hours("4.50"), hours(30)
    ('4,5', '30')
    """
    text = f"{float(number):.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",")


def line(procedure: Procedure) -> dict[str, Any]:
    """A procedure in the list."""
    return {
        "procedure": procedure,
        "name": said(procedure),
        "group": GROUPS[procedure.group],
        "level": LEVELS[procedure.level],
        "limit": limit(procedure.limit, procedure.limit_unit),
        "fee": fee(procedure.fee),
        "online": ONLINE[procedure.online_level],
        "online_badge": ONLINE_BADGES[procedure.online_level],
    }


def head(procedure: Procedure) -> list[tuple[Any, Any]]:
    """What is told of the version itself."""
    essential = procedure.essential_id or _("Không thuộc 25 dịch vụ thiết yếu")
    return [
        (_("Mã thủ tục"), procedure.code),
        (_("Dịch vụ thiết yếu"), essential),
        (HEADS["lead_agency"], procedure.lead_agency),
        (HEADS["level"], LEVELS[procedure.level]),
        (HEADS["limit"], limit(procedure.limit, procedure.limit_unit)),
        (HEADS["fee"], fee(procedure.fee)),
        (HEADS["online_level"], ONLINE[procedure.online_level]),
        (HEADS["result_kind"], RESULTS[procedure.result_kind]),
        (HEADS["law"], procedure.law),
        (_("Độ chắc chắn"), SURE[procedure.confidence]),
    ]


def proof(part: Part, *, on: Any) -> str:
    """What makes the paper needless, or that it must be handed in."""
    if part.proved_by == "form":
        return _("Khai trên biểu mẫu")
    if part.register_field:
        found = dictionary()[part.register_field]
        label = found.label_en if get_language() == "en" else found.label_vi
        return _("Dữ liệu dân cư đã có: %(field)s") % {"field": label.lower()}
    if part.result_of:
        other = services.find(part.result_of, on=on)
        return _("Kết quả đã lưu của «%(name)s»") % {"name": said(other) if other else "—"}
    return _("Nộp giấy tờ")


def parts(state: State, *, on: Any) -> list[dict[str, Any]]:
    """The parts with what proves them."""
    return [
        {
            "part": part,
            "name": said(part),
            "proof": proof(part, on=on),
            "needless": bool(part.proved_by),
            "sure": SURE[part.confidence],
            "sure_badge": SURE_BADGES[part.confidence],
        }
        for part in state.parts
    ]


def steps(state: State) -> list[dict[str, Any]]:
    """The steps with who and how long."""
    return [
        {"step": step, "name": said(step), "who": WHO[step.who], "hours": hours(step.hours)}
        for step in state.steps
    ]


def fields(state: State) -> list[dict[str, Any]]:
    """The fields of the form and what each is filled from."""
    return [
        {
            "field": f,
            "name": said(f, "label"),
            "kind": KINDS[f.kind],
            "source": _source(f),
        }
        for f in state.fields
    ]


def _source(field: Field) -> str:
    if not field.source:
        return _("Người nộp tự khai")
    found = dictionary()[field.source]
    label = found.label_en if get_language() == "en" else found.label_vi
    return _("Điền sẵn từ sổ dân cư: %(field)s") % {"field": label.lower()}


def difference(d: Difference) -> dict[str, Any]:
    """One difference as a line with two columns."""
    item = d.after or d.before
    what = HEADS[d.what] if d.area == "procedure" else _name(item)
    return {
        "area": AREAS[d.area],
        "what": what,
        "before": _value(d, d.before),
        "after": _value(d, d.after),
    }


def _name(item: Any) -> str:
    return said(item, "label" if isinstance(item, Field) else "name")


def _value(d: Difference, item: Any) -> Any:
    """What is written in one column; a dash where it is not there."""
    if item is None:
        return _("Không có")
    if isinstance(item, Part):
        need = _("Bắt buộc") if item.required else _("Nếu có")
        return f"{need}. {item.law}"
    if isinstance(item, Step):
        return f"{said(item)}: {hours(item.hours)} {_('giờ')}, {WHO[item.who]}"
    if isinstance(item, Field):
        return f"{KINDS[item.kind]}. {_source(item)}"
    return _head_value(d.what, item)


def _head_value(name: str, value: Any) -> Any:
    if name == "limit":
        return limit(*value)
    words = {"group": GROUPS, "level": LEVELS, "online_level": ONLINE, "result_kind": RESULTS}
    if name in words:
        return words[name][value]
    return fee(value) if name == "fee" else value
