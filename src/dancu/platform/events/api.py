"""The API of events: CloudEvents in, what became of them out, and what changed for partners to read.

Every address is guarded in `urls` (key or session, right, rate limit); here is what it does.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any

import psycopg
from django.db import connection
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Query
from ninja.errors import HttpError, ValidationError

from dancu.engine.events.entered import Problem
from dancu.platform.access import territory
from dancu.platform.access.rights import Refused as NoRight
from dancu.platform.events import answers, cloudevents, limits, openapi
from dancu.platform.events.callers import Caller
from dancu.platform.events.problems import all_told
from dancu.platform.events.recording import Entry, incoming
from dancu.platform.events.writer import desk
from dancu.platform.feed import envelope, notes, pairwise
from dancu.platform.feed.scope import Scope
from dancu.platform.ledger import bulk
from dancu.reference import purposes
from dancu.store.errors import StoreError
from dancu.store.register.desk import Refused
from dancu.store.register.told import Conflict, Outcome, Outside

MOST = 500
"""Events of one batch."""
PATIENCE = 120.0
PAGE = notes.MOST
LARGEST = 2**63 - 1
QUALITY = "data_quality"
"""What the outbox is read for: who sends events learns what became of the people of its units."""

api = NinjaAPI(title="dancu", version="1", openapi_url=None, docs_url=None, auth=None)


@api.post("events", url_name="events", summary="Ghi sự kiện", openapi_extra=openapi.POST)
def record(request: HttpRequest) -> HttpResponse:
    """One event or a batch of CloudEvents 1.0. Each event of a batch is answered by itself, in the order sent."""
    media = request.headers.get("Content-Type", "")
    try:
        events = cloudevents.parse(request.body, media, request.headers)
    except cloudevents.Unreadable:
        return answers.refuse("unreadable")
    if events is None:
        return answers.refuse("media-type")
    if len(events) > MOST:
        return answers.refuse("too-large")
    caller: Caller = request.caller
    if len(events) > 1:
        left = limits.take(caller.counted, caller.a_minute, len(events) - 1)
        request.left = left
        if not left.passed:
            return answers.refuse("too-many")
    told = _recorded(events, caller)
    if media.partition(";")[0].strip().lower() != cloudevents.BATCH:
        return _single(told[0])
    failed = any(one["status"] >= 400 for one in told)
    return answers.say(told, 207 if failed else 200)


@api.get("events", url_name="events", summary="Sự kiện đã gửi", openapi_extra=openapi.SENT)
def sent(request: HttpRequest, after: int = Query(0, ge=0, le=LARGEST)) -> HttpResponse:
    """The caller's own events after a number, the oldest first."""
    caller: Caller = request.caller
    rows = _events("recorded_by = %s AND event_no > %s", [caller.name, after], caller)
    return answers.say({"events": rows, "next": rows[-1]["event_no"] if rows else after})


@api.get("events/{int:no}", url_name="event", summary="Một sự kiện", openapi_extra=openapi.STATUS)
def status(request: HttpRequest, no: int) -> HttpResponse:
    """What became of an event: of the caller's own, or for an officer of one about a person of the own unit."""
    caller: Caller = request.caller
    own, given = ("", []) if not caller.is_key else (" AND recorded_by = %s", [caller.name])
    rows = _events(f"event_no = %s{own}", [min(no, LARGEST), *given], caller)
    return answers.say(rows[0]) if rows else answers.refuse("not-found")


@api.get("outbox", url_name="outbox", summary="Những gì đã thay đổi", openapi_extra=openapi.OUTBOX)
def outbox(request: HttpRequest, after: str = Query("", max_length=40)) -> HttpResponse:
    """What changed after a place, as a batch of CloudEvents; identifiers only, and only of the caller's territory.

    The same feed as partners with a purpose read (``platform/feed``), with no field named. The next place stands in
    the header `Dancu-Next`; it also moves past changes that are not the caller's.
    """
    caller: Caller = request.caller
    try:
        place = pairwise.place(caller.client, after)
    except pairwise.Unknown:
        return answers.refuse("invalid", all_told([Problem("after", "not_in_list")]))
    law = purposes.get(QUALITY, on=territory.register_day()).law
    page = notes.read(Scope(caller.client, _territory(), None, purpose=QUALITY, law=law), place)
    if persons := sorted({str(n.citizen) for n in page.notes if n.citizen is not None}):
        bulk.record(by=caller.user, purpose=QUALITY, basis=law, what="feed", citizens=persons)
    batch = [envelope.cloud_event(note, client=caller.client) for note in page.notes]
    answer = answers.say(batch, media=cloudevents.BATCH)
    answer.headers["Dancu-Next"] = pairwise.cursor(caller.client, page.place)
    return answer


