"""Verify-only: an installation that may keep no copy of the register; pages that need the copy say so plainly.

The law lets nobody keep a copy of the national database without authority. `DANCU_VERIFY_ONLY=1` turns the pages of
the apps below into one page that says why and what can be done instead, and takes their lines out of the menu. All
other apps work: asking, consents, the ledger, accounts, what was checked without a line.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from dancu.platform.gateway import setup

NEED_THE_COPY = frozenset({"register", "duplicates", "worklists", "events", "intake", "units"})
"""Namespaces of apps whose every page is about the copy."""
ALSO = frozenset({"offline:make"})
"""Single pages of other apps."""


class NoCopy:
    """After log-in and rights of the account are known, before the view runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The menu and the home page look at `closed_apps`."""
        if setup.verify_only():
            request.closed_apps = NEED_THE_COPY
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """A stranger is sent to log in as always, and learns nothing of how the machine is set up."""
        del view, args, kwargs
        if not setup.verify_only() or not _needs_the_copy(request):
            return None
        if request.path.startswith("/api/"):
            return JsonResponse(_PROBLEM, status=404, content_type="application/problem+json")
        if not request.user.is_authenticated:
            return None
        return render(request, "gateway/no_copy.html", status=404)


_PROBLEM = {
    "type": "about:blank", "title": "verify-only", "status": 404,
    "detail": "This installation keeps no copy of the register: it verifies and hands out nothing.",
}  # fmt: skip


def _needs_the_copy(request: HttpRequest) -> bool:
    match = request.resolver_match
    if match is None:
        return False
    names = set(match.namespaces) | {match.url_name or ""}
    return bool(names & NEED_THE_COPY) or match.view_name in ALSO
