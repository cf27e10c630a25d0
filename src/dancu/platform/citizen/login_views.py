"""The start page, log-in by e-ID, log-out."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from dancu.platform.access.pages import public
from dancu.platform.accounts import lockout, login, oidc
from dancu.platform.citizen import entering, own

AFTER = "after"
"""In the session, on the way to the e-ID: the page of public services at which the log-in began."""


class SampleForm(forms.Form):
    """The sample log-in of a demo."""

    number = forms.CharField(label=gettext_lazy("Số định danh"), max_length=20)
    password = forms.CharField(label=gettext_lazy("Mật khẩu mẫu"), widget=forms.PasswordInput)


@public
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """What this is, what it needs, how long it takes; a citizen who is logged in goes on to the own page."""
    back = own.way_back(request.GET.get("ve", ""))
    if own.who(request) is not None:
        return redirect(back or "citizen:home")
    shown = {
        "back": back,
        "open": entering.is_open(),
        "provider": settings.CITIZEN_OIDC["name"],
        "demo": entering.is_demo(),
        "ended": "het-phien" in request.GET,
        "left": "da-thoat" in request.GET,
    }
    return render(request, "citizen/start.html", shown)


@public
@require_GET
def rights(request: HttpRequest) -> HttpResponse:
    """What the law gives everybody, in plain words."""
    return render(request, "citizen/rights.html", {"inside": own.who(request) is not None})


@public
@require_GET
def to_provider(request: HttpRequest) -> HttpResponse:
    """To the e-ID."""
    if not entering.is_open():
        return redirect("citizen:start")
    try:
        there = oidc.start_url(request, entering.here(request))
        request.session[AFTER] = own.way_back(request.GET.get("ve", ""))
        return redirect(there)
    except oidc.OidcError as error:
        return _failed(request, str(error), _("Chưa liên lạc được với hệ thống định danh điện tử."))


@public
@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """From the e-ID."""
    if not entering.is_open():
        return redirect("citizen:start")
    try:
        told = oidc.claims(request, entering.here(request), also=settings.CITIZEN_OIDC["claim"])
        outcome, citizen = entering.identified(told)
    except oidc.OidcError as error:
        return _failed(
            request, str(error), _("Đăng nhập bằng tài khoản định danh không thành công.")
        )
    if citizen is None:
        return _not_in(request, outcome)
    after = request.session.get(AFTER) or "citizen:home"
    entering.enter(request, citizen, how="oidc")
    return redirect(after)


@public
def sample(request: HttpRequest) -> HttpResponse:
    """The log-in of a demo; there is no such page in a database of real people."""
    if not entering.is_demo():
        raise Http404
    form = SampleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number = "".join(form.cleaned_data["number"].split())
        address = login.address_of(request)
        if lockout.locked_until(number, address):
            form.add_error(None, _("Đã nhập sai nhiều lần. Chờ ít phút rồi thử lại."))
        elif citizen := entering.by_sample(number, form.cleaned_data["password"]):
            lockout.forgive(number)
            entering.enter(request, citizen, how="sample")
            return redirect(own.way_back(request.GET.get("ve", "")) or "citizen:home")
        else:
            lockout.failed(number, address)
            form.add_error(None, _("Số hoặc mật khẩu mẫu không đúng."))
    status = 200 if request.method == "GET" else 422
    return render(request, "citizen/sample.html", {"form": form}, status=status)


@public
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Log out."""
    entering.leave(request)
    return redirect("/cong-dan/?da-thoat=1")


def _failed(request: HttpRequest, why: str, told: str) -> HttpResponse:
    entering.refused(request, why)
    return render(request, "citizen/not_in.html", {"told": told}, status=403)


def _not_in(request: HttpRequest, outcome: str) -> HttpResponse:
    entering.refused(request, outcome)
    return render(request, "citizen/not_in.html", {"outcome": outcome}, status=403)
