"""The steps from a name and a password to a session with a claim."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest
from django.utils import timezone

from dancu.platform.access import claims
from dancu.platform.accounts import lockout, services, sessions
from dancu.platform.accounts.middleware import FIRST, USER
from dancu.platform.accounts.models import Credential, User
from dancu.reference.rights import session_limits

PENDING, PENDING_UNTIL = "pending", "pending_until"
SECOND_STEP = dt.timedelta(minutes=5)


def address_of(request: HttpRequest) -> str:
    """The client's address; behind proxies of ours the last address that they saw, never what a client claims."""
    seen = str(request.META.get("REMOTE_ADDR", ""))
    if settings.PROXIES:
        chain = [
            a.strip() for a in request.headers.get("X-Forwarded-For", "").split(",") if a.strip()
        ]
        return (chain[-settings.PROXIES :] or [seen])[0][:45]
    return seen


def by_password(username: str, password: str) -> User | None:
    """The active account with this name and password; as slow for a name that does not exist."""
    found = (
        Credential.objects.select_related("user")
        .filter(user__username__iexact=username, user__is_active=True)
        .first()
    )
    if found is None or not found.password:
        make_password(password)
        return None
    renew = lambda raw: Credential.objects.filter(pk=found.pk).update(password=make_password(raw))  # noqa: E731
    return found.user if check_password(password, found.password, renew) else None


def await_second(request: Any, user: User) -> None:
    """The password was right: remember for five minutes who still owes a code, under a new key."""
    request.session.cycle_key()
    request.session[PENDING] = user.pk
    request.session[PENDING_UNTIL] = (timezone.now() + SECOND_STEP).isoformat()


def awaited(request: Any) -> User | None:
    """Who owes a code in this session; None when nobody does, or too long."""
    until = request.session.get(PENDING_UNTIL)
    if not until or dt.datetime.fromisoformat(until) < timezone.now():
        return None
    return User.objects.filter(pk=request.session[PENDING], is_active=True).first()


def finish(request: Any, user: User, *, how: str, first: str | None = None) -> None:
    """Open the session: a new key, limits by role, the claim; ``first`` is what must be done before all else."""
    idle, hours = session_limits(user.roles_today)
    until = timezone.now() + dt.timedelta(hours=hours)
    request.session.flush()
    request.session.create()
    request.session[USER] = user.pk
    if first:
        request.session[FIRST] = first
    request.session.save()
    claims.open_for(user, request.session.session_key, until=until)
    sessions.settle(
        request.session.session_key, user_id=user.pk, agent=request.headers.get("User-Agent", ""),
        address=address_of(request), idle=idle, until=until,
    )  # fmt: skip
    lockout.forgive(user.username)
    services.log("login", by=user.username, user=user, how=how)
    request.user = user


def what_comes_first(credential: Credential, *, by_provider: bool = False) -> str | None:
    """What an account has to do right after log-in; the provider answers for its own users."""
    if by_provider:
        return None
    if credential.must_change:
        return "password"
    if not credential.totp_secret and not credential.demo_without_totp:
        return "totp"
    return None


def leave(request: Any) -> None:
    """Log out: the claim ends in the database, the session is deleted."""
    if request.session.session_key:
        claims.end(request.session.session_key)
    if request.user.is_authenticated:
        services.log("logout", by=request.user.username, user=request.user)
    request.session.flush()
