"""What people type on the pages of accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from dancu.platform.access import territory
from dancu.reference.rights import CITIZEN, roles


class LoginForm(forms.Form):
    """Name and password."""

    username = forms.CharField(
        label=_("Tên đăng nhập"), max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autofocus": True, "autocapitalize": "none"}
        ),
    )  # fmt: skip
    password = forms.CharField(
        label=_("Mật khẩu"), max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip


class CodeForm(forms.Form):
    """A code of the authenticator app, or a recovery code."""

    code = forms.CharField(
        label=_("Mã xác thực"), max_length=20,
        help_text=_("6 chữ số trong ứng dụng xác thực, hoặc một mã dự phòng. Ví dụ: 492 039."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True}),
    )  # fmt: skip


class PasswordForm(forms.Form):
    """A new password; the old one shows that it is the user's own hand."""

    current = forms.CharField(
        label=_("Mật khẩu hiện tại"), strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
    new = forms.CharField(
        label=_("Mật khẩu mới"), strip=False, max_length=200,
        help_text=_("Ít nhất 12 ký tự; một câu dễ nhớ là tốt nhất."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=_("Nhập lại mật khẩu mới"), strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Long enough, twice the same, not the old one."""
        given = super().clean() or {}
        new = given.get("new", "")
        if len(new) < settings.PASSWORD_SHORTEST or len(set(new)) < 5:
            self.add_error("new", _("Mật khẩu quá ngắn hoặc quá đơn giản: cần ít nhất 12 ký tự."))
        if new and new == given.get("current"):
            self.add_error("new", _("Mật khẩu mới phải khác mật khẩu hiện tại."))
        if new != given.get("again"):
            self.add_error("again", _("Hai lần nhập không giống nhau."))
        return given


class UserForm(forms.Form):
    """A new account."""

    username = forms.RegexField(
        r"^[a-z0-9][a-z0-9._-]{2,59}$", label=_("Tên đăng nhập"),
        help_text=_("Chữ thường không dấu, chữ số, dấu chấm. Ví dụ: lan.nt."),
        error_messages={"invalid": _("Chỉ dùng chữ thường không dấu, chữ số, dấu chấm, gạch nối; từ 3 ký tự.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )  # fmt: skip
    display_name = forms.CharField(
        label=_("Họ và tên"), max_length=120, help_text=_("Ví dụ: Nguyễn Thị Lan.")
    )


class GrantForm(forms.Form):
    """A role for a user."""

    role = forms.ChoiceField(label=_("Vai trò"))
    unit_code = forms.CharField(
        label=_("Mã đơn vị"), max_length=10, required=False,
        help_text=_("Mã tỉnh, huyện hoặc xã trong ngày của sổ. Ví dụ: 07204. Để trống nếu vai trò không gắn địa bàn."),
    )  # fmt: skip
    valid_to = forms.DateField(
        label=_("Đến hết ngày"), required=False, input_formats=["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"],
        help_text=_("Để trống nếu chưa định. Ví dụ: 31/12/2026."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Căn cứ"),
        max_length=300,
        help_text=_("Quyết định, công văn hoặc lý do giao quyền."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [
            (r.code, r.name_vi) for r in roles().values() if r.code != CITIZEN
        ]

    def clean_unit_code(self) -> str:
        """A unit of the register's day."""
        code: str = self.cleaned_data["unit_code"].strip()
        if code and not territory.communes(code):
            raise forms.ValidationError(_("Không có đơn vị mang mã này trong ngày của sổ."))
        return code


class IdentityForm(forms.Form):
    """The subject of the common log-in that is this person."""

    subject = forms.CharField(
        label=_("Mã người dùng ở hệ thống đăng nhập chung"),
        max_length=200,
        help_text=_("Mã «sub» do hệ thống đăng nhập chung cấp, không phải tên đăng nhập"),
    )
    reason = forms.CharField(label=_("Lý do"), max_length=300, min_length=5)


class ReasonForm(forms.Form):
    """Why something is done to somebody's account."""

    reason = forms.CharField(label=_("Lý do"), max_length=300, min_length=5)
