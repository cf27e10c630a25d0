"""What is asked about a conference: the call, a statement, a conclusion, a commendation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from dancu.sectors.direction.forms import DayField
from dancu.sectors.direction.places import Place

_TIME = r"^([01]\d|2[0-3]):[0-5]\d$"
_LINE = re.compile(r"^\s*([01]?\d|2[0-3])[:h]([0-5]\d)\s+([^|]+?)\s*(?:\|\s*(.*?))?\s*$")

_LEVELS = {
    "district": _("Các huyện, thị xã, thành phố"),
    "commune": _("Các xã, phường, thị trấn"),
}


class AgendaField(forms.CharField):
    """A line for each item: time, what, and after a bar who."""

    def clean(self, value: Any) -> Any:
        """As items; a line that cannot be read is named."""
        found = []
        for line in str(super().clean(value)).splitlines():
            if not line.strip():
                continue
            if (hit := _LINE.match(line)) is None:
                raise forms.ValidationError(
                    _("Dòng «%(line)s» chưa đúng: ghi giờ, nội dung, rồi | người trình bày."),
                    params={"line": line.strip()[:60]},
                )
            found.append(
                {"time": f"{int(hit[1]):02d}:{hit[2]}", "what": hit[3], "who": hit[4] or ""}
            )
        return found


def _choices(places: Sequence[Place]) -> list[tuple[str, str]]:
    return [(p.unit_code, f"{p.name} ({p.unit_code})") for p in places]


class CallForm(forms.Form):
    """A conference."""

    unit = forms.ChoiceField(label=_("Đơn vị chủ trì"))
    title = forms.CharField(
        label=_("Tên hội nghị"), min_length=5, max_length=300,
        help_text=_("Ví dụ: Hội nghị sơ kết 6 tháng thực hiện Đề án 06"),
    )  # fmt: skip
    held_on = DayField(label=_("Ngày họp"), help_text=_("Ví dụ 28/06/2024"))
    starts = forms.RegexField(
        _TIME, label=_("Giờ bắt đầu"), help_text=_("Ví dụ 08:00"),
        error_messages={"invalid": _("Ghi giờ và phút, ví dụ 08:00.")},
    )  # fmt: skip
    venue = forms.CharField(label=_("Địa điểm chính"), max_length=300)
    figures_on = DayField(
        label=_("Số liệu đến ngày"), help_text=_("Phiếu của từng đơn vị tính từ đầu kỳ 6 tháng đến ngày này")
    )  # fmt: skip
    levels = forms.MultipleChoiceField(
        label=_("Điểm cầu"), choices=list(_LEVELS.items()),
        widget=forms.CheckboxSelectMultiple, required=False, initial=["district", "commune"],
    )  # fmt: skip
    agenda = AgendaField(
        label=_("Chương trình"), required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Mỗi dòng một mục, ví dụ: 08:15 Báo cáo kết quả 6 tháng | Công an tỉnh"),
    )  # fmt: skip
    event_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: Sequence[Place], **given: Any) -> None:
        given["initial"] = {"event_id": uuid4(), **(given.get("initial") or {})}
        super().__init__(*args, **given)
        self.fields["unit"].choices = _choices(places)


class SaidForm(forms.Form):
    """A statement, or with a day a conclusion."""

    unit = forms.ChoiceField(label=_("Đơn vị"))
    text = forms.CharField(
        label=_("Nội dung"), min_length=5, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    event_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: Sequence[Place], **given: Any) -> None:
        given["initial"] = {"event_id": uuid4(), **(given.get("initial") or {})}
        super().__init__(*args, **given)
        self.fields["unit"].choices = _choices(places)


class StateForm(SaidForm):
    """What a unit said."""

    speaker = forms.CharField(
        label=_("Chức vụ người phát biểu"), required=False, max_length=200, help_text=_("Ví dụ: Chủ tịch UBND huyện")
    )  # fmt: skip


class ConcludeForm(SaidForm):
    """What a unit must do."""

    due_on = DayField(label=_("Hạn hoàn thành"), help_text=_("Ngày làm việc, ví dụ 15/07/2024"))
    shortcoming = forms.ChoiceField(label=_("Khắc phục tồn tại"), required=False)

    def __init__(self, *args: Any, shortcomings: Sequence[tuple[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["unit"].label = _("Đơn vị thực hiện")
        self.fields["shortcoming"].choices = [("", _("Không gắn với tồn tại nào")), *shortcomings]


class PointForm(forms.Form):
    """How a point stands."""

    state = forms.CharField(max_length=20)
    people = forms.IntegerField(min_value=0, max_value=1000, required=False)
    event_id = forms.UUIDField()


class StepForm(forms.Form):
    """Briefs kept, or the next state."""

    action = forms.ChoiceField(choices=[("brief", ""), ("move", "")])
    version = forms.IntegerField()
    event_id = forms.UUIDField()


class CommendForm(forms.Form):
    """Who is commended, and for what."""

    unit = forms.ChoiceField(label=_("Đơn vị"))
    reason = forms.CharField(
        label=_("Thành tích, cách làm"), min_length=5, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )  # fmt: skip
    event_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: Sequence[Place], **given: Any) -> None:
        given["initial"] = {"event_id": uuid4()}
        super().__init__(*args, **given)
        self.fields["unit"].choices = _choices(places)
