"""Who is asking: the cookie's session and the database's claim must name the same living account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from dancu.platform.access import claims
from dancu.platform.access.pages import declared
from dancu.platform.accounts.models import Stranger, User

USER = "user"
"""In the session: the user's number."""
FIRST = "first"
"""In the session: what has to be done before anything else (`password` or `totp`)."""


class WhoIsAsking:
    """Sets ``request.user`` and names the claim in the request's transaction."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """A session whose claim is gone, or is another's, is nobody's."""
        session: Any = request.session
        number = session.get(USER)
        claimed = claims.use(session.session_key if number else None)
        user = User.objects.filter(pk=number, is_active=True).first() if number else None
        if user is None or claimed != user.pk:
            if number:
                session.flush()
            request.user = Stranger()
        else:
            request.user = user
        return self.get_response(request)


class FirstThings:
    """A first password must be changed, and a second factor enrolled, before any other page opens."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The decision needs the view."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Send to what is to be done first; public pages stay open."""
        del args, kwargs
        first = request.session.get(FIRST)
        said = declared(view)
        if not first or (said and said.public) or getattr(view, "comes_first", False):
            return None
        return redirect(reverse(f"accounts:{first}"))
