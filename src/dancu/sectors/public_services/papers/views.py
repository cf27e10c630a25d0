"""Papers handed out: to officers who may see the dossier, to citizens whose they are. Every opening leaves its line."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dancu.kit.citizens import citizen_page, look_at_oneself
from dancu.kit.officers import log_dossier
from dancu.kit.web import page
from dancu.sectors.public_services import dossiers
from dancu.sectors.public_services.acting import Actor
from dancu.sectors.public_services.errors import NoDossier
from dancu.sectors.public_services.papers import kinds, making, store
from dancu.sectors.public_services.papers.store import NoPaper, Paper

PURPOSE = "procedure"


@page(right="dossier.view")
@require_GET
def paper(request: Any, paper: UUID) -> HttpResponse:
    """A paper of a dossier, for an officer; the applicant reads of it in the log of who looked."""
    found, body = _found(paper)
    at = timezone.now()
    dossier = dossiers.get(found.dossier_no)
    if dossier.applicant is not None:
        basis = _("hồ sơ %(code)s, giấy số %(number)s") % {
            "code": dossier.code,
            "number": found.number,
        }
        log_dossier(
            dossier.applicant, unit=dossier.place, by=request.user, purpose=PURPOSE, basis=basis
        )
    store.opened(found, by=request.user.username, citizen=None, at=at)
    return _handed_out(found, body)


@page(right="dossier.work")
@require_POST
def control_slip(request: Any, dossier_no: int) -> HttpResponse:
    """Make the control slip as of now, and open it."""
    try:
        dossier = dossiers.get(dossier_no)
    except NoDossier as error:
        raise Http404 from error
    by = Actor(request.user.username, "officer", request.user)
    made = making.control_slip(dossier, by=by, at=timezone.now())
    return redirect("services_papers:paper", made.paper)


@citizen_page
@require_GET
def mine(request: Any) -> HttpResponse:
    """«Giấy tờ của tôi»: what offices have issued to this person; those that prove something come first."""
    papers = store.of_person(request.citizen.citizen_id)
    results = [p for p in papers if p.kind == kinds.RESULT]
    forms = [p for p in papers if p.kind != kinds.RESULT]
    return render(request, "papers/mine.html", {"results": results, "forms": forms})


@citizen_page
@require_GET
def own_paper(request: Any, paper: UUID) -> HttpResponse:
    """One's own paper."""
    found, body = _found(paper)
    own = request.citizen
    look_at_oneself(own, fields=["full_name"])
    store.opened(found, by=own.username, citizen=own.citizen_id, at=timezone.now())
    return _handed_out(found, body)


def _found(paper: UUID) -> tuple[Paper, bytes]:
    try:
        found = store.get(paper)
        return found, store.read(found)
    except NoPaper as error:
        raise Http404 from error


def _handed_out(found: Paper, body: bytes) -> HttpResponse:
    """Shown in the browser, kept by no cache on the way, never taken for anything but a PDF."""
    return HttpResponse(
        body, content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{found.file_name}"',
            "Cache-Control": "private, no-store",
        },
    )  # fmt: skip
