"""A bare Django view under the same server: what the framework itself costs, for `bench/verify.py`."""

from __future__ import annotations

from typing import Any

from django.conf import settings

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, SECRET_KEY="bench", MIDDLEWARE=[], DEBUG=False
    )  # fmt: skip

from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path


def bare(request: HttpRequest) -> HttpResponse:
    """Read the body, say something short."""
    told = b'{"read": %d}' % len(request.body)
    return HttpResponse(
        told, content_type="application/json", headers={"Content-Length": str(len(told))}
    )


urlpatterns: list[Any] = [path("api/v1/verify", bare)]
application = get_wsgi_application()
