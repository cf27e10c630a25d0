"""The verification API: a token, a question, the keys that sign. The path of a question runs without sessions.

Plain views, since each microsecond of a question counts; the document that describes them is `openapi`. Nothing of
what was asked stands in an error, an address or a log of the site.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from dancu.platform.access.pages import Declared
from dancu.platform.events import limits
from dancu.platform.gateway import counter
from dancu.platform.lookup import answering, openapi, reading, usage
from dancu.platform.lookup.problems import Refusal, refuse, say
from dancu.platform.lookup.register_state import state
from dancu.platform.partners import quota, tokens
from dancu.reference import purposes
from dancu.reference.purposes import Purpose
from dancu.store import keyring
from dancu.store.errors import StoreError

LARGEST = 16_384
_REFUSED = {"closed": "unauthenticated", "too_many": "too-many", "conflict": "conflict",
            "no_consent": "no-consent", "stopped": "stopped", "later": "unavailable"}  # fmt: skip


def lean(view: Any) -> Any:
    """A view that answers by itself: no session, no page's transaction (see `site.middleware.Straight`)."""
    made = csrf_exempt(view)
    made.declared = Declared(public=True)
    made.lean = True
    return made


@lean
def verify(request: HttpRequest) -> HttpResponse:
    """Answer one question; the token says whose it is."""
    if request.method != "POST":
        return refuse("method")
    token = _bearer(request)
    caller = tokens.find(token) if token else None
    if caller is None:
        return refuse("unauthenticated")
    left = limits.take(f"partner:{caller.client_id}", caller.a_minute)
    answer = _within(request, caller, token) if left.passed else refuse("too-many")
    for name, value in left.headers.items():
        answer.headers[name] = value
    return answer


def _within(request: HttpRequest, caller: tokens.Caller, token: str) -> HttpResponse:
    try:
        if int(request.headers.get("Content-Length") or 0) > LARGEST:
            return refuse("too-large")
        now = state()
        asked = reading.question(
            request.body, fields=_fields(caller, now.on), test_people=now.test_people
        )
        purpose = purposes.get(asked.purpose, on=now.on)
        if not asked.officer and (purpose.officer_required or caller.requires_officer):
            raise Refusal("invalid", {"officer": "missing"})
        if not quota.take(caller.client_id, caller.a_day, on=timezone.localdate()):
            raise Refusal("too-many")
        return _answered(asked, caller, token, purpose, now.on)
    except Refusal as error:
        return refuse(error.name, error.fields)
    except (DatabaseError, StoreError):
        return refuse("unavailable")


def _answered(
    asked: reading.Question, caller: tokens.Caller, token: str, purpose: Purpose, on: dt.date
) -> HttpResponse:
    values = caller.fields[purpose.code] if purpose.values else ()
    if counter.verify_only():
        told = _remote(asked, caller, purpose, on)
    else:
        told = answering.for_partner(asked, token=token, purpose=purpose, on=on, values=values)
    usage.count(caller.client_id, told)
    if told.state != "answered":
        return refuse(_REFUSED[told.state])
    said = answering.statement(
        told, purpose=purpose.code, audience=caller.client_id, request_id=asked.request_id
    )
    signed = answering.signed(said)
    return say({"receipt": told.receipt, "repeated": told.repeated, "answer": said, "jws": signed})


def _remote(
    asked: reading.Question, caller: tokens.Caller, purpose: Purpose, on: dt.date
) -> answering.Told:
    """The national service's answer; `later`: the same request id, sent again, gets it when it is there."""
    return answering.Told(
        *counter.ask_for_partner(
            asked.asked, purpose=purpose, on=on, client_id=caller.client_id, officer=asked.officer,
            request_id=asked.request_id,
        )
    )  # fmt: skip


def _fields(caller: tokens.Caller, on: dt.date) -> dict[str, frozenset[str]]:
    """Purpose -> what the caller's token, its registration and the catalogue of the day leave."""
    known = purposes.purposes(on=on)
    return {
        code: caller.fields[code] & known[code].fields
        for code in caller.scopes
        if code in known and purposes.PARTNER in known[code].askers
    }


def _bearer(request: HttpRequest) -> str:
    scheme, _, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" and len(secret) <= 200 else ""


@lean
def token(request: HttpRequest) -> HttpResponse:
    """OAuth 2.0 client credentials (RFC 6749 4.4) with private_key_jwt (RFC 7523) or mutual TLS (RFC 8705)."""
    if request.method != "POST":
        return refuse("method")
    if not limits.take(f"token:{request.META.get('REMOTE_ADDR', '')}", 120).passed:
        return _no("invalid_request", 429)
    sent = request.POST
    if sent.get("grant_type") != "client_credentials":
        return _no("unsupported_grant_type")
    try:
        partner = _client(request)
        secret, scopes = tokens.issue(partner, scope=sent.get("scope", ""))
    except tokens.Rejected as error:
        return _no(str(error), 401 if str(error) == "invalid_client" else 400)
    except (DatabaseError, StoreError):
        return _no("temporarily_unavailable", 503)
    return say(
        {"access_token": secret, "token_type": "Bearer", "expires_in": tokens.LIFE, "scope": " ".join(scopes)}
    )  # fmt: skip


def _client(request: HttpRequest) -> Any:
    sent = request.POST
    if assertion := sent.get("client_assertion"):
        if sent.get("client_assertion_type") != tokens.JWT_BEARER or len(assertion) > 8192:
            raise tokens.Rejected("invalid_client")
        here = request.build_absolute_uri(request.path)
        return tokens.by_assertion(assertion, audiences={here})
    fingerprint = request.META.get("HTTP_DANCU_CLIENT_CERTIFICATE", "") if settings.BEHIND_TLS else ""  # fmt: skip
    if not fingerprint:
        raise tokens.Rejected("invalid_client")
    return tokens.by_certificate(sent.get("client_id", ""), fingerprint)


def _no(error: str, status: int = 400) -> HttpResponse:
    """An error of OAuth 2.0; says nothing of why."""
    return say({"error": error}, status)


@lean
def jwks(request: HttpRequest) -> HttpResponse:
    """The public keys of answers, those of before too: an old answer stays checkable."""
    if request.method not in ("GET", "HEAD"):
        return refuse("method")
    keyring.current("answer")
    answer = say({"keys": [{**key.jwk, "use": "sig", "alg": "EdDSA"} for key in keyring.public("answer")]})  # fmt: skip
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


@lean
def document(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    return say(openapi.document()) if request.method in ("GET", "HEAD") else refuse("method")
