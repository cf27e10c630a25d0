"""What is asked of an officer: an entry of a book, a list to take in, a task, what is done to a task."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from dancu.sectors.direction.books import FIXED, Book, Field
from dancu.sectors.direction.places import Place

DAYS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%Y-%m-%d")
LARGEST = 12_000_000
_WRONG_DAY = _("Ngày chưa đúng: ghi ngày/tháng/năm, ví dụ 15/03/2024.")


class DayField(forms.DateField):
    """A day as people type it."""

    def __init__(self, **given: Any) -> None:
        super().__init__(
            input_formats=DAYS, widget=forms.DateInput(format="%d/%m/%Y", attrs={"autocomplete": "off"}),
            error_messages={"invalid": _WRONG_DAY}, **given,
        )  # fmt: skip


class MoneyField(forms.CharField):
    """Đồng, with dots or spaces as one likes."""

    def clean(self, value: Any) -> Any:
        """A whole number above nought."""
        text = re.sub(r"[\s.,đ]|đồng", "", super().clean(value))
        if not text.isdigit() or not 0 < int(text) < 10**15:
            raise forms.ValidationError(_("Ghi số tiền bằng đồng, ví dụ 1.500.000.000."))
        return int(text)

    def prepare_value(self, value: Any) -> Any:
        """As one reads it."""
        return f"{value:,}".replace(",", ".") if isinstance(value, int) else value


Choices = Sequence[tuple[str, str]]


def _made(field: Field, choices: Choices) -> forms.Field:
    """`choices`: of a kind whose choices are rows of other tables."""
    told = {"label": field.label, "help_text": field.hint, "required": field.required}
    match field.kind:
        case "units":
            return forms.MultipleChoiceField(
                choices=choices, widget=forms.CheckboxSelectMultiple, **told
            )
        case "indicator" | "unit" | "entry":
            return forms.ChoiceField(choices=[("", "—"), *choices], **told)
        case "day":
            return DayField(**told)
        case "money":
            return MoneyField(**told)
        case "year":
            return forms.IntegerField(min_value=2022, max_value=2045, localize=False, **told)
        case "count":
            return forms.IntegerField(min_value=1, max_value=100_000, **told)
        case "choice":
            return forms.ChoiceField(choices=list(field.choices.items()), **told)
        case "yes":
            return forms.BooleanField(**told)
        case "long":
            return forms.CharField(
                max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), **told
            )
        case _:
            return forms.CharField(max_length=120, **told)


class EntryForm(forms.Form):
    """An entry: the fields of its book; whose it is, or why it is changed.

    `choices`: field → what it is chosen from, where that stands in no list of the book.
    """

    event_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        book: Book,
        *args: Any,
        places: Sequence[Place] = (),
        change: bool = False,
        choices: Mapping[str, Choices] | None = None,
        **given: Any,
    ) -> None:
        given["initial"] = {"event_id": uuid4(), **(given.get("initial") or {})}
        super().__init__(*args, **given)
        self.book = book
        if not change and not book.taken:
            self.fields["unit"] = _unit_field(places)
        for field in book.fields:
            if not (change and field.kind in FIXED):
                self.fields[field.name] = _made(field, (choices or {}).get(field.name, ()))
        if change:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)
            self.fields["reason"] = forms.CharField(
                label=_("Lý do sửa"), min_length=5, max_length=500
            )
        elif book.table == "directive":
            self.fields["paper"] = _paper_field(_("Bản chụp văn bản"))

    def values(self) -> dict[str, Any]:
        """Those of the book that were asked for."""
        asked = [f for f in self.book.fields if f.name in self.fields]
        return {
            f.name: int(self.cleaned_data[f.name])
            if f.kind == "entry"
            else self.cleaned_data[f.name]
            for f in asked
        }


def _unit_field(places: Sequence[Place]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Đơn vị"), choices=[(p.unit_code, f"{p.name} ({p.unit_code})") for p in places]
    )


def _paper_field(label: Any) -> forms.FileField:
    return forms.FileField(
        label=label, required=False, help_text=_("Ảnh JPEG, PNG hoặc PDF, không quá 12 MB")
    )


class ListForm(forms.Form):
    """A list of directives."""

    file = forms.FileField(
        label=_("Tệp danh sách"),
        help_text=_("Excel hoặc CSV, có cột Số ký hiệu, Ngày ban hành, Trích yếu"),
    )  # fmt: skip
    event_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: Sequence[Place] = (), **given: Any) -> None:
        given["initial"] = {"event_id": uuid4()}
        super().__init__(*args, **given)
        self.fields["unit"] = _unit_field(places)
        self.order_fields(["unit", "file"])

    def clean_file(self) -> Any:
        """Not larger than a list can be."""
        found = self.cleaned_data["file"]
        if found.size > LARGEST:
            raise forms.ValidationError(_("Tệp lớn quá 12 MB. Chia thành nhiều tệp."))
        return found


class TaskForm(forms.Form):
    """A task to be given."""

    title = forms.CharField(label=_("Việc phải làm"), min_length=5, max_length=300)
    detail = forms.CharField(
        label=_("Yêu cầu"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kết quả phải có, số liệu phải đạt"),
    )  # fmt: skip
    origin = forms.ChoiceField(label=_("Thực hiện theo"))
    unit = forms.ChoiceField(label=_("Đơn vị thực hiện"))
    department = forms.CharField(
        label=_("Bộ phận"), required=False, max_length=120, help_text=_("Ví dụ Phòng Văn hóa và Thông tin")
    )  # fmt: skip
    due_on = DayField(
        label=_("Hạn hoàn thành"), required=False, help_text=_("Ngày/tháng/năm; hoặc ghi số ngày làm việc ở ô sau")
    )  # fmt: skip
    working_days = forms.IntegerField(
        label=_("Số ngày làm việc"), required=False, min_value=1, max_value=750, help_text=_("Ví dụ 10")
    )  # fmt: skip
    event_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, places: Sequence[Place], origins: Sequence[tuple[str, str]], **given: Any
    ) -> None:
        given["initial"] = {"event_id": uuid4(), **(given.get("initial") or {})}
        super().__init__(*args, **given)
        self.fields["unit"] = _unit_field(places)
        self.fields["unit"].label = _("Đơn vị thực hiện")
        self.fields["origin"] = forms.ChoiceField(label=_("Thực hiện theo"), choices=origins)
        self.order_fields(
            ["title", "detail", "origin", "unit", "department", "due_on", "working_days"]
        )

    def clean(self) -> dict[str, Any]:
        """One of the two ways to say the day."""
        found: dict[str, Any] = super().clean() or {}
        if not self.errors and bool(found.get("due_on")) == bool(found.get("working_days")):
            self.add_error("due_on", _("Ghi một trong hai: hạn hoàn thành, hoặc số ngày làm việc."))
        return found


class ActForm(forms.Form):
    """What is done to a task."""

    action = forms.CharField(max_length=20)
    version = forms.IntegerField()
    event_id = forms.UUIDField()
    reason = forms.CharField(required=False, max_length=2000)
    percent = forms.IntegerField(required=False, min_value=0, max_value=99)
    due_on = DayField(required=False)
    paper = _paper_field("")

    @property
    def due(self) -> dt.date | None:
        """The new day of an extension."""
        found: dt.date | None = self.cleaned_data.get("due_on")
        return found
