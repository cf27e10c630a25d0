"""The questions of a form, one a page: how an answer is read, kept in the standard form, and shown back.

What the register knows is not asked. A person is asked for name and number and kept as both; of the number the page
shows the last four digits alone.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dancu.formats import partial_date
from dancu.formats.errors import FormatError
from dancu.kit.web import communes, full_name, register_day
from dancu.reference.services import Field

LONGEST = 300
PLACES = ("new_unit", "stay_unit", "temporary_unit", "plot_unit", "child_home")
"""Text fields in which a commune is chosen, so that nobody mistypes it; kept as its code."""
PROVINCE = "24"


def label(field: Field) -> str:
    """In the language of the page."""
    return (field.label_en or field.label_vi) if get_language() == "en" else field.label_vi


def is_place(field: Field) -> bool:
    """Whether a commune is chosen."""
    return field.kind == "text" and field.name in PLACES


def form_of(field: Field, *, on: dt.date, data: Any = None, kept: Any = None) -> forms.Form:
    """The page's form for one question, with what was kept before."""
    made: type[forms.Form]
    if field.kind == "person":
        return PersonForm(data, field=field, kept=kept)
    given = _widget(field, on)
    made = type("OneQuestion", (forms.Form,), {"answer": given})
    return made(data, initial={"answer": kept})


def answer_of(form: forms.Form, field: Field, *, on: dt.date) -> tuple[Any, str]:
    """(the answer in its standard form, what is wrong with it) of a form that is filled."""
    if isinstance(form, PersonForm):
        return form.pair(), ""
    text = re.sub(r"\s+", " ", str(form.cleaned_data.get("answer") or "")).strip()
    if not text:
        return "", ""
    match field.kind:
        case "date":
            return _date(text, on)
        case "number":
            digits = re.sub(r"[ .]", "", text)
            whole = digits.isdecimal() and len(digits) < 10
            return (digits, "") if whole else ("", _("Ghi bằng chữ số, ví dụ 2."))
    return text, ""


def shown(field: Field, kept: Any, *, on: dt.date) -> str:
    """An answer in words, for «check your answers»."""
    if isinstance(kept, Mapping):
        name, number = str(kept.get("name", "")), str(kept.get("number", ""))
        return f"{name} ({_('số kết thúc bằng')} {number[-4:]})" if number else name
    text = str(kept or "")
    return full_name(text, register_day()) if text and is_place(field) else text


class PersonForm(forms.Form):
    """Name and number of somebody else; the number may be missing, the name not."""

    name = forms.CharField(label=gettext_lazy("Họ, chữ đệm và tên"), max_length=100)
    number = forms.CharField(
        label=gettext_lazy("Số định danh hoặc số CMND (nếu biết)"), max_length=20, required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, data: Any, *, field: Field, kept: Any) -> None:
        held = kept if isinstance(kept, Mapping) else {}
        super().__init__(data, initial={"name": held.get("name", "")})
        self._held = str(held.get("number", ""))
        self.fields["name"].required = field.required
        if self._held:
            self.fields["number"].help_text = _("Đã ghi số kết thúc bằng %(end)s. Để trống nếu không đổi.") % {
                "end": self._held[-4:]
            }  # fmt: skip

    def clean_number(self) -> str:
        """Blanks and dots are taken out; 12 or 9 digits are left."""
        digits = re.sub(r"[ .\-]", "", self.cleaned_data["number"])
        if digits and not re.fullmatch(r"[0-9]{12}|[0-9]{9}", digits):
            raise forms.ValidationError(_("Số định danh có 12 chữ số, số CMND có 9 chữ số."))
        return digits or self._held

    def pair(self) -> dict[str, str] | str:
        """Both, or nothing."""
        name = re.sub(r"\s+", " ", self.cleaned_data["name"]).strip()
        return {"name": name, "number": self.cleaned_data["number"]} if name else ""


def _widget(field: Field, on: dt.date) -> forms.Field:
    words = label(field)
    if field.kind == "choice":
        options = [(c, c) for c in field.choices]
        return forms.ChoiceField(
            label=words, choices=options, required=field.required, widget=forms.RadioSelect, help_text=field.hint
        )  # fmt: skip
    if is_place(field):
        day = register_day()
        named = sorted((full_name(code, day), code) for code in communes(PROVINCE))
        return forms.ChoiceField(
            label=words, choices=[("", "—"), *((code, name) for name, code in named)],
            required=field.required, help_text=field.hint, widget=forms.Select,
        )  # fmt: skip
    hint = field.hint or (_("Ví dụ 5/3/2024") if field.kind == "date" else "")
    attrs = {"inputmode": "numeric"} if field.kind in ("date", "number") else {}
    return forms.CharField(
        label=words,
        max_length=LONGEST,
        required=field.required,
        help_text=hint,
        widget=forms.TextInput(attrs=attrs),
    )


def _date(text: str, on: dt.date) -> tuple[str, str]:
    try:
        found = partial_date.parse(text)
    except FormatError:
        return "", _("Ghi ngày, tháng, năm, ví dụ 5/3/2024.")
    if len(found.text) != 10:
        return "", _("Ghi đủ ngày, tháng, năm, ví dụ 5/3/2024.")
    return partial_date.format(found.text), ""
