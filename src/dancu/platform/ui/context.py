"""What base.html needs on every page."""

from __future__ import annotations

from typing import Any

from django.utils.functional import SimpleLazyObject

from dancu.platform.access import extraordinary
from dancu.platform.ui import nav


def frame(request: Any) -> dict[str, Any]:
    """The menu of this user and the running extraordinary access; asked for only when a template shows them."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"menu": [], "outside": []}
    closed: frozenset[str] = getattr(request, "closed_apps", frozenset())
    return {
        "menu": SimpleLazyObject(lambda: nav.menu(user, request.path, closed)),
        "outside": SimpleLazyObject(lambda: extraordinary.running()),
    }
