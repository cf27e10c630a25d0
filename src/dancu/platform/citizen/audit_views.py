"""For the auditor: what citizens ask about looks at their data, and the answers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from dancu.platform.access.pages import page
from dancu.platform.citizen import questions
from dancu.platform.citizen.models import Question


@page("audit.read")
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Those that wait, the most urgent first; then those answered last."""
    waiting = [{"question": q, "late": questions.late(q)} for q in questions.waiting()]
    answered = Question.objects.filter(state="answered").order_by("-answered_at")[:50]
    return render(request, "citizen/audit_list.html", {"waiting": waiting, "answered": answered})


@page("audit.read")
@require_http_methods(["GET", "POST"])
def one(request: Any, code: str) -> HttpResponse:
    """A question with the look that it is about; the auditor is told no name."""
    found = get_object_or_404(Question, code=code)
    told = ""
    if request.method == "POST":
        try:
            questions.do_answer(
                code=code, by=request.user, on=timezone.now(), answer=request.POST.get("answer", "")
            )
            return redirect("citizen:audit")
        except questions.QuestionError as error:
            told = str(error)
    shown = {
        "question": found,
        "told": told,
        "typed": request.POST.get("answer", ""),
        "late": questions.late(found),
    }
    return render(request, "citizen/audit_one.html", shown, status=422 if told else 200)
