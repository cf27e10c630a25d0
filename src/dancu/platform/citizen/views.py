"""The citizen's own pages: what can be done here, the own record, the own household, a copy to take along."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from dancu.platform.access.rights import Refused
from dancu.platform.citizen import copy, record
from dancu.platform.citizen.own import citizen_page
from dancu.platform.consent import breaches
from dancu.platform.consent import requests as subject_requests
from dancu.platform.consent import services as consents
from dancu.platform.register.words_of import is_number
from dancu.platform.ui import nav


@citizen_page
@require_GET
def home(request: Any) -> HttpResponse:
    """The list of what can be done here, with what is open now."""
    own = request.citizen
    asked = subject_requests.of_citizen(citizen_id=own.citizen_id)
    given = consents.open_consents(citizen_id=own.citizen_id, at=timezone.now())
    shown = {
        "own": own,
        "offers": nav.offers(),
        "open_requests": sum(r.is_open for r in asked),
        "open_consents": len(given),
        "incidents": len(breaches.mine()),
    }
    return render(request, "citizen/home.html", shown)


@citizen_page
@require_GET
def data(request: Any) -> HttpResponse:
    """«Dữ liệu của tôi»."""
    return render(request, "citizen/data.html", record.page(request.citizen))


@citizen_page
@require_POST
def whole_number(request: Any) -> HttpResponse:
    """The record with one number in full, which is a line of its own in the log."""
    field = request.POST.get("field", "")
    if not is_number(field) or field in record.OF_RELATIVES:
        return HttpResponseBadRequest()
    try:
        shown = record.page(request.citizen, shown_full=field)
    except Refused:
        return HttpResponseBadRequest()
    return render(request, "citizen/data.html", shown)


@citizen_page
@require_POST
def household(request: Any) -> HttpResponse:
    """Who is written down in the same household. By POST, since the others find the look in their logs."""
    return render(request, "citizen/household.html", {"members": record.household(request.citizen)})


@citizen_page
@require_GET
def take_along(request: HttpRequest) -> HttpResponse:
    """What a copy holds, before it is taken."""
    return render(request, "citizen/copy.html")


@citizen_page
@require_POST
def download(request: Any) -> HttpResponse:
    """The copy as a file that programs read."""
    answer = JsonResponse(
        copy.of(request.citizen, at=timezone.now()),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
    answer["Content-Disposition"] = 'attachment; filename="du-lieu-cua-toi.json"'
    return answer
