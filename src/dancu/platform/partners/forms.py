"""Forms of partners: what the administrator writes down of one."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dancu.reference import purposes


class PartnerForm(forms.Form):
    """A partner. Fields are those of the purposes unless fewer are named."""

    client_id = forms.SlugField(
        label=_("Mã đơn vị"), max_length=60, help_text=_("Chữ thường, số và gạch nối; không đổi được về sau")
    )  # fmt: skip
    name_vi = forms.CharField(label=_("Tên đơn vị"), max_length=200)
    purposes = forms.MultipleChoiceField(
        label=_("Mục đích được hỏi"), widget=forms.CheckboxSelectMultiple
    )
    fields_only = forms.CharField(
        label=_("Chỉ các thông tin"), required=False, max_length=400,
        help_text=_("Tên trường cách nhau bằng dấu cách, ví dụ: full_name birth_date; để trống: mọi trường"),
    )  # fmt: skip
    units = forms.CharField(
        label=_("Địa bàn"), max_length=400, initial="*",
        help_text=_("Mã đơn vị cách nhau bằng dấu phẩy; dấu * là toàn tỉnh"),
    )  # fmt: skip
    jwks = forms.CharField(
        label=_("Khoá công khai (JWKS)"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4})
    )  # fmt: skip
    certificate = forms.CharField(
        label=_("Vân tay chứng thư (SHA-256)"), required=False, max_length=100
    )
    requires_officer = forms.BooleanField(
        label=_("Phải nêu cán bộ tra cứu"), required=False, initial=True
    )
    a_minute = forms.IntegerField(
        label=_("Số câu hỏi mỗi phút"), min_value=1, max_value=100_000, initial=600
    )
    a_day = forms.IntegerField(
        label=_("Số câu hỏi mỗi ngày"), min_value=1, max_value=10_000_000, initial=20_000
    )
    a_subject_day = forms.IntegerField(
        label=_("Số lần mỗi ngày về một người"), min_value=1, max_value=1000, initial=20
    )
    active_to = forms.DateField(label=_("Đến hết ngày"), required=False)

    def __init__(self, *args: Any, on: dt.date, **kw: Any) -> None:
        super().__init__(*args, **kw)
        wanted: Any = self.fields["purposes"]
        wanted.choices = [
            (p.code, p.name_en if get_language() == "en" else p.name_vi)
            for p in purposes.purposes(on=on).values()
            if purposes.PARTNER in p.askers
        ]

    def clean_jwks(self) -> dict[str, Any]:
        """JSON, or nothing."""
        text = self.cleaned_data["jwks"].strip()
        try:
            found = json.loads(text) if text else {}
        except (ValueError, RecursionError):
            raise forms.ValidationError(_("Không đọc được JWKS.")) from None
        if not isinstance(found, dict):
            raise forms.ValidationError(_("Không đọc được JWKS."))
        return found

    def clean(self) -> dict[str, Any]:
        """A key or a certificate: else nobody could log in."""
        given = super().clean() or {}
        if "jwks" in given and not given["jwks"] and not given.get("certificate"):
            self.add_error("jwks", _("Cần khoá công khai hoặc vân tay chứng thư."))
        return given

    def given(self) -> dict[str, Any]:
        """As `services.do_register` takes it."""
        told = dict(self.cleaned_data)
        only = set(told.pop("fields_only").split())
        units = told.pop("units").replace(" ", "")
        return told | {
            "purposes": dict.fromkeys(told["purposes"], only),
            "units": [code for code in units.split(",") if code],
        }


class WhyForm(forms.Form):
    """Why."""

    why = forms.CharField(label=_("Lý do"), min_length=5, max_length=300)
