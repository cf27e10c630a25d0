"""Log-in, log-out and a user's own account."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dancu.platform.access import claims
from dancu.platform.access.pages import page, public
from dancu.platform.accounts import devices, forms, lockout, login, services, totp
from dancu.platform.accounts.middleware import FIRST
from dancu.platform.accounts.models import Credential, Session
from dancu.platform.accounts.sessions import digest

_ENROLLING = "enrolling"
NEXT = "next"


def comes_first(view: Any) -> Any:
    """Open to who still has to change a first password or enrol a second factor."""
    view.comes_first = True
    return view


def _onwards(request: HttpRequest) -> str:
    """Where the user wanted to go, when that is here."""
    target = str(request.session.pop(NEXT, "") or "/")
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts=None) else "/"


@public
def log_in(request: HttpRequest) -> HttpResponse:
    """Name and password; the second page asks for the code."""
    if request.user.is_authenticated:
        return redirect("/")
    if target := request.GET.get("next"):
        request.session[NEXT] = target
    form = forms.LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = _checked(request, form)
        if answer is not None:
            return answer
    oidc = settings.OIDC["name"] if settings.OIDC["issuer"] else ""
    status = 200 if request.method == "GET" else 422
    return render(request, "accounts/login.html", {"form": form, "oidc": oidc}, status=status)


def _checked(request: HttpRequest, form: forms.LoginForm) -> HttpResponse | None:
    name, address = form.cleaned_data["username"], login.address_of(request)
    if until := lockout.locked_until(name, address):
        form.add_error(None, _wait(until))
        return None
    user = login.by_password(name, form.cleaned_data["password"])
    if user is None:
        lockout.failed(name, address)
        services.log("login.failed", by=address)
        form.add_error(None, _("Tên đăng nhập hoặc mật khẩu không đúng."))
        return None
    target = request.session.get(NEXT, "")
    credential = Credential.objects.get(pk=user.pk)
    if credential.totp_secret:
        login.await_second(request, user)
        return redirect("accounts:code")
    login.finish(request, user, how="password", first=login.what_comes_first(credential))
    request.session[NEXT] = target
    return redirect(_onwards(request))


@public
def code(request: HttpRequest) -> HttpResponse:
    """The second factor."""
    user = login.awaited(request)
    if user is None:
        return redirect("accounts:login")
    form = forms.CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = login.address_of(request)
        if until := lockout.locked_until(user.username, address):
            form.add_error("code", _wait(until))
        elif totp.check(user, form.cleaned_data["code"]):
            onwards = _onwards(request)
            credential = Credential.objects.get(pk=user.pk)
            login.finish(
                request, user, how="password+totp", first=login.what_comes_first(credential)
            )
            return redirect(onwards)
        else:
            lockout.failed(user.username, address)
            services.log("code.failed", by=user.username, user=user)
            form.add_error(
                "code", _("Mã không đúng hoặc đã dùng rồi. Chờ mã mới trong ứng dụng rồi nhập lại.")
            )
    status = 200 if request.method == "GET" else 422
    return render(request, "accounts/code.html", {"form": form}, status=status)


def _wait(until: Any) -> str:
    from django.utils import timezone

    minutes = max(1, -(-int((until - timezone.now()).total_seconds()) // 60))
    return _("Đã nhập sai nhiều lần. Thử lại sau %(minutes)s phút.") % {"minutes": minutes}


@comes_first
@page()
@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Ends the session and its claim."""
    login.leave(request)
    return redirect("accounts:login")


@comes_first
@page()
def password(request: HttpRequest) -> HttpResponse:
    """A new password; other sessions end."""
    user: Any = request.user
    form = forms.PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if login.by_password(user.username, form.cleaned_data["current"]) is None:
            lockout.failed(user.username, login.address_of(request))
            form.add_error("current", _("Mật khẩu hiện tại không đúng."))
        else:
            services.do_set_password(user=user, password=form.cleaned_data["new"], by=user.username)
            services.end_sessions(user)
            credential = Credential.objects.get(pk=user.pk)
            login.finish(
                request, user, how="password.changed", first=login.what_comes_first(credential)
            )
            return redirect("/")
    first = request.session.get(FIRST) == "password"
    status = 200 if request.method == "GET" else 422
    return render(request, "accounts/password.html", {"form": form, "first": first}, status=status)


@comes_first
@page()
def enrol(request: HttpRequest) -> HttpResponse:
    """Connect an authenticator app; the recovery codes are shown once."""
    user: Any = request.user
    session: Any = request.session
    if Credential.objects.get(pk=user.pk).totp_secret:
        return redirect("accounts:account")
    secret = session.get(_ENROLLING) or totp.new_secret()
    session[_ENROLLING] = secret
    form = forms.CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        codes = totp.enrol(user, secret, form.cleaned_data["code"])
        if codes is not None:
            session.pop(_ENROLLING)
            session.pop(FIRST, None)
            services.log("totp.enrolled", by=user.username, user=user)
            return render(request, "accounts/recovery_codes.html", {"codes": codes})
        form.add_error("code", _("Mã không đúng. Kiểm tra giờ của điện thoại rồi nhập mã mới."))
    shown = {
        "form": form,
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        "picture": mark_safe(totp.picture(secret, user.username)),  # noqa: S308  # made by segno from our own text
    }
    return render(
        request, "accounts/totp.html", shown, status=200 if request.method == "GET" else 422
    )


@page()
def account(request: HttpRequest) -> HttpResponse:
    """Who you are here, your roles, and where you are logged in."""
    user: Any = request.user
    own = digest(request.session.session_key)
    rows = Session.objects.filter(user_id=user.pk).order_by("-seen_at")
    shown = {
        "sessions": [
            {"row": row, "own": row.key_hash == own, "device": devices.name(row.agent)}
            for row in rows
        ],
        "has_totp": bool(Credential.objects.get(pk=user.pk).totp_secret),
        "events": user.events.all()[:20],
    }
    return render(request, "accounts/account.html", shown)


@page()
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End every session of this user but the one asking."""
    user: Any = request.user
    session: Any = request.session
    services.end_sessions(user, keep=digest(session.session_key))
    claims.end_others(user.pk, session.session_key)
    services.log("sessions.ended", by=user.username, user=user)
    return redirect("accounts:account")
