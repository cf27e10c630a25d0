"""The forms of the citizen's pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.kit.files import LARGEST
from dancu.sectors.public_services.notices import contacts

_STARS = (
    ("5", gettext_lazy("5 — Rất hài lòng")),
    ("4", gettext_lazy("4 — Hài lòng")),
    ("3", gettext_lazy("3 — Bình thường")),
    ("2", gettext_lazy("2 — Chưa hài lòng")),
    ("1", gettext_lazy("1 — Rất không hài lòng")),
)


class PaperForm(forms.Form):
    """One file, from the camera or the memory of the telephone."""

    paper = forms.FileField(
        label=gettext_lazy("Chụp hoặc chọn ảnh giấy tờ"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
        help_text=gettext_lazy("Ảnh chụp rõ cả trang, hoặc tệp PDF, dưới 12 MB."),
        error_messages={"required": gettext_lazy("Chọn ảnh hoặc tệp trước khi gửi.")},
    )  # fmt: skip

    def clean_paper(self) -> Any:
        """Too large is said before anything is read."""
        found = self.cleaned_data["paper"]
        if found.size > LARGEST:
            raise forms.ValidationError(_("Tệp lớn quá 12 MB. Chụp lại ở cỡ ảnh nhỏ hơn."))
        return found


class ReasonForm(forms.Form):
    """Why a dossier is withdrawn."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    event_id = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Vì sao bạn rút hồ sơ"), max_length=500, min_length=5,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class ActForm(forms.Form):
    """An action without words of its own."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    event_id = forms.UUIDField(widget=forms.HiddenInput)


class RatingForm(forms.Form):
    """One to five, and words."""

    stars = forms.ChoiceField(
        label=gettext_lazy("Bạn hài lòng đến đâu"), choices=_STARS, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Chọn một mức.")},
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("Góp ý thêm (không bắt buộc)"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class ComplaintForm(forms.Form):
    """What somebody is not content with."""

    event_id = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=gettext_lazy("Điều bạn chưa hài lòng"), max_length=3000, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Viết điều bạn chưa hài lòng.")},
    )  # fmt: skip


class AnswerForm(forms.Form):
    """An office's answer to a complaint."""

    answer = forms.CharField(
        label=gettext_lazy("Trả lời người phản ánh"),
        help_text=gettext_lazy(
            "Đã xem xét thế nào, làm gì, khi nào xong. Gửi rồi thì không sửa được."
        ),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class ContactForm(forms.Form):
    """How somebody wants to be told."""

    channel = forms.ChoiceField(
        label=gettext_lazy("Bạn muốn nhận tin bằng cách nào"), widget=forms.RadioSelect,
        choices=(
            ("sms", gettext_lazy("Tin nhắn điện thoại")),
            ("email", gettext_lazy("Thư điện tử")),
            ("none", gettext_lazy("Không cần, tôi tự xem trên trang này")),
        ),
    )  # fmt: skip
    address = forms.CharField(
        label=gettext_lazy("Số điện thoại hoặc địa chỉ thư"), max_length=200, required=False,
        help_text=gettext_lazy("Ví dụ 0912 345 678. Tin chỉ có mã hồ sơ và việc cần làm."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The address in its standard form."""
        given = super().clean() or {}
        found = contacts.address(given.get("channel", "none"), given.get("address", ""))
        if found is None:
            self.add_error(
                "address", _("Số hoặc địa chỉ chưa đúng. Số di động có 10 chữ số, bắt đầu bằng 0.")
            )
        return given | {"address": found}


class CodeForm(forms.Form):
    """The code of «nhờ nộp thay»."""

    code = forms.CharField(
        label=gettext_lazy("Mã người thân đưa cho bạn"), max_length=30,
        help_text=gettext_lazy("Ví dụ ABCD-EFGH-JKLM"), widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class PaperConsentForm(forms.Form):
    """The signed form of somebody who cannot log in."""

    paper = forms.CharField(
        label=gettext_lazy("Giấy nhờ nộp thay: số, ngày, người chứng kiến"),
        help_text=gettext_lazy("Ví dụ: Giấy số 3 ngày 05/03/2024, bà Trần Thị Lan chứng kiến"),
        max_length=300,
        min_length=5,
    )
