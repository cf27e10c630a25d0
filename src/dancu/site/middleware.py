"""What holds for every request: security headers, one transaction, the language, nothing undeclared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation

from dancu.platform.access.pages import declared

Next = Callable[[HttpRequest], HttpResponse]

_CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
_OFF = ("accelerometer", "autoplay", "browsing-topics", "display-capture", "geolocation", "gyroscope",
        "magnetometer", "microphone", "midi", "payment", "usb")  # fmt: skip
HEADERS = {
    "Content-Security-Policy": _CSP,
    "Permissions-Policy": ", ".join([*(f"{name}=()" for name in _OFF), "camera=(self)"]),
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


class SecurityHeaders:
    """Headers that stand on every answer, also on files; pages are never kept by a browser or a proxy."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer with the headers a view has not set itself."""
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class Straight:
    """Views of the API that answer by themselves (`lean`): no session, no claim, no page's transaction.

    They must declare themselves like any view; headers, figures, the log and the limits above hold for them too.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self._known: dict[str, ResolverMatch] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The view's answer where it is such a view; else the way through everything."""
        if not request.path_info.startswith("/api/v1/"):
            return self.get_response(request)
        match = self._known.get(request.path_info) or self._find(request.path_info)
        if match is None:
            return self.get_response(request)
        request.get_host()
        request.resolver_match = match
        answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
        answer.headers["Content-Length"] = str(len(answer.content))
        return answer

    def _find(self, path: str) -> ResolverMatch | None:
        """The lean view at an address; those without a part that varies are remembered, since finding costs."""
        try:
            match = resolve(path)
        except Resolver404:
            return None
        if not getattr(match.func, "lean", False):
            return None
        if declared(match.func) is None:
            raise RuntimeError(f"{match.view_name} declares no right")
        if not match.args and not match.kwargs:
            self._known[path] = match
        return match


class OneTransaction:
    """The whole request in one transaction: the claim to a territory is set in it and ends with it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Commit, unless a view raised or answered with a server error."""
        request.raised = False
        with transaction.atomic():
            response = self.get_response(request)
            if request.raised or response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Django turns the error into an answer before we see it: remember that there was one."""
        del exception
        request.raised = True


class Language:
    """The user's language, else the cookie's, else Vietnamese; what the browser prefers does not count."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page in that language."""
        user = getattr(request, "user", None)
        code = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or getattr(user, "locale", "")
        with translation.override(code if code in dict(settings.LANGUAGES) else "vi"):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
        return response


class NothingUndeclared:
    """A view that declares neither a right nor that it is public answers nobody."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do here: the view is not known yet."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> None:
        """Refuse loudly: this is a fault of the programmer, found by a test before a user does."""
        del request, args, kwargs
        if declared(view) is None:
            name = getattr(view, "__qualname__", repr(view))
            raise RuntimeError(f"{view.__module__}.{name} declares no right: use @page or @public")
