"""Officers' log-in by the province's provider: only a subject that an administrator linked to an account gets in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from dancu.platform.access.pages import public
from dancu.platform.accounts import login, oidc, services
from dancu.platform.accounts.models import Identity


def _here(request: HttpRequest) -> oidc.Relying:
    given = settings.OIDC
    back = request.build_absolute_uri(reverse("accounts:oidc_back"))
    return oidc.Relying(given["issuer"], given["client_id"], given["client_secret"], back)


@public
def start(request: HttpRequest) -> HttpResponse:
    """To the provider."""
    if not settings.OIDC["issuer"]:
        return redirect("accounts:login")
    try:
        return redirect(oidc.start_url(request, _here(request)))
    except oidc.OidcError as error:
        return _refused(request, str(error), _("Chưa liên lạc được với hệ thống đăng nhập chung."))


@public
def back(request: HttpRequest) -> HttpResponse:
    """From the provider."""
    try:
        found = str(oidc.claims(request, _here(request))["sub"])
    except oidc.OidcError as error:
        return _refused(request, str(error), _("Đăng nhập chung không thành công."))
    identity = (
        Identity.objects.select_related("user")
        .filter(issuer=settings.OIDC["issuer"], subject=found, user__is_active=True)
        .first()
    )
    if identity is None:
        return _refused(
            request, "no account", _("Tài khoản chung này chưa được gắn với tài khoản nào ở đây.")
        )
    target = str(request.session.get("next", ""))
    login.finish(request, identity.user, how="oidc")
    return redirect(target if target and url_has_allowed_host_and_scheme(target, None) else "/")


def _refused(request: HttpRequest, why: str, told: str) -> HttpResponse:
    services.log("oidc.failed", by=login.address_of(request), why=why)
    return render(request, "accounts/oidc_failed.html", {"told": told}, status=403)
