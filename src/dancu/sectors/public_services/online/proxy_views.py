"""«Nhờ nộp thay»: a citizen lets somebody file for them, somebody enters the code, an officer keeps a paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dancu.kit.citizens import address_of, citizen_page
from dancu.kit.people import NoCitizen, access_citizen
from dancu.kit.web import page, register_day
from dancu.reference.terms import term
from dancu.sectors.public_services.online import following, proxies
from dancu.sectors.public_services.online.forms import CodeForm, PaperConsentForm


@citizen_page
@require_GET
def listed(request: Any) -> HttpResponse:
    """Who may file for me, and for whom I may."""
    own, on = request.citizen.citizen_id, timezone.localdate()
    shown = {
        "given": proxies.given(own, on=on),
        "held": proxies.held(own, on=on),
        "form": CodeForm(),
    }
    return render(request, "services_online/proxies.html", shown)


@citizen_page
@require_POST
def give(request: Any) -> HttpResponse:
    """A new code, shown this once."""
    own, now = request.citizen, timezone.now()
    code = proxies.do_give(
        citizen=own.citizen_id, name=own.full_name, at=now, on=timezone.localdate(now)
    )
    days = term(proxies.TERM, on=timezone.localdate(now)).amount
    return render(request, "services_online/proxy_code.html", {"code": code, "days": days})


@citizen_page
@require_POST
def take(request: Any) -> HttpResponse:
    """The helper enters the code; guessing is slowed down like questions about dossiers."""
    own, on = request.citizen, timezone.localdate()
    form = CodeForm(request.POST)
    if form.is_valid():
        often = following.is_too_often(address_of(request))
        if not often and proxies.do_take(form.cleaned_data["code"], name=own.full_name, on=on):
            return redirect("services_online:proxies")
        form.add_error("code", _("Mã chưa đúng, đã dùng hoặc đã hết hạn. Hỏi lại người đưa mã."))
    shown = {
        "given": proxies.given(own.citizen_id, on=on),
        "held": proxies.held(own.citizen_id, on=on),
        "form": form,
    }
    return render(request, "services_online/proxies.html", shown, status=422)


@citizen_page
@require_POST
def withdraw(request: Any, proxy: UUID) -> HttpResponse:
    """Either of the two ends it."""
    del request
    if not proxies.do_withdraw(proxy, at=timezone.now()):
        raise Http404
    return redirect("services_online:proxies")


@page(right="dossier.work")
@require_http_methods(["GET", "POST"])
def on_paper(request: Any, citizen: UUID) -> HttpResponse:
    """At the counter: somebody without e-ID lets a relative file for them; the signed paper stays with the office."""
    try:
        seen = access_citizen(
            citizen_id=citizen, by=request.user, purpose="procedure", fields=["full_name"], on=register_day()
        )  # fmt: skip
    except NoCitizen:
        raise Http404 from None
    form, code, now = PaperConsentForm(request.POST or None), None, timezone.now()
    on = timezone.localdate(now)
    if request.method == "POST" and form.is_valid():
        code = proxies.do_give_on_paper(
            citizen=citizen, paper=form.cleaned_data["paper"], at=now, on=on
        )
        if code is None:
            form.add_error(None, _("Người này không thuộc địa bàn của bạn hoặc không còn sống."))
    shown = {
        "form": form,
        "code": code,
        "citizen": citizen,
        "name": seen.values.get("full_name", ""),
        "until": term(proxies.TERM, on=on).after(on),
    }
    status = 422 if request.method == "POST" and code is None else 200
    return render(request, "services_online/paper_consent.html", shown, status=status)
