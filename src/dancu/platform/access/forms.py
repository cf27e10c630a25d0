"""The form for access outside one's unit."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dancu.platform.access import extraordinary, territory


class ExtraordinaryForm(forms.Form):
    """What to open, and why."""

    kind = forms.ChoiceField(
        label=_("Cần mở"), choices=(("unit", _("Một đơn vị")), ("person", _("Một công dân")))
    )
    target = forms.CharField(
        label=_("Mã đơn vị hoặc mã công dân trong sổ"), max_length=40,
        help_text=_("Mã đơn vị như 07204; mã công dân chép từ kết quả tìm hoặc từ hồ sơ."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Lý do"), min_length=extraordinary.SHORTEST_REASON, max_length=500,
        help_text=_("Nêu vụ việc và căn cứ, ví dụ: xác minh theo công văn 123/CAT-PC06 ngày 02/06/2024."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def clean_reason(self) -> str:
        """The reason goes to the auditor: no personal number belongs into it."""
        reason: str = self.cleaned_data["reason"]
        if re.search(r"\d[\d .]{7,}\d", reason):
            raise forms.ValidationError(_("Không ghi số định danh vào lý do."))
        return reason

    def clean(self) -> dict[str, Any]:
        """A unit must exist on the register's day."""
        given = super().clean() or {}
        target = given.get("target", "").strip()
        if given.get("kind") == "unit" and target and not territory.communes(target):
            self.add_error("target", _("Không có đơn vị mang mã này trong ngày của sổ."))
        return given | {"target": target}
