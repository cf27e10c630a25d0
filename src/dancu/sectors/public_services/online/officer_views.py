"""For officers: complaints and their answers, and a file that an applicant has sent."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dancu.kit.web import full_name, page, register_day
from dancu.reference import services
from dancu.sectors.public_services.dossiers import local
from dancu.sectors.public_services.errors import ServiceError
from dancu.sectors.public_services.online import attachments, voices
from dancu.sectors.public_services.online.forms import AnswerForm
from dancu.sectors.public_services.online.own_views import file_answer
from dancu.sectors.public_services.online.voices import Complaint

SOON = 5
"""Days before an answer is due on which it stands out."""


@page(right="dossier.sign")
@require_GET
def complaints(request: Any) -> HttpResponse:
    """What applicants are not content with, what is due first."""
    on = timezone.localdate()
    rows = [_shown(c, on) for c in voices.to_answer()]
    waiting = [row for row in rows if not row["one"].answer]
    counts = {"waiting": len(waiting), "late": sum(row["one"].is_late(on=on) for row in waiting)}
    return render(request, "services_online/complaints.html", {"rows": rows, "on": on, **counts})


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
    own = found.holder == request.user.username
    shown = {**_shown(found, timezone.localdate()), "form": form, "own": own}
    return render(
        request,
        "services_online/complaint.html",
        shown,
        status=200 if request.method == "GET" else 422,
    )


def _shown(one: Complaint, on: dt.date) -> dict[str, Any]:
    """With the names of procedure and unit, and how it stands: (look, words)."""
    then = local(one.filed_at).date()
    procedure, left = services.find(one.procedure, on=then), one.days_left(on=on)
    name = one.procedure
    if procedure is not None:
        name = procedure.name_en if get_language() == "en" else procedure.name_vi
    if one.answer:
        state = "good", _("Đã trả lời")
    elif left < 0:
        state = "bad", _("Quá hạn %(n)s ngày") % {"n": -left}
    else:
        state = "fair" if left <= SOON else "info", _("Còn %(n)s ngày") % {"n": left}
    return {
        "one": one,
        "procedure": name,
        "unit": full_name(one.unit_code, register_day()),
        "state": state,
    }


@page(right="dossier.view")
@require_GET
def file(request: Any, attachment: UUID) -> HttpResponse:
    """A file of a dossier that the officer may see."""
    del request
    return file_answer(attachments.read(attachment))
