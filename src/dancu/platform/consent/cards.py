"""The home page: requests that wait with their last days, and breaches with the clock that runs."""

from __future__ import annotations

from typing import Any

from dancu.platform.consent import breaches, requests
from dancu.platform.consent.breach_views import line as breach_line
from dancu.platform.consent.request_views import line
from dancu.platform.ui.cards import Card


def _requests(request: Any) -> dict[str, Any] | None:
    del request
    lines = [line(r) for r in requests.listed()]
    if not lines:
        return None
    return {"open": len(lines), "late": sum(1 for x in lines if x["late"]), "first": lines[:3]}


def _breaches(request: Any) -> dict[str, Any] | None:
    del request
    lines = [breach_line(b) for b in breaches.listed() if b.is_open]
    return {"lines": lines} if lines else None


CARDS = [
    Card("consent/card_breaches.html", _breaches, right="privacy.duty", order=1),
    Card("consent/card_requests.html", _requests, right="subject_request.work", order=8),
]
