"""Forms: a list to be taken in, two lists to be compared, what each column means."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dancu.sectors.public_services.importing import taking
from dancu.sectors.public_services.importing.fields import fields
from dancu.sectors.public_services.importing.reading import Sheet

ENDINGS = ".xlsx,.xls,.ods,.csv,.txt,.json"


def _file(label: Any, hint: Any = "", *, required: bool = True) -> forms.FileField:
    widget = forms.ClearableFileInput(attrs={"accept": ENDINGS})
    return forms.FileField(label=label, help_text=hint, widget=widget, required=required)


class ImportForm(forms.Form):
    """A portal's file."""

    source = forms.CharField(
        label=_("Cổng gửi danh sách"), max_length=40,
        help_text=_("Tên ngắn, lần nào cũng viết như nhau, ví dụ: mot-cua-tinh."),
    )  # fmt: skip
    file = _file(
        _("Tệp danh sách hoặc tiến độ"),
        _("Bảng tính, CSV hoặc bản tin đồng bộ JSON, tối đa 200 MB."),
    )

    def clean_source(self) -> str:
        """As it is kept."""
        try:
            return taking.check_source(self.cleaned_data["source"])
        except taking.NotTaken as error:
            raise forms.ValidationError(str(error)) from error


class DifferForm(forms.Form):
    """Two portals' files of one period; without the second, our own register."""

    first = forms.DateField(label=_("Từ ngày"), help_text=_("Ví dụ: 01/06/2024"))
    last = forms.DateField(label=_("Đến ngày"), help_text=_("Ví dụ: 30/06/2024"))
    a = _file(
        _("Danh sách A"),
        _("Xuất rộng hơn kỳ vài ngày, để thấy hồ sơ bị ghi sang kỳ khác."),
    )
    b = _file(_("Danh sách B"), _("Để trống thì so với sổ hồ sơ của tỉnh."), required=False)

    def clean(self) -> dict[str, Any]:
        """The last day comes after the first."""
        given = super().clean() or {}
        if (first := given.get("first")) and (last := given.get("last")) and last < first:
            self.add_error("last", _("Ngày cuối phải sau ngày đầu."))
        return given


class MappingForm(forms.Form):
    """What each heading means."""

    def __init__(self, sheets: list[Sheet], *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        english = get_language() == "en"
        roles = [
            ("", _("(không đọc)")),
            *((f.role, f.name_en if english else f.name_vi) for f in fields().values()),
        ]
        self.columns: list[tuple[str, str]] = []
        headings = {head: role for sheet in sheets for head, role in sheet.headings.items()}
        for at, (heading, role) in enumerate(headings.items()):
            name = f"column_{at}"
            self.fields[name] = forms.ChoiceField(
                label=heading, choices=roles, initial=role, required=False
            )
            self.columns.append((heading, name))

    def clean(self) -> dict[str, Any]:
        """A field comes from one column only, and a list has a code in it."""
        given = super().clean() or {}
        roles = [role for _head, name in self.columns if (role := given.get(name))]
        if len(roles) != len(set(roles)):
            raise forms.ValidationError(_("Hai cột cùng một ý nghĩa: chọn lại một cột."))
        if "code" not in roles:
            raise forms.ValidationError(_("Chọn cột nào là mã hồ sơ."))
        return given

    def mapping(self) -> dict[str, str]:
        """Heading -> role."""
        return {heading: self.cleaned_data[name] for heading, name in self.columns}
