"""What a device needs to go on working when the line is down: whose device it is now, a key, the worker's script.

The key is the user's own (the server can make it again, the device forgets it at log-out), so that pages kept on the
device can be read by nobody who logs in after them.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone

from dancu.platform.access.pages import page

USER, KEY, UNTIL = "X-Dancu-User", "X-Dancu-Key", "X-Dancu-Until"
KEPT_FOR = dt.timedelta(hours=12)
_SCRIPT = Path(__file__).parent / "static" / "worklists" / "worker.js"


def keeps(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The worker may keep this page on the device, under the user's key."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == 200:
            response[USER] = user_name(request.user)
            response[KEY] = key_of(request.user)
            response[UNTIL] = (timezone.now() + KEPT_FOR).isoformat()
        return response

    return marked


def user_name(user: Any) -> str:
    """A name of the user for the device, which tells nothing to who finds it there."""
    return _derived("name", user).hex()[:24]


def key_of(user: Any) -> str:
    """The key for what is kept on a device; made from the secret key, stored nowhere."""
    return base64.b64encode(_derived("key", user)).decode()


def _derived(what: str, user: Any) -> bytes:
    told = f"dancu.device.{what}:{user.pk}:{user.username}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), told, hashlib.sha256).digest()


@page(right="task.work")
def who(request: HttpRequest) -> JsonResponse:
    """Before anything is sent: who is logged in, the key, a fresh token for forms."""
    return who_is_there(request)


@page(right="task.work")
def worker(request: HttpRequest) -> HttpResponse:
    """The worker's script, from an address under which its scope is the worklists and no more."""
    del request
    return script()


def who_is_there(request: HttpRequest) -> JsonResponse:
    """The same for every app whose pages work without a line, behind a right of its own."""
    return JsonResponse(
        {"user": user_name(request.user), "key": key_of(request.user), "csrf": get_token(request)}
    )


def script() -> HttpResponse:
    """The worker; the address that it is served from says for which pages."""
    response = HttpResponse(_SCRIPT.read_bytes(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
