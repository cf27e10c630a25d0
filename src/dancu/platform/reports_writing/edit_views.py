"""A sentence changed by a person: warned where it has figures, asked again when one goes or a typed number comes."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dancu.platform.access.pages import page
from dancu.platform.reports_writing import keeping, shown
from dancu.platform.reports_writing.keeping import NeedsConfirming, ReportError
from dancu.platform.reports_writing.models import Edit
from dancu.platform.reports_writing.views import kept_or_404


@page(right="report.write")
@require_http_methods(["GET", "HEAD", "POST"])
def sentence(request: HttpRequest, key: str, sentence: str) -> HttpResponse:
    """The form; an empty text goes back to what was counted."""
    kept = kept_or_404(key)
    found = next((s for s in kept.report.sentences if s.key == sentence), None)
    if found is None:
        raise Http404
    asked_again, error = None, ""
    if request.method == "POST":
        try:
            keeping.do_edit(
                key=key, sentence=sentence, text="" if "restore" in request.POST else request.POST.get("text", ""),
                reason=request.POST.get("reason", ""), confirmed="confirmed" in request.POST,
                by=request.user.username, at=timezone.now(),
            )  # fmt: skip
            return redirect(f"{reverse('reports_writing:one', args=[key])}#{sentence}")
        except NeedsConfirming as needs:
            asked_again = needs.made
        except ReportError as refused:
            error = str(refused)
    told = {
        **shown.head(kept), "sentence": found, "figures": shown.figures(found), "again": asked_again, "error": error,
        "text": request.POST.get("text", found.text), "reason": request.POST.get("reason", ""),
        "edited": sentence in kept.edits, "edits": Edit.objects.filter(key=key, sentence=sentence).order_by("-id"),
        "back": f"{reverse('reports_writing:one', args=[key])}#{sentence}", "closed": kept.issue is not None,
        "marks": [m for m in kept.report.marks if m.where == sentence],
    }  # fmt: skip
    return render(
        request, "reports_writing/sentence.html", told, status=422 if error or asked_again else 200
    )
