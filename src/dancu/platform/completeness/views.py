"""Pages of the comparison: figures for everybody, gaps and partners' receipts for the auditor."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from dancu.platform.access.pages import page, public
from dancu.platform.completeness import reading
from dancu.platform.completeness import receipts as held
from dancu.platform.completeness.lists import LISTS

AUDIT = "audit.read"
_LARGEST = 40_000_000


class ReceiptsForm(forms.Form):
    """Whose receipts, and the file."""

    partner = forms.RegexField(
        r"[\w.-]{1,80}",
        label=gettext_lazy("Mã đối tác"),
        help_text=gettext_lazy("Như trong danh mục đối tác."),
    )
    file = forms.FileField(
        label=gettext_lazy("Tệp biên nhận"),
        help_text=gettext_lazy("CSV hoặc văn bản, mỗi dòng một số biên nhận."),
    )

    def clean_file(self) -> list[object]:
        """The receipts in it."""
        given = self.cleaned_data["file"]
        if given.size > _LARGEST:
            raise forms.ValidationError(_("Tệp quá lớn: chia thành nhiều tệp."))
        try:
            return list(held.read(given.read().decode("utf-8-sig")))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("Tệp không phải văn bản UTF-8.")) from None
        except ValueError as error:
            raise forms.ValidationError(str(error).split(". ")[0]) from None


@public
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Days, answers, lines, gaps; no view, no person, no officer."""
    return render(request, "completeness/public.html", {"runs": reading.days()})


@page(right=AUDIT)
@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    """Every gap with its view, moment and number of the request."""
    shown = {
        "gaps": reading.gaps(),
        "runs": reading.days(most=1),
        "lists": LISTS.items(),
        "form": ReceiptsForm(),
    }
    return render(request, "completeness/gaps.html", shown)


@page(right=AUDIT)
@require_http_methods(["POST"])
def receipts(request: HttpRequest) -> HttpResponse:
    """A partner's list; it is compared with the log at the next comparison."""
    form = ReceiptsForm(request.POST, request.FILES)
    if not form.is_valid():
        shown = {
            "gaps": reading.gaps(),
            "runs": reading.days(most=1),
            "lists": LISTS.items(),
            "form": form,
        }
        return render(request, "completeness/gaps.html", shown, status=422)
    given = form.cleaned_data
    held.do_hold(by=request.user.username, partner=given["partner"], receipts=given["file"])
    return redirect("completeness:gaps")
