"""The form of a kind of event, made from `entered.csv`: labels of the dictionary, hints, choices of codes."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dancu.engine.events import entered
from dancu.platform.access import territory
from dancu.platform.events import kinds
from dancu.platform.register.words_of import label
from dancu.reference import units
from dancu.reference.codes import LISTS
from dancu.reference.fields import fields

_HINTS = {
    "person_name": _("Viết đủ dấu, ví dụ: Nguyễn Thị Bình"),
    "personal_number": _("12 chữ số, ví dụ: 924 199 000 017; gõ liền hay cách đều được"),
    "old_number": _("9 chữ số, ví dụ: 120 000 017"),
    "partial_date": _("Ngày/tháng/năm, ví dụ: 5/3/2024"),
    "phone": _("Ví dụ: 0912 345 678"),
}
_OWN_HINTS = {
    "birth_date": _("Ngày/tháng/năm, ví dụ: 5/3/1980; giấy tờ chỉ ghi năm thì gõ năm"),
    "address": _("Số nhà, thôn hoặc tổ dân phố; chọn xã ở mục dưới, hoặc gõ cả tên xã, huyện, tỉnh"),
    "current_address": _("Số nhà, thôn, xã, huyện, tỉnh nơi đang tạm trú"),
    "birth_place": _("Xã, huyện, tỉnh nơi đăng ký khai sinh"),
    "household_number": _("Theo sổ hộ của xã"),
    "note": _("Không ghi số định danh vào đây"),
}  # fmt: skip
_ASKED = {"event_date": {"move": _("Ngày chuyển đến"), "temporary_residence": _("Tạm trú từ ngày"),
                         "absence": _("Tạm vắng từ ngày"), "divorce": _("Ngày ly hôn"),
                         "card_lost": _("Ngày mất thẻ"), "card_found": _("Ngày tìm thấy")}}  # fmt: skip
_SEXES = ("1", "2")
_NOT_CHOSEN = {"0", "00"}
KNOWN = ("full_name", "personal_number", "birth_date", "sex")
"""What a record from the register already tells of the person, and so is not asked again …"""
NEW = {
    "name_correction": {"full_name"}, "date_correction": {"birth_date"}, "number_correction": {"personal_number"},
    "number_reestablished": {"personal_number"}, "correction": {"personal_number", "birth_date", "sex"},
}  # fmt: skip
"""… except where the event is about exactly that."""


def known_roles(kind: str) -> tuple[str, ...]:
    """The roles of a kind that the register answers when the event is about a person it holds."""
    asked = entered.forms()[kind].roles
    return tuple(r for r in KNOWN if r in asked and r not in NEW.get(kind, ()))


class EventForm(forms.Form):
    """One entry. Everything is text: what it says is the register's business, which tells field by field."""

    entry = forms.CharField(widget=forms.HiddenInput, max_length=36)

    def __init__(
        self, kind: str, *args: Any, without: Iterable[str] = (), communes: frozenset[str] = frozenset(), **kw: Any
    ) -> None:  # fmt: skip
        kw.setdefault("initial", {}).setdefault("entry", str(uuid.uuid4()))
        super().__init__(*args, **kw)
        form, left = entered.forms()[kind], set(without)
        for role in form.roles:
            if role not in left:
                self.fields[role] = _field(role, kind, role in form.required, communes)

    def clean_entry(self) -> str:
        """The name of this entry, the same however often it is sent."""
        try:
            return str(uuid.UUID(self.cleaned_data["entry"]))
        except ValueError as error:
            raise forms.ValidationError(_("Mở lại biểu mẫu.")) from error

    def typed(self) -> dict[str, str]:
        """What was typed, role by role, without empty ones."""
        names = [name for name in self.fields if name != "entry"]
        found = {name: str(self.data.get(name, "")).strip() for name in names}
        return {name: text for name, text in found.items() if text}

    def tell(self, problems: Mapping[str, str]) -> None:
        """Words for fields; what is about no field of this form stands above."""
        for role, words in problems.items():
            own = role in self.fields
            self.add_error(role if own else None, words if own else f"{label(role)}: {words}")


