"""Children for whom the citizen speaks, and what the province must tell the citizen about an incident."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from dancu.platform.citizen import children, consent_views, request_views
from dancu.platform.citizen.own import citizen_page
from dancu.platform.consent import acting, breaches, requests, services


@citizen_page
@require_POST
def listed(request: Any) -> HttpResponse:
    """The own children under the age of the law. By POST, since each finds the look in its log."""
    found = acting.my_children(on=timezone.localdate())
    return render(request, "citizen/children.html", {"children": found})


@citizen_page
@require_GET
def one(request: Any, child: UUID) -> HttpResponse:
    """What was agreed to and asked for one child, and what can be; nothing of its record."""
    about = children.about(request.citizen, child)
    shown = {
        "child": about.child,
        "consents": [consent_views.line(c) for c in services.of_citizen(citizen_id=about.citizen_id)],
        "requests": [request_views.line(r) for r in requests.of_citizen(citizen_id=about.citizen_id)],
        "kinds": request_views.OF_A_CHILD,
    }  # fmt: skip
    return render(request, "citizen/child.html", shown)


@citizen_page
@require_GET
def incidents(request: Any) -> HttpResponse:
    """What happened to the own data, in the words meant for those it touched; of nobody else anything."""
    return render(request, "citizen/incidents.html", {"told": breaches.mine()})
