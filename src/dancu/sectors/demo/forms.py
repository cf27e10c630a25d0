"""What is asked of an officer for a new card."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class NewForm(forms.Form):
    """Whose it shall be."""

    citizen = forms.UUIDField(
        label=_("Mã công dân"),
        help_text=_("Bấm «Chép mã công dân» ở hồ sơ người đó rồi dán vào đây; người đó đọc được ai đã mở"),
        error_messages={"invalid": _("Mã này chưa đúng: dán lại nguyên mã 36 ký tự.")},
    )  # fmt: skip
    event_id = forms.UUIDField(widget=forms.HiddenInput)
