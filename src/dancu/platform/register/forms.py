"""The search form: the text travels by POST; the commune, which is nobody's secret, may stand in the address."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dancu.platform.access import territory
from dancu.reference import purposes, units
from dancu.reference.rights import rights_of

_EARLIEST = 1880


class SearchForm(forms.Form):
    """What is looked for, where, and what for."""

    text = forms.CharField(
        label=_("Họ tên hoặc số"), max_length=80,
        help_text=_("Gõ có dấu hoặc không dấu, đủ hoặc một phần; số định danh, CMND, BHXH, BHYT, điện thoại, số hộ."),
        widget=forms.TextInput(
            attrs={"type": "search", "autocomplete": "off", "autofocus": True, "spellcheck": "false"}
        ),
    )  # fmt: skip
    born = forms.IntegerField(
        label=_("Năm sinh"), required=False, min_value=_EARLIEST,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 6}),
    )  # fmt: skip
    commune = forms.ChoiceField(label=_("Xã, phường"), required=False)
    purpose = forms.ChoiceField(label=_("Mục đích tra cứu"))

    def __init__(self, *args: Any, user: Any, day: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        communes: Any = self.fields["commune"]
        communes.choices = [("", _("Cả địa bàn của bạn")), *communes_of(user, day)]
        wanted: Any = self.fields["purpose"]
        wanted.choices = purposes_of(user, day)

    def clean_text(self) -> str:
        """At least two signs: one letter is everybody."""
        text: str = self.cleaned_data["text"].strip()
        if len(text) < 2:
            raise forms.ValidationError(_("Gõ ít nhất hai ký tự."))
        return text


def communes_of(user: Any, day: dt.date) -> list[tuple[str, str]]:
    """The communes in which the user may search, by name; more of them are opened extraordinarily."""
    from dancu.platform.access import extraordinary

    tree = units.on(max(day, units.FIRST_DAY))
    codes = set(extraordinary.units())
    for grant in user.grants_today:
        if any(entry.right == "person.search" for entry in rights_of(grant.role)):
            codes |= territory.of_grant(grant, on=day)
    known = [unit for code in codes if (unit := tree.find(code))]
    return [(u.code, f"{u.full_name} ({u.code})") for u in sorted(known, key=lambda u: u.full_name)]


def purposes_of(user: Any, day: dt.date) -> list[tuple[str, str]]:
    """The purposes that an officer of these roles may choose for a list of people: none by consent."""
    english = get_language() == "en"
    return [
        (p.code, p.name_en if english else p.name_vi)
        for p in purposes.purposes(on=day).values()
        if p.is_open_to(user.roles_today) and not p.by_consent and p.code != purposes.OWN
    ]