def _field(role: str, kind: str, required: bool, communes: frozenset[str]) -> forms.Field:
    known = fields()[role]
    name = _ASKED.get(role, {}).get(kind) or label(role)
    hint = _OWN_HINTS.get(role) or _HINTS.get(known.format, "")
    if role == "commune_code":
        return forms.ChoiceField(
            label=_("Xã, phường"), required=required, choices=_communes(communes), help_text=""
        )
    if known.format.startswith("codes."):
        choices = _choices(known.format)
        return forms.ChoiceField(label=name, required=required, choices=choices, help_text=hint)
    attrs = {"autocomplete": "off"}
    if known.format in ("personal_number", "old_number", "phone"):
        attrs |= {"inputmode": "numeric"}
    widget = forms.Textarea(attrs={"rows": 2}) if role == "note" else forms.TextInput(attrs=attrs)
    return forms.CharField(
        label=name, required=required, help_text=hint, widget=widget, max_length=500
    )


def _choices(name: str) -> list[tuple[str, str]]:
    listed = LISTS[name.removeprefix("codes.")].codes
    kept = [c for c in listed if c.code not in _NOT_CHOSEN]
    if name == "codes.sex":
        kept = [c for c in kept if c.code in _SEXES]
    english = get_language() == "en"
    return [("", "—"), *((c.name_vi, (english and c.name_en) or c.name_vi) for c in kept)]


def _communes(own: frozenset[str]) -> list[Any]:
    """The officer's own communes first, then the others of their province."""
    tree = units.on(max(territory.register_day(), units.FIRST_DAY))
    mine = [u for code in own if (u := tree.find(code)) is not None]
    provinces = {u.province_code for u in mine}
    others = [u for u in tree.communes if u.province_code in provinces and u.code not in own]
    groups = [(_("Địa bàn của bạn"), _listed(mine)), (_("Nơi khác trong tỉnh"), _listed(others))]
    return [("", "—"), *(g for g in groups if g[1])]


def _listed(found: Iterable[units.Unit]) -> list[tuple[str, str]]:
    ordered = sorted(found, key=lambda u: (u.district_code, u.code))
    return [(u.code, f"{u.full_name} ({u.code})") for u in ordered]


def titles(user: Any) -> list[tuple[Any, list[dict[str, str]]]]:
    """The kinds that the user may record, in groups: code, name, law."""
    found: dict[str, list[dict[str, str]]] = {}
    for kind, form in entered.forms().items():
        if kinds.may_record(user, kind):
            line = {"kind": kind, "name": kinds.name_of(kind), "law": kinds.law_of(kind)}
            found.setdefault(form.source, []).append(line)
    return [(kinds.GROUPS[source], lines) for source, lines in found.items()]


class KeyForm(forms.Form):
    """A new key of a partner."""

    name = forms.CharField(
        label=_("Tên hệ thống gửi"),
        max_length=120,
        help_text=_("Ví dụ: phần mềm bệnh viện đa khoa tỉnh"),
    )
    username = forms.CharField(
        label=_("Tài khoản chịu trách nhiệm"),
        max_length=60,
        help_text=_("Tên đăng nhập đã lập; đóng tài khoản thì khoá hết tác dụng"),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Loại sự kiện được ghi"), widget=forms.CheckboxSelectMultiple
    )
    units = forms.CharField(
        label=_("Mã đơn vị"),
        max_length=400,
        help_text=_(
            "Các mã cách nhau bằng dấu phẩy, ví dụ: 07204, 07210; mã tỉnh, huyện mở mọi xã bên trong"
        ),
    )
    days = forms.IntegerField(
        label=_("Số ngày có hiệu lực"), min_value=1, max_value=400, initial=180
    )
    a_minute = forms.IntegerField(
        label=_("Số sự kiện mỗi phút"), min_value=1, max_value=60000, initial=600
    )

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["kinds"].choices = [(k, kinds.name_of(k)) for k in entered.forms()]

    def clean_units(self) -> list[str]:
        """Each code must exist on the register's day."""
        codes = [c.strip() for c in self.cleaned_data["units"].split(",") if c.strip()]
        if not codes or not all(territory.communes(c) for c in codes):
            raise forms.ValidationError(_("Có mã không phải đơn vị trong ngày của sổ."))
        return codes


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Lý do"), min_length=5, max_length=300)
