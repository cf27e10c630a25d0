"""The form of a list: for an exam room a file of candidates, for a clinic the communes whose insured people come."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dancu.engine.intake import IntakeError, read_grids
from dancu.engine.intake.grid import rows_of
from dancu.platform.access import territory
from dancu.platform.lookup import register_state
from dancu.platform.offline import making
from dancu.platform.offline.models import KINDS
from dancu.reference import units
from dancu.reference.rights import rights_of

LARGEST = 20 * 1024 * 1024
_MOMENTS = ["%H:%M %d/%m/%Y", "%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]


class ListForm(forms.Form):
    """What is asked of who makes a list."""

    title = forms.CharField(
        label=_("Tên danh sách"), max_length=120,
        help_text=_("Ghi nơi dùng, ví dụ: Điểm thi THPT số 12, phòng 4. Không ghi tên ai."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Dùng ở"), choices=[*KINDS.items()])
    unit = forms.ChoiceField(label=_("Đơn vị dùng máy"))
    file = forms.FileField(
        label=_("Danh sách thí sinh"), required=False,
        help_text=_("Cho phòng thi: bảng tính hoặc CSV có cột số định danh, tối đa 20 MB."),
    )  # fmt: skip
    communes = forms.MultipleChoiceField(
        label=_("Người có thẻ BHYT của các xã"), required=False,
        help_text=_("Cho cơ sở khám, chữa bệnh: chọn một hoặc nhiều xã."),
    )  # fmt: skip
    begin = forms.DateTimeField(
        label=_("Dùng từ"), input_formats=_MOMENTS, help_text=_("Ví dụ: 06:30 27/06/2024")
    )
    until = forms.DateTimeField(
        label=_("Dùng đến"), input_formats=_MOMENTS, help_text=_("Nhiều nhất 7 ngày. Hết giờ này danh sách tự khoá.")
    )  # fmt: skip
    devices = forms.IntegerField(
        label=_("Số máy được tải"), min_value=1, max_value=making.MOST_DEVICES, initial=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4}),
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any, day: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.misread = 0
        places, communes = places_of(user, day)
        for name, choices in (("unit", places), ("communes", communes)):
            field: Any = self.fields[name]
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Each kind needs its own people."""
        found = super().clean() or {}
        if found.get("kind") == "exam":
            found["communes"], found["numbers"] = [], self._numbers(found.get("file"))
        else:
            found["numbers"] = []
            if not found.get("communes"):
                self.add_error("communes", gettext("Chọn ít nhất một xã."))
        return found

    def _numbers(self, file: Any) -> list[str]:
        if file is None or file.size > LARGEST:
            self.add_error("file", gettext("Chọn một tệp danh sách, tối đa 20 MB."))
            return []
        try:
            grids = read_grids(file.read(), name=file.name)
        except IntakeError as error:
            self.add_error("file", error.message_vi)
            return []
        cells = (cell for grid in grids for row in rows_of(grid.table) for cell in row if cell)
        numbers, self.misread = making.numbers_in(
            cells, test_people=register_state.state().test_people
        )
        if not numbers:
            self.add_error("file", gettext("Tệp không có số định danh 12 chữ số hợp lệ nào."))
        return numbers

    def wanted(self) -> making.Wanted:
        """After it is valid."""
        given = self.cleaned_data
        return making.Wanted(
            given["title"], given["kind"], given["unit"], given["begin"], given["until"], given["devices"],
            tuple(given["communes"]), tuple(given["numbers"]),
        )  # fmt: skip


def places_of(user: Any, day: dt.date) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Units in which devices may be, and communes whose people may be listed: where the right holds."""
    tree = units.on(max(day, units.FIRST_DAY))
    own: dict[str, str] = {}
    codes: set[str] = set()
    for grant in user.grants_today:
        if any(entry.right == making.MAKE for entry in rights_of(grant.role)):
            opened = territory.of_grant(grant, on=day)
            codes |= opened
            if opened and grant.unit_code and tree.find(grant.unit_code):
                own[grant.unit_code] = territory.full_name(grant.unit_code, day)
    known = sorted((u for c in codes if (u := tree.find(c))), key=lambda u: u.full_name)
    communes = [(u.code, f"{u.full_name} ({u.code})") for u in known]
    return [*own.items(), *(pair for pair in communes if pair[0] not in own)], communes