def _territory() -> frozenset[str] | None:
    """The communes of the claim that this request names; None: all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access.all_units(), access.units()")
        everywhere, units = cursor.fetchone()
    return None if everywhere else frozenset(units or ())


def _recorded(events: Sequence[Any], caller: Caller) -> list[dict[str, Any]]:
    """All events handed to the writer at once, then waited for: one that fails harms no other."""
    waiting = [_sent(event, caller) for event in events]
    return [_became(event, one, caller) for event, one in zip(events, waiting, strict=True)]


def _sent(event: Any, caller: Caller) -> Future[Outcome] | dict[str, Any]:
    found, wrong = cloudevents.read(event)
    if found is None:
        return answers.problem("invalid", all_told(wrong))
    try:
        same_as = _record_of(caller.meant(found.subject)) if found.subject else None
        own = Entry(
            found.kind, found.data, f"{caller.name} {found.source}", found.id, same_as, found.time
        )
        return desk().send(incoming(own, by=caller.recorder(found.kind)))
    except Refused as error:
        name = "forbidden" if error.problems[0].reason == "no_right" else "invalid"
        return answers.problem(name, all_told(error.problems))
    except (StoreError, psycopg.Error):
        return answers.problem("unavailable")


def _record_of(citizen: Any) -> int:
    """A record of the person meant; only of a person that the caller may see."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.record_id FROM register.person p JOIN register.standard s ON s.person_id = p.person_id"
            " WHERE p.citizen_id = register.went(%s) ORDER BY s.record_id LIMIT 1",
            [citizen],
        )
        row = cursor.fetchone()
    if row is None:
        raise Refused([Problem("subject", "unknown_person")])
    return int(row[0])


def _became(event: Any, one: Future[Outcome] | dict[str, Any], caller: Caller) -> dict[str, Any]:
    """The answer to one event: its names, a status as of HTTP, and the outcome or the problem."""
    names = {n: event.get(n) for n in ("id", "source")} if isinstance(event, dict) else {}
    if isinstance(one, dict):
        return names | {"status": one["status"], "problem": one}
    try:
        outcome = one.result(PATIENCE)
    except (Outside, Conflict, StoreError, psycopg.Error, TimeoutError) as error:
        told = answers.problem(_problem_of(error))
        return names | {"status": told["status"], "problem": told}
    return names | {"status": 200 if outcome.repeated else 201, **_told(outcome, caller)}


def _problem_of(error: Exception) -> str:
    if isinstance(error, Outside):
        return "outside"
    return "conflict" if isinstance(error, Conflict) else "unavailable"


def _told(outcome: Outcome, caller: Caller) -> dict[str, Any]:
    return {
        "event_no": outcome.event_no,
        "new": not outcome.repeated,
        "citizens": [caller.named(c) for c in outcome.citizens],
        "findings_opened": outcome.opened,
        "findings_closed": outcome.closed,
    }


def _single(told: dict[str, Any]) -> HttpResponse:
    status = told.pop("status")
    if wrong := told.get("problem"):
        return answers.say(wrong, status, "application/problem+json")
    answer = answers.say(told, status)
    answer.headers["Location"] = f"/api/events/{told['event_no']}"
    return answer


def _events(which: str, given: Sequence[Any], caller: Caller) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT event_no, kind, ce_source, ce_id, happened_at, recorded_at, result ->> 'opened',"
            " result ->> 'closed', ARRAY(SELECT jsonb_array_elements_text(result -> 'citizens'))"
            f" FROM register.event WHERE {which} ORDER BY event_no LIMIT {PAGE}",
            [*given],
        )
        rows = cursor.fetchall()
    return [
        {
            "event_no": no, "type": f"vn.dancu.{kind}.v1", "source": source.partition(" ")[2] or source, "id": id_,
            "time": happened.isoformat() if happened else None, "recorded_at": recorded.isoformat(),
            "findings_opened": int(opened or 0), "findings_closed": int(closed or 0),
            "citizens": [caller.named(c) for c in citizens],
        }
        for no, kind, source, id_, happened, recorded, opened, closed, citizens in rows
    ]  # fmt: skip


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    del request
    named = [Problem(str(one["loc"][-1]), "not_in_list") for one in error.errors]
    return answers.refuse("invalid", all_told(named))


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: Any) -> HttpResponse:
    del request, error
    return answers.refuse("unreadable")


@api.exception_handler(NoRight)
def _no_right(request: HttpRequest, error: Any) -> HttpResponse:
    del request, error
    return answers.refuse("forbidden")


@api.exception_handler(StoreError)
def _store(request: HttpRequest, error: Any) -> HttpResponse:
    del request, error
    return answers.refuse("unavailable")
