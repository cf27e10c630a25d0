"""The progress of a job, as a fragment that asks for itself again until the job is over."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from dancu.platform.access.pages import page
from dancu.platform.access.rights import check_right
from dancu.platform.tasks.models import Job


@page()
def progress(request: HttpRequest, number: int) -> HttpResponse:
    """When the job is over the page around it is loaded anew: it shows what came of it."""
    job = get_object_or_404(Job, pk=number)
    check_right(request.user, job.right)
    answer = render(request, "tasks/progress.html", {"job": job})
    if job.is_over and request.headers.get("HX-Request"):
        answer["HX-Refresh"] = "true"
    return answer
