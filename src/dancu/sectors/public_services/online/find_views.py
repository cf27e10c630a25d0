"""For anybody: find a service, read what it needs, follow a dossier by its code."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from dancu.kit.citizens import address_of, who
from dancu.kit.web import public
from dancu.reference import services
from dancu.reference.errors import ReferenceDataError
from dancu.sectors.public_services.online import following, own_record, telling

LONGEST = 200


@public
@require_GET
def find(request: Any) -> HttpResponse:
    """The start page: what do you need? With or without marks, in one's own words."""
    request.citizen = who(request)
    on = timezone.localdate()
    asked = request.GET.get("tim", "").strip()[:LONGEST]
    found = services.find_by_words(asked, on=on) if asked else ()
    often = [p for p in services.procedures(on=on) if p.essential_id]
    return render(
        request, "services_online/find.html", {"asked": asked, "found": found[:8], "often": often}
    )


@public
@require_GET
def service(request: Any, procedure: str) -> HttpResponse:
    """What is needed and what is not, cost, time, where; for who came from outside, and for who is logged in."""
    request.citizen = who(request)
    on = timezone.localdate()
    try:
        found = services.get(procedure, on=on)
    except ReferenceDataError:
        raise Http404 from None
    needs = own_record.before_log_in(found.code, on=on)
    shown = {
        "procedure": found,
        "limit": telling.limit(found),
        "needed": [n.part for n in needs if n.how in ("upload", "bring")],
        "not_needed": [n.part for n in needs if n.how == "register"],
        "may_be_there": [n.part for n in needs if n.part.result_of],
        "steps": services.steps(found.code, on=on),
        "online": found.online_level != "none",
    }
    return render(request, "services_online/service.html", shown)


@public
@require_GET
def follow(request: HttpRequest) -> HttpResponse:
    """Status and day of a dossier; of a code that is none, the same page with the same kind of sentence."""
    code = request.GET.get("ma", "")
    if not code.strip():
        return render(request, "services_online/follow.html")
    if following.is_too_often(address_of(request)):
        return render(request, "services_online/follow.html", {"often": True}, status=429)
    shown = {"code": following.code_of(code), "found": following.follow(code), "asked": True}
    return render(request, "services_online/follow.html", shown)
