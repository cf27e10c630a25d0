"""Extraordinary access for officers, and its notices for the auditor."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from dancu.platform.access import extraordinary
from dancu.platform.access.forms import ExtraordinaryForm
from dancu.platform.access.models import Notice
from dancu.platform.access.pages import page

RIGHT = "access.extraordinary"


@page(RIGHT)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for it; the clock starts with the answer."""
    asked = {key: request.GET.get(key, "") for key in ("kind", "target")}
    form = ExtraordinaryForm(request.POST or None, initial=asked)
    if request.method == "POST" and form.is_valid():
        extraordinary.do_open(
            by=request.user, session_key=request.session.session_key, **form.cleaned_data
        )  # fmt: skip
        return redirect("access:ask")
    shown = {"form": form, "running": extraordinary.running(), "minutes": extraordinary.MINUTES}
    return render(request, "access/ask.html", shown, status=200 if request.method == "GET" else 422)


@page(RIGHT)
@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Close it before its time."""
    extraordinary.do_end(by=request.user, opening_id=number)
    return redirect("access:ask")


@page("audit.read")
def notices(request: HttpRequest) -> HttpResponse:
    """What the system tells the roles of this user; the database shows no others."""
    shown = Paginator(Notice.objects.all(), 50).get_page(request.GET.get("page"))
    return render(request, "access/notices.html", {"page": shown})
