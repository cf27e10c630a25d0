"""«Ai đã xem dữ liệu của tôi», one look with its proof, and the question about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from dancu.platform.citizen import looks, questions
from dancu.platform.citizen.models import Question
from dancu.platform.citizen.own import citizen_page
from dancu.platform.citizen.proving import proof_of
from dancu.reference.terms import term


class QuestionForm(forms.Form):
    """What the citizen wants to know."""

    event_id = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Bạn muốn hỏi điều gì?"), max_length=1000, min_length=5,
        help_text=_("Ví dụ: Tôi không làm thủ tục nào ở xã này. Không cần ghi số định danh."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip


@citizen_page
@require_GET
def listed(request: Any) -> HttpResponse:
    """The newest first, a page at a time, perhaps of one month."""
    month = looks.month_of(request.GET.get("thang", ""))
    after = request.GET.get("sau", "")
    found, more = looks.page(request.citizen, after=after, month=month)
    shown = {
        "looks": found,
        "more": more,
        "month": month,
        "months": looks.last_months(timezone.now()),
        "further": bool(after),
    }
    return render(request, "citizen/looks.html", shown)


@citizen_page
@require_GET
def one(request: Any, receipt: UUID) -> HttpResponse:
    """A look by its receipt number, with what proves that it cannot be taken out of the log again."""
    look = looks.one(request.citizen, receipt)
    if look is None:
        raise Http404
    return render(request, "citizen/look.html", {"look": look, "proof": proof_of(receipt)})


@citizen_page
@require_http_methods(["GET", "POST"])
def ask(request: Any, receipt: UUID) -> HttpResponse:
    """«Không phải tôi», «tôi không hiểu lượt xem này»: to the auditor."""
    look = looks.one(request.citizen, receipt)
    if look is None or look.own:
        raise Http404
    form = QuestionForm(request.POST or None, initial={"event_id": uuid4()})
    if request.method == "POST" and form.is_valid():
        made = questions.do_ask(
            by=request.citizen, on=timezone.localdate(), look=look, **form.cleaned_data
        )
        return redirect("citizen:question", code=made.code)
    status = 200 if request.method == "GET" else 422
    days = term("look_question", on=timezone.localdate()).amount
    told = {"look": look, "form": form, "days": days}
    return render(request, "citizen/ask.html", told, status=status)


@citizen_page
@require_GET
def asked(request: Any) -> HttpResponse:
    """What was asked, and the answers."""
    return render(request, "citizen/questions.html", {"questions": Question.objects.all()[:100]})


@citizen_page
@require_GET
def question(request: Any, code: str) -> HttpResponse:
    """One question by its code; the database shows nobody another's."""
    found = get_object_or_404(Question, code=code)
    return render(request, "citizen/question.html", {"question": found})
