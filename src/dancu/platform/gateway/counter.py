"""Verify-only at the counter and over the API: the question goes through the port, the answer is told as what it is.

Where the ground is the person's consent nothing is asked: who consented is known of persons of our own register only.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from dancu.engine.verify.model import Answer, Asked
from dancu.platform.gateway import choice, setup
from dancu.platform.gateway.port import NOT_YET, Reply, Request
from dancu.reference.purposes import Purpose

_PARTNERS = UUID("6b8c7a52-3f0e-5d3a-9a51-0d2f6c1e7b40")
"""The space in which a partner's request numbers are its own."""
verify_only = setup.verify_only


class _System:
    """A partner's system in the log, in the place of an account."""

    roles_today = ("partner",)

    def __init__(self, client_id: str) -> None:
        self.username = f"partner:{client_id}"


def ask_for_officer(
    request: HttpRequest, asked: Asked, *, purpose: Purpose, on: dt.date
) -> HttpResponse:
    """To the page of the question, which shows the answer or that it waits."""
    by: Any = request.user
    reply = _ask(
        asked, purpose, on, by=by, officer_name=by.display_name, officer_number=by.username,
        number=uuid4(), channel="scan",
    )  # fmt: skip
    return redirect("gateway:one", reply.number) if reply.receipt else redirect("gateway:mine")


def ask_for_partner(
    asked: Asked, *, purpose: Purpose, on: dt.date, client_id: str, officer: str, request_id: UUID | None
) -> tuple[str, Answer, str]:  # fmt: skip
    """State as the verification API knows it (answered, later, conflict, no_consent, closed), answer, receipt."""
    number = uuid5(_PARTNERS, f"{client_id} {request_id}") if request_id else uuid4()
    reply = _ask(
        asked, purpose, on, by=_System(client_id), officer_name=officer, officer_number=client_id,
        number=number, channel="api", partner=client_id,
    )  # fmt: skip
    if reply.state == "verified":
        return "answered", reply.answer, reply.receipt
    return _STATES.get(reply.reason, "later" if reply.state != "refused" else "closed"), NOT_YET, ""


_STATES = {
    "other_content": "conflict",
    "answer_gone": "conflict",
    "expired": "conflict",
    "no_consent": "no_consent",
}


def _ask(asked: Asked, purpose: Purpose, on: dt.date, **more: Any) -> Reply:
    if purpose.by_consent:
        return Reply("refused", NOT_YET, more["number"], "", "no_consent")
    return choice.gateway().ask(
        Request(
            asked=asked, purpose=purpose.code, basis=purpose.law, at=timezone.now(), on=on, **more
        )
    )
