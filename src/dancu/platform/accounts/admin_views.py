"""The administrator's pages: accounts, roles, unlocking. Each act asks a reason and stands in the log."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dancu.platform.access import territory
from dancu.platform.access.pages import page
from dancu.platform.accounts import forms, lockout, services
from dancu.platform.accounts.models import Credential, Grant, Identity, User

RIGHT = "account.manage"
ACTS = ("unlock", "reset_totp", "reset_password", "close", "open")


@page(RIGHT)
def users(request: HttpRequest) -> HttpResponse:
    """All accounts, with a search by name."""
    asked = request.GET.get("q", "").strip()
    found = User.objects.prefetch_related("grants").order_by("username")
    if asked:
        found = found.filter(Q(username__icontains=asked) | Q(display_name__icontains=asked))
    shown = Paginator(found, 50).get_page(request.GET.get("page"))
    return render(request, "accounts/users.html", {"page": shown, "q": asked})


@page(RIGHT)
def new_user(request: HttpRequest) -> HttpResponse:
    """A new account; its first password is shown once."""
    form = forms.UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user, first = services.do_create_user(**form.cleaned_data, by=_who(request))
            return _told_once(request, user, first)
        except services.AccountError as error:
            form.add_error("username", str(error))
    status = 200 if request.method == "GET" else 422
    return render(request, "accounts/user_new.html", {"form": form}, status=status)


@page(RIGHT)
def user(request: HttpRequest, number: int) -> HttpResponse:
    """One account: its roles, its state, its log; a form to grant a role."""
    found = get_object_or_404(User, pk=number)
    form = forms.GrantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.do_grant(
            user=found, by=_who(request), unit_on=territory.register_day(), **form.cleaned_data
        )
        return redirect("accounts:user", number)
    credential = Credential.objects.filter(pk=number).first()
    shown = {
        "account": found,
        "form": form,
        "grants": found.grants.order_by("revoked_at", "-valid_from"),
        "has_totp": bool(credential and credential.totp_secret),
        "locked": lockout.is_locked(found.username),
        "events": found.events.all()[:50],
        "identities": Identity.objects.filter(user_id=number),
        "has_oidc": bool(settings.OIDC["issuer"]),
    }
    return render(
        request, "accounts/user.html", shown, status=200 if request.method == "GET" else 422
    )


@page(RIGHT)
def link(request: HttpRequest, number: int) -> HttpResponse:
    """A subject of the common log-in that may log in as this account from now on."""
    found = get_object_or_404(User, pk=number)
    form = forms.IdentityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.do_link_identity(
                user=found, issuer=settings.OIDC["issuer"], by=_who(request), **form.cleaned_data
            )
            return redirect("accounts:user", number)
        except services.AccountError as error:
            form.add_error("subject", str(error))
    return _asked(request, found, form, _("Gắn tài khoản chung"))


@page(RIGHT)
def unlink(request: HttpRequest, number: int, identity: int) -> HttpResponse:
    """That subject logs in as nobody here any more; what it has open ends."""
    found = get_object_or_404(User, pk=number)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.do_unlink_identity(
            user=found, identity=identity, by=_who(request), reason=form.cleaned_data["reason"]
        )
        return redirect("accounts:user", number)
    return _asked(request, found, form, _("Gỡ tài khoản chung"))


def _asked(request: HttpRequest, account: User, form: Any, title: str) -> HttpResponse:
    shown = {"account": account, "form": form, "title": title}
    status = 200 if request.method == "GET" else 422
    return render(request, "accounts/act.html", shown, status=status)


@page(RIGHT)
@require_POST
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """End a grant."""
    grant = get_object_or_404(Grant.objects.select_related("user"), pk=number)
    form = forms.ReasonForm(request.POST)
    if form.is_valid():
        services.do_revoke(grant=grant, by=_who(request), reason=form.cleaned_data["reason"])
    return redirect("accounts:user", grant.user_id)


@page(RIGHT)
def act(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Unlock, reset the second factor or the password, close or reopen: asked for a reason first."""
    found = get_object_or_404(User, pk=number)
    form = forms.ReasonForm(request.POST or None)
    if what not in ACTS:
        return redirect("accounts:user", number)
    if request.method == "POST" and form.is_valid():
        first = _done(what, found, by=_who(request), reason=form.cleaned_data["reason"])
        return _told_once(request, found, first) if first else redirect("accounts:user", number)
    shown = {"account": found, "form": form, "what": what, "title": _titles()[what]}
    return render(
        request, "accounts/act.html", shown, status=200 if request.method == "GET" else 422
    )


def _done(what: str, user: User, *, by: str, reason: str) -> str | None:
    if what == "unlock":
        services.do_unlock(user=user, by=by)
    elif what == "reset_totp":
        services.do_reset_totp(user=user, by=by, reason=reason)
    elif what == "reset_password":
        return services.do_reset_password(user=user, by=by, reason=reason)
    else:
        services.do_set_active(user=user, active=what == "open", by=by, reason=reason)
    return None


def _titles() -> dict[str, Any]:
    return {
        "unlock": _("Mở khoá đăng nhập"),
        "reset_totp": _("Đặt lại mã xác thực"),
        "reset_password": _("Đặt lại mật khẩu"),
        "close": _("Đóng tài khoản"),
        "open": _("Mở lại tài khoản"),
    }


def _told_once(request: HttpRequest, user: User, first: str) -> HttpResponse:
    return render(request, "accounts/first_password.html", {"account": user, "first": first})


def _who(request: HttpRequest) -> str:
    return str(request.user.username)
