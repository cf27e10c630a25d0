"""For officers: complaints and their answers, and a file that an applicant has sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from dancu.kit.web import page
from dancu.sectors.public_services.errors import ServiceError
from dancu.sectors.public_services.online import attachments, voices
from dancu.sectors.public_services.online.forms import AnswerForm
from dancu.sectors.public_services.online.own_views import file_answer


@page(right="dossier.sign")
@require_GET
def complaints(request: Any) -> HttpResponse:
    """What applicants are not content with, what is due first."""
    on = timezone.localdate()
    rows = [(c, c.is_late(on=on)) for c in voices.to_answer()]
    return render(request, "services_online/complaints.html", {"rows": rows})


@page(right="dossier.sign")
@require_http_methods(["GET", "POST"])
def complaint(request: Any, code: str) -> HttpResponse:
    """One of them, and the answer."""
    found = voices.complaint(code)
    if found is None:
        raise Http404
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            voices.do_answer(
                found,
                answer=form.cleaned_data["answer"],
                by=request.user.username,
                at=timezone.now(),
            )
            return redirect("services_online:complaints")
        except ServiceError as error:
            form.add_error(None, str(error))
    shown = {"one": found, "form": form, "late": found.is_late(on=timezone.localdate())}
    return render(
        request,
        "services_online/complaint.html",
        shown,
        status=200 if request.method == "GET" else 422,
    )


@page(right="dossier.view")
@require_GET
def file(request: Any, attachment: UUID) -> HttpResponse:
    """A file of a dossier that the officer may see."""
    del request
    return file_answer(attachments.read(attachment))
