"""What a unit is asked about a shortcoming."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from dancu.sectors.direction.forms import DayField
from dancu.sectors.direction.shortcomings.services import LONGEST, SHORTEST

_LONG = {"min_length": SHORTEST, "max_length": LONGEST}


class ExplainForm(forms.Form):
    """Cause, remedy, and the day by which it is put right."""

    cause = forms.CharField(
        label=_("Nguyên nhân"), widget=forms.Textarea(attrs={"rows": 3}), **_LONG
    )
    remedy = forms.CharField(
        label=_("Biện pháp khắc phục"), widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Việc sẽ làm, ai làm, làm ở đâu. Không ghi tên, số định danh của công dân."), **_LONG,
    )  # fmt: skip
    promised_on = DayField(label=_("Hạn khắc phục"), help_text=_("Ngày làm việc, ví dụ 15/07/2024"))
    version = forms.IntegerField(widget=forms.HiddenInput)
    event_id = forms.UUIDField(widget=forms.HiddenInput)
