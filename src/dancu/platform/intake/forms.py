"""Forms of lists: the file, and what its columns mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dancu.engine.intake import SheetResult
from dancu.engine.spec import SectorSpec
from dancu.platform.intake import receiving
from dancu.platform.register.words_of import given
from dancu.reference.fields import fields, raw_roles


class FileForm(forms.Form):
    """One file; its kind is told by its content."""

    file = forms.FileField(
        label=_("Tệp danh sách"),
        help_text=_("Bảng tính hoặc CSV, tối đa 50 MB. Mỗi dòng một người, có dòng tiêu đề."),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(receiving.ENDINGS)}),
    )


class MappingForm(forms.Form):
    """Whose list it is, what each heading means, and what becomes of an older file."""

    def __init__(
        self, found: list[SheetResult], specs: Mapping[str, SectorSpec], former: list[str], *args: Any, **kw: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kw)
        english = get_language() == "en"
        names = [
            (s, spec.name_en if english else spec.name_vi)
            for s, spec in specs.items()
            if s not in _NOBODYS
        ]
        recognised = next((sheet.source for sheet in found if sheet.source), None) or "general"
        self.fields["sector"] = forms.ChoiceField(
            label=_("Danh sách của nguồn"), choices=names, initial=recognised,
            help_text=_("Đề xuất theo tiêu đề các cột."),
        )  # fmt: skip
        roles = [
            ("", _("(không đọc)")),
            *((r, fields()[r].label_en if english else fields()[r].label_vi) for r in raw_roles()),
        ]
        self.columns: list[tuple[str, Any]] = []
        for at, column in enumerate(_columns(found)):
            name = f"column_{at}"
            self.fields[name] = forms.ChoiceField(
                label=column.heading, choices=roles, initial=column.role or "", required=False,
                help_text=" · ".join(given(column.role or "", cell) for cell in column.samples),
            )  # fmt: skip
            self.columns.append((column.heading, name))
        self.fields["replaces"] = forms.ChoiceField(
            label=_("Thay cho tệp đã nộp"), required=False,
            choices=[("", _("Không thay tệp nào")), *((n, n) for n in former)],
            help_text=_("Cùng danh sách của kỳ trước: dòng giống nhau giữ nguyên, dòng khác được sửa."),
        )  # fmt: skip
        self.fields["whole"] = forms.BooleanField(
            label=_("Dòng không còn trong tệp mới thì bỏ khỏi sổ"), required=False
        )

    def mapping(self) -> dict[str, str]:
        """Heading -> role; a heading that says nothing is mapped to nothing."""
        return {heading: self.cleaned_data[name] for heading, name in self.columns}


_NOBODYS = {"register", "corrections", "demo"}


def _columns(found: list[SheetResult]) -> list[Any]:
    """Each heading of the file once."""
    listed: dict[str, Any] = {}
    for sheet in found:
        for column in sheet.proposal.columns:
            if column.heading:
                listed.setdefault(column.heading, column)
    return [*listed.values()]
