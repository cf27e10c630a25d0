"""Forms of the subscription pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dancu.platform.feed import notes, scope
from dancu.platform.feed.addresses import Unreachable, parse, resolve
from dancu.platform.feed.shown import WHY
from dancu.platform.partners.models import Partner
from dancu.platform.register.words_of import label
from dancu.reference import purposes


class SubscriptionForm(forms.Form):
    """A partner's subscription; `partner` fixed when it is changed."""

    purpose = forms.ChoiceField(label=_("Mục đích"))
    fields_told = forms.MultipleChoiceField(
        label=_("Trường được báo khi thay đổi"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Không chọn trường nào: mọi trường mà mục đích cho phép"),
    )
    values = forms.BooleanField(
        label=_("Gửi kèm giá trị mới"),
        required=False,
        help_text=_(
            "Chỉ khi mục đích cho phép; mỗi lần gửi là một lần xem, công dân thấy trong nhật ký"
        ),
    )
    url = forms.CharField(
        label=_("Địa chỉ nhận"),
        max_length=500,
        required=False,
        help_text=_("Ví dụ: https://benhvien.example/dancu; để trống nếu đối tác tự đọc qua API"),
    )

    def __init__(self, *args: Any, partner: Partner, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.partner = partner
        on = timezone.localdate()
        known = [code for code in partner.purposes if scope.allowed_fields(partner, code, on=on)]
        language = get_language() or "vi"
        self.fields["purpose"].choices = [(c, purposes.name(c, language)) for c in known]
        listed = sorted({f for c in known for f in scope.allowed_fields(partner, c, on=on)})
        self.fields["fields_told"].choices = [(f, label(f)) for f in listed]

    def clean_url(self) -> str:
        """An address that may be sent to today."""
        url = str(self.cleaned_data["url"]).strip()
        if url:
            try:
                resolve(parse(url, plain=notes.invented(using="default")))
            except Unreachable as error:
                raise forms.ValidationError(WHY.get(error.why, WHY["line"])) from None
        return url

    def clean(self) -> dict[str, Any]:
        """Only what the purpose opens; values only where it gives them."""
        found: dict[str, Any] = super().clean() or {}
        on, purpose = timezone.localdate(), found.get("purpose")
        if not purpose:
            return found
        allowed = scope.allowed_fields(self.partner, purpose, on=on)
        if not set(found.get("fields_told", ())) <= allowed:
            self.add_error("fields_told", _("Có trường mà mục đích này không cho phép."))
        if found.get("values") and not purposes.get(purpose, on=on).values:
            self.add_error("values", _("Mục đích này không cho gửi giá trị."))
        return found


class PartnerForm(forms.Form):
    """Whose subscription it is to be."""

    partner = forms.ChoiceField(label=_("Đối tác"))

    def __init__(self, *args: Any, taken: frozenset[str], **kw: Any) -> None:
        super().__init__(*args, **kw)
        free = Partner.objects.exclude(client_id__in=taken)
        self.fields["partner"].choices = [(p.client_id, p.name_vi) for p in free]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Lý do"), max_length=300)


class NothingForm(forms.Form):
    """Nothing is asked."""


class SecretForm(forms.Form):
    """How long the old secret goes on."""

    hours = forms.IntegerField(
        label=_("Số giờ khoá cũ còn dùng được"),
        min_value=0,
        max_value=168,
        initial=24,
        help_text=_("Ghi 0 nếu khoá cũ bị lộ"),
    )


class ReplayForm(forms.Form):
    """From when on everything is told again."""

    since = forms.DateTimeField(
        label=_("Gửi lại từ lúc"),
        input_formats=["%d/%m/%Y %H:%M", "%d/%m/%Y"],
        help_text=_("Ngày/tháng/năm giờ:phút, ví dụ: 5/3/2026 08:00"),
    )
    reason = forms.CharField(label=_("Lý do"), max_length=300)

    def clean_since(self) -> dt.datetime:
        """Not in the future."""
        since: dt.datetime = self.cleaned_data["since"]
        if since > timezone.now():
            raise forms.ValidationError(_("Lúc này chưa tới."))
        return since
