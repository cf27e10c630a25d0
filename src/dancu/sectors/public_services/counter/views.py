"""The inbox, one dossier, and what is done to it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dancu.kit.web import page, register_day
from dancu.reference import services
from dancu.sectors.public_services import acting, dossiers
from dancu.sectors.public_services.counter import actions, checks, reading, shown, whole
from dancu.sectors.public_services.counter.reading import Filters
from dancu.sectors.public_services.dossiers import Dossier
from dancu.sectors.public_services.errors import Changed, NoDossier, ServiceError


@page(right="dossier.view")
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """Dossiers of the territory, late and due soon first."""
    at, day = timezone.now(), register_day()
    filters = Filters.of(request.GET)
    asked = request.GET.get("trang", "1")
    number = int(asked) if asked.isdigit() and 0 < int(asked) < 10_000 else 1
    by = reading.asker(request.user)
    found = reading.page(filters, by=by, at=at, number=number)
    told = {
        "rows": [shown.row(one, at=at, day=day) for one in found[: reading.PAGE]],
        "more": len(found) > reading.PAGE, "number": number, "filters": filters, "q": asked_as(request),
        "steps": _steps(reading.counts(filters, by=by, at=at), filters),
        "procedures": shown.procedures(on=timezone.localdate(at)),
        "channels": [(str(code), shown.channel(code)) for code in services.channels()],
        "units": whole.named(by.communes, day), "whose": whole.whose(request.user), "on": timezone.localdate(at),
        "may_act": bool(actions.roles(request.user)), "may_work": "officer" in actions.roles(request.user),
        "may_sign": "leader" in actions.roles(request.user),
    }  # fmt: skip
    return render(request, "counter/inbox.html", told)


def _steps(counts: Any, filters: Filters) -> list[dict[str, Any]]:
    """The tabs: how many dossiers of each step."""
    return [
        {
            "code": code, "name": name, "n": counts[code], "here": filters.step == code and not filters.due,
            "many": code == "tra" and counts[code] >= reading.MOST_COUNTED,
        }
        for code, name in shown.STEP_NAMES.items()
    ] + [
        {"due": due, "name": name, "n": counts[due], "here": filters.due == due, "look": look}
        for due, name, look in (("qua", _("Quá hạn"), "bad"), ("sap", _("Sắp đến hạn"), "fair"))
    ]  # fmt: skip


@page(right="dossier.view")
@require_GET
def dossier(request: HttpRequest, dossier_no: int) -> HttpResponse:
    """One dossier. Opening it leaves a line in the applicant's access log, with the dossier as its purpose."""
    return _page(request, get(dossier_no), {})


@page(right="dossier.view")
@require_POST
def act(request: HttpRequest, dossier_no: int) -> HttpResponse:
    """One action; what is wrong is told with everything that was typed still there."""
    before = get(dossier_no)
    try:
        ask = actions.ask_of(request.POST, before)
        by = actions.actor(request.user, ask.action)
        acting.do_act(dossier_no=dossier_no, by=by, ask=ask, at=timezone.now())
    except ServiceError as error:
        return _not_done(request, dossier_no, error)
    return redirect(_address(request, dossier_no) + "#da-lam")


@page(right="dossier.work")
@require_POST
def confirm_identity(request: HttpRequest, dossier_no: int) -> HttpResponse:
    """The officer compared the papers, where nobody could be asked or what was asked did not fit."""
    get(dossier_no)
    by = acting.Actor(request.user.username, "officer", request.user)
    try:
        checks.do_confirm_by_paper(
            dossier_no, by=by, note=request.POST.get("note", ""), at=timezone.now()
        )
    except ServiceError as error:
        return _not_done(request, dossier_no, error)
    return redirect(_address(request, dossier_no))


def get(dossier_no: int) -> Dossier:
    """The dossier, or «not found» for one that is none of the asker's."""
    try:
        return dossiers.get(dossier_no)
    except NoDossier as error:
        raise Http404 from error


def asked_as(request: HttpRequest) -> str:
    """The query as it stands behind an address: the filters go along from page to page."""
    query = request.GET.urlencode()
    return f"?{query}" if query else ""


def _address(request: HttpRequest, dossier_no: int) -> str:
    return reverse("services_counter:dossier", args=[dossier_no]) + asked_as(request)


def _not_done(request: HttpRequest, dossier_no: int, error: ServiceError) -> HttpResponse:
    status = 409 if isinstance(error, Changed) else 422
    extra = {
        "error": str(error),
        "typed": request.POST,
        "typed_action": request.POST.get("action", ""),
    }
    return _page(request, get(dossier_no), extra, status=status)


def _page(
    request: HttpRequest, found: Dossier, extra: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    at = timezone.now()
    filters = Filters.of(request.GET)
    before, after = reading.neighbours(found, filters, by=reading.asker(request.user), at=at)
    told = whole.told(found, user=request.user, at=at)
    told |= {
        "before": before,
        "after": after,
        "q": asked_as(request),
        "event_id": uuid4(),
        "typed": {},
    }
    return render(request, "counter/dossier.html", told | extra, status=status)


__all__ = ["act", "asked_as", "confirm_identity", "dossier", "get", "inbox"]
