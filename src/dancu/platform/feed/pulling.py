"""The feed read by a partner itself: `GET /api/v1/feed?cursor=`, with the token of `/api/v1/token`.

The same notes as its webhooks bring, in the same order, under the same ids. A cursor is the partner's alone and can be
asked for again: what comes after it is told once more.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from dancu.engine.events.entered import Problem
from dancu.platform.access import territory
from dancu.platform.access.pages import Declared
from dancu.platform.events import answers, limits
from dancu.platform.events.problems import all_told
from dancu.platform.feed import envelope, notes, pairwise, queueing, values
from dancu.platform.feed.models import Subscriber
from dancu.platform.feed.scope import Closed, Scope, of_partner
from dancu.platform.partners.models import Partner, Token

GATE = "gate"
MOST = 500
_LONGEST_TOKEN = 4000


def view(request: HttpRequest) -> HttpResponse:
    """Who asks, how often, then a page of notes."""
    found = _caller(request)
    if found is None:
        return answers.refuse("unauthenticated")
    partner, scopes = found
    left = limits.take(f"feed:{partner.client_id}", partner.a_minute)
    answer = _answer(request, partner, scopes) if left.passed else answers.refuse("too-many")
    for name, value in left.headers.items():
        answer.headers[name] = value
    return answer


view.declared = Declared()  # type: ignore[attr-defined]


def _answer(request: HttpRequest, partner: Partner, scopes: frozenset[str]) -> HttpResponse:
    row = Subscriber.objects.using(GATE).filter(client_id=partner.client_id).first()
    if row is None or row.purpose not in scopes or request.method != "GET":
        return answers.refuse("forbidden")
    try:
        scope = of_partner(row, on=timezone.localdate(), units_on=territory.register_day())
        place = max(pairwise.place(partner.client_id, request.GET.get("cursor", "")), row.first)
        most = _most(request.GET.get("most", str(notes.MOST)))
    except Closed:
        return answers.refuse("forbidden")
    except pairwise.Unknown:
        return answers.refuse("invalid", all_told([Problem("cursor", "not_in_list")]))
    except ValueError:
        return answers.refuse("invalid", all_told([Problem("most", "not_in_list")]))
    page = notes.read(scope, place, most=most)
    told = [_event(note, scope) for note in page.notes]
    queueing.told(scope, page.notes, by=partner.client_id)
    Subscriber.objects.using(GATE).filter(pk=row.pk).update(read_at=timezone.now())
    following = pairwise.cursor(partner.client_id, page.place)
    return answers.say({"events": told, "next": following, "more": page.more})


def _event(note: notes.Note, scope: Scope) -> dict[str, Any]:
    told = values.of(note, scope=scope, using=GATE)
    return envelope.cloud_event(note, client=scope.client, values=told)


def _most(text: str) -> int:
    found = int(text)
    if not 1 <= found <= MOST:
        raise ValueError(text)
    return found


def _caller(request: HttpRequest) -> tuple[Partner, frozenset[str]] | None:
    """The partner of a token in force, while the partner itself is, and the purposes that the token is for."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    secret = secret.strip()
    if scheme.lower() != "bearer" or not secret or len(secret) > _LONGEST_TOKEN:
        return None
    digest = hashlib.sha256(secret.encode("utf-8", "surrogateescape")).digest()
    token = Token.objects.using(GATE).filter(digest=digest, expires_at__gt=timezone.now()).first()
    found = token and Partner.objects.using(GATE).filter(client_id=token.client_id).first()
    if not token or not found or not found.is_active(on=timezone.localdate()):
        return None
    return found, frozenset(token.scopes)
