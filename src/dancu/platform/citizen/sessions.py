"""The citizen's session: its own cookie and table, in place of the officer's on all pages below cong-dan/ and dich-vu/.

There an officer's cookie counts for nothing; elsewhere the citizen's does. So neither ever acts on the other's pages.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from dancu.platform.accounts.sessions import SessionStore, digest
from dancu.platform.citizen.models import CitizenSession

PAGES = ("/cong-dan/", "/dich-vu/")
"""Below them the session is a citizen's: the own data, and public services."""


class Store(SessionStore):
    """Sessions of citizens."""

    rows = CitizenSession


def cookie() -> str:
    """The name of the cookie: not that of officers."""
    return f"{settings.SESSION_COOKIE_NAME}-cong-dan"


def settle(session_key: str, *, idle: int, until: dt.datetime) -> None:
    """At log-in: when this session ends."""
    CitizenSession.objects.filter(key_hash=digest(session_key)).update(
        idle_minutes=idle, ends_at=until, seen_at=timezone.now()
    )


class CitizenSessions:
    """Stands between Django's sessions and who is asking."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        """The citizen's session for the time of the view; the officer's is put back untouched."""
        if not request.path_info.startswith(PAGES):
            return self.get_response(request)
        theirs = request.session
        ours = request.session = Store(request.COOKIES.get(cookie()))
        response = self.get_response(request)
        request.session = theirs
        _keep(ours, response, held=cookie() in request.COOKIES)
        return response


def _keep(session: Store, response: HttpResponse, *, held: bool) -> None:
    """The cookie ends with the browser; the row of the table long before it."""
    same = {"path": "/", "samesite": "Lax"}
    if session.accessed:
        patch_vary_headers(response, ("Cookie",))
    if held and session.is_empty():
        response.delete_cookie(cookie(), **same)
        response.cookies[cookie()]["secure"] = settings.SESSION_COOKIE_SECURE
    elif session.modified and not session.is_empty() and response.status_code < 500:
        session.save()
        response.set_cookie(
            cookie(), session.session_key, httponly=True, secure=settings.SESSION_COOKIE_SECURE, **same
        )  # fmt: skip
