"""The outermost layer: every request gets a number, a line in the log, its place in the figures, and a limit.

Whatever goes wrong further in, also a database that is down, is told here. The line names the view, never the address:
an address may hold the identifier of a citizen.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from dancu.site import errors, health, logs, metrics

Next = Callable[[HttpRequest], HttpResponse]
_log = logging.getLogger(logs.REQUEST)
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class Watched:
    """Number, line, figure; and /healthz and /metrics, which must answer when nothing else does."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer with X-Request-ID."""
        if (told := health.answer(request)) is not None:
            return told
        number, began = secrets.token_hex(8), time.perf_counter()
        token = logs.request_id.set(number)
        metrics.requests.begin()
        status = 500
        try:
            response = self.get_response(request)
            status = response.status_code
            response.headers["X-Request-ID"] = number
            return response
        finally:
            _tell(request, status, time.perf_counter() - began)
            logs.request_id.reset(token)


class NotTooLarge:
    """A body above DANCU_UPLOAD_MOST, or of a size not told, is refused before a byte of it is read."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """413 or 411; the connection is closed, so that the rest is not waited for."""
        refused = self._refusal(request)
        if refused is None:
            return self.get_response(request)
        refused.headers["Connection"] = "close"
        return refused

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        if request.headers.get("Transfer-Encoding"):
            return errors.no_length(request)
        length = request.headers.get("Content-Length") or "0"
        if not length.isdigit():
            return errors.bad_request(request)
        return errors.too_large(request) if int(length) > settings.UPLOAD_MOST else None


def _tell(request: HttpRequest, status: int, seconds: float) -> None:
    view = _view(request)
    method = request.method if request.method in _METHODS else "other"
    metrics.requests.end(view, str(method), status, seconds)
    if view == "static" and status < 400:
        return
    user = getattr(request, "user", None)
    told = {
        "user": getattr(user, "pk", None),
        "role": ",".join(_roles(user)),
        "view": view,
        "method": method,
        "status": status,
        "ms": round(1000 * seconds, 1),
    }
    _log.log(logging.ERROR if status >= 500 else logging.INFO, "request", extra={"told": told})


def _view(request: HttpRequest) -> str:
    """The name of the view; `none` when no address fitted or the request did not get that far."""
    match = request.resolver_match
    if match is None:
        return "static" if request.path_info.startswith(settings.STATIC_URL) else "none"
    return str(match.view_name)


def _roles(user: object) -> list[str]:
    """Those that the page has asked for already: the transaction is over, the database is not asked again."""
    grants = getattr(user, "__dict__", {}).get("grants_today", ())
    return list(dict.fromkeys(grant.role for grant in grants))
