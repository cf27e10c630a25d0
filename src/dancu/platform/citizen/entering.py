"""From what the e-ID's provider vouches for to a citizen's session: assurance, number, the one living person."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import connections
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from dancu.platform.access import claims
from dancu.platform.accounts import login, services
from dancu.platform.accounts.oidc import OidcError, Relying
from dancu.platform.citizen import sessions
from dancu.platform.citizen.own import INSIDE
from dancu.reference.rights import CITIZEN, session_limits

LEVEL = "level"
"""The outcome of a log-in whose assurance is too low; the others are those of citizen_identify."""


def is_open() -> bool:
    """Whether citizens can log in at all: a provider, and the levels of assurance that are enough."""
    given = settings.CITIZEN_OIDC
    return bool(given["issuer"] and given["acr"])


def here(request: HttpRequest) -> Relying:
    """We, as a client of the e-ID's provider. It asks anew each time: telephones are lent, browsers are shared."""
    given = settings.CITIZEN_OIDC
    return Relying(
        given["issuer"], given["client_id"], given["client_secret"],
        request.build_absolute_uri(reverse("citizen:back")), scope=given["scope"],
        asked=(("acr_values", " ".join(given["acr"])), ("prompt", "login")),
    )  # fmt: skip


def identified(told: dict[str, Any]) -> tuple[str, str | None]:
    """(outcome, citizen) of what the provider says; raises OidcError when it names no number."""
    given = settings.CITIZEN_OIDC
    if told.get("acr") not in given["acr"]:
        return LEVEL, None
    number = told.get(given["claim"])
    if not isinstance(number, str) or not re.fullmatch(r"[0-9]{12}", number):
        raise OidcError("no personal number")
    return identify(number)


def identify(number: str) -> tuple[str, str | None]:
    """Whom the register knows by this number: `in` and the identifier, or why nobody comes in."""
    with connections["gate"].cursor() as cursor:
        cursor.execute("SELECT outcome, citizen_id::text FROM citizen_identify(%s)", [number])
        outcome, citizen = cursor.fetchone()
    return outcome, citizen


def enter(request: Any, citizen_id: str, *, how: str) -> None:
    """Open the session: a new key, short limits, the claim that opens this one person."""
    idle, hours = session_limits([CITIZEN])
    until = timezone.now() + dt.timedelta(hours=hours)
    request.session.flush()
    request.session.create()
    request.session[INSIDE] = True
    request.session.save()
    claims.open_for_citizen(citizen_id, request.session.session_key, until=until)
    sessions.settle(request.session.session_key, idle=idle, until=until)
    services.log("citizen.in", by=login.address_of(request), how=how)


def refused(request: HttpRequest, why: str) -> None:
    """A line for the administrators: when, from where, why; never who."""
    services.log("citizen.refused", by=login.address_of(request), why=why)


def leave(request: Any) -> None:
    """Log out: the claim ends in the database, the session is deleted."""
    if request.session.session_key:
        claims.end(request.session.session_key)
    request.session.flush()


def is_demo() -> bool:
    """Whether this database is marked as one of invented people."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT 1 FROM access.setting WHERE name = 'demo'")
        return cursor.fetchone() is not None


def by_sample(number: str, password: str) -> str | None:
    """The citizen of a sample log-in of a demo; as slow for a number that is none."""
    outcome, citizen = identify(number)
    with connections["gate"].cursor() as cursor:
        cursor.execute("SELECT password FROM citizen_sample WHERE citizen_id = %s", [citizen])
        row = cursor.fetchone()
    if row is None or outcome != "in":
        make_password(password)
        return None
    return citizen if check_password(password, row[0]) else None
