"""Forms of paper consents, of requests, of breaches: what is typed, and what to write instead."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dancu.platform.consent import breaches, words_of
from dancu.platform.worklists.evidence import NoEvidence, clean

_SCAN = _("Ảnh JPEG, PNG, WEBP hoặc PDF, đến 12 MB.")


class ScanField(forms.FileField):
    """A scan, cleaned as evidence is; gives what is kept."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The cleaned file, or the reason why it is not taken."""
        found = super().clean(data, initial)
        if not found:
            return None
        try:
            return clean(found.read())
        except NoEvidence as error:
            raise forms.ValidationError(str(error)) from error


class EventForm(forms.Form):
    """Names the event, so that sending twice does it once."""

    event_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class SignedForm(EventForm):
    """Who signed, and the look by which the officer knew."""

    form_no = forms.CharField(
        label=_("Số phiếu"), min_length=3, max_length=60, help_text=_("Số ghi trên phiếu giấy. Ví dụ: 15/PĐY-2026")
    )  # fmt: skip
    check_receipt = forms.ChoiceField(
        label=_("Người ký và lần xác minh danh tính"), widget=forms.RadioSelect, required=False,
        help_text=_("Lần bạn xác minh người đứng trước bàn, trong 24 giờ qua."),
    )  # fmt: skip
    other_receipt = forms.UUIDField(
        label=_("Mã biên nhận xác minh của người giám hộ"), required=False,
        help_text=_("Chỉ khi người ký là người giám hộ không phải cha, mẹ."),
    )  # fmt: skip
    basis = forms.CharField(
        label=_("Quyết định giám hộ"), required=False, max_length=200,
        help_text=_("Số, ngày, nơi cấp. Ví dụ: Quyết định 12 ngày 03/05/2025 của UBND xã"),
    )  # fmt: skip
    scan = ScanField(label=_("Ảnh hoặc bản quét phiếu đã ký"), help_text=_SCAN)

    def __init__(self, *args: Any, checks: list[tuple[str, str]], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["check_receipt"].choices = checks
        if not checks:
            del self.fields["check_receipt"]

    def clean(self) -> dict[str, Any]:
        """One receipt there must be."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("check_receipt") and not data.get("other_receipt"):
            name = "check_receipt" if "check_receipt" in self.fields else "other_receipt"
            missing = _("Chọn lần xác minh danh tính của người ký. Chưa có thì xác minh trước.")
            self.add_error(name, missing)
        return data

    def receipt(self) -> UUID:
        """The one that counts."""
        return UUID(
            str(self.cleaned_data.get("other_receipt") or self.cleaned_data["check_receipt"])
        )


class ConsentForm(SignedForm):
    """A consent on paper."""

    seen = forms.CharField(widget=forms.HiddenInput)
    heard = forms.BooleanField(
        label=_("Người ký đã tự đọc hoặc được đọc toàn bộ nội dung trên, hiểu và tự ký")
    )


class RequestForm(SignedForm):
    """A request on paper; which fields count depends on the kind."""

    words = forms.CharField(
        label=_("Nội dung đề nghị"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ghi như trong đơn."),
    )  # fmt: skip
    field_order = ("words",)


class BreachForm(EventForm):
    """What is known when a breach is found."""

    day = forms.CharField(label=_("Ngày phát hiện"), help_text=_("Ví dụ: 02/03/2026"))
    clock = forms.CharField(label=_("Giờ phát hiện"), help_text=_("Ví dụ: 08:30"))

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        add_parts(self, needed=("what",))

    def clean(self) -> dict[str, Any]:
        """The moment of discovery."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["discovered_at"] = moment(self, "day", "clock")
        return data


def add_parts(form: forms.Form, *, needed: tuple[str, ...] = ()) -> None:
    """The parts of the notice form."""
    for part in breaches.PARTS:
        form.fields[f"p_{part}"] = forms.CharField(
            label=words_of.BREACH_PARTS[part], required=part in needed, max_length=4000,
            help_text=words_of.BREACH_HINTS.get(part, ""),
            widget=forms.TextInput if part in ("where", "from", "to", "people") else forms.Textarea(attrs={"rows": 3}),
        )  # fmt: skip


def parts_of(form: forms.Form) -> dict[str, str]:
    """Part -> what was typed."""
    return {k.removeprefix("p_"): v for k, v in form.cleaned_data.items() if k.startswith("p_")}


def moment(form: forms.Form, day: str, clock: str) -> dt.datetime | None:
    """A moment from two texts; what cannot be read becomes the field's error."""
    texts = form.cleaned_data.get(day, ""), form.cleaned_data.get(clock, "")
    if not all(texts):
        return None
    for name, text, form_of in ((day, texts[0], "%d/%m/%Y"), (clock, texts[1], "%H:%M")):
        try:
            dt.datetime.strptime(text.strip(), form_of)  # noqa: DTZ007
        except ValueError:
            form.add_error(name, _("Ghi ngày như 02/03/2026, giờ như 08:30."))
            return None
    read = dt.datetime.strptime(f"{texts[0].strip()} {texts[1].strip()}", "%d/%m/%Y %H:%M")  # noqa: DTZ007
    return timezone.make_aware(read)
