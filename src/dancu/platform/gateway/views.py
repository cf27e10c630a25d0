"""Pages of the line: how it does, stopping it by hand; and for each officer the own questions that waited."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dancu.platform.access.pages import page
from dancu.platform.gateway import asking, breaker, samples, setup, words_of
from dancu.platform.gateway.breaker import OWNER
from dancu.platform.gateway.errors import NotSetUp
from dancu.platform.gateway.models import LinkEvent, Question, Waiting
from dancu.platform.gateway.port import Reply

VIEW, STOP = "system.view", "gateway.stop"


@page(VIEW)
def link(request: HttpRequest) -> HttpResponse:
    """State, queue, days and months, what happened."""
    return _link(request)


def _link(request: HttpRequest, problem: str = "", status: int = 200) -> HttpResponse:
    at, found = timezone.now(), breaker.state()
    waiting = Waiting.objects.using(OWNER).exclude(state="over").select_related("question")
    state, word = words_of.link_state(found)
    events = LinkEvent.objects.using(OWNER).order_by("-id")[:20]
    shown = {
        "link": found, "state": state, "word": word, "reason": words_of.REASONS.get(found.reason, ""),
        "verify_only": setup.verify_only(), "not_set_up": _not_set_up(),
        "goal": samples.goal(on=timezone.localdate(at).replace(day=1)),
        "waits": waiting.count(), "oldest": waiting.order_by("question__at").first(),
        "days": samples.by_day(last=14, at=at), "months": samples.by_month(last=6, at=at),
        "events": [(e, words_of.EVENTS[e.what], words_of.REASONS.get(e.reason, e.reason)) for e in events],
        "problem": problem, "typed": request.POST.get("why", ""),
    }  # fmt: skip
    return render(request, "gateway/link.html", shown, status=status)


@page(STOP)
@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """By hand, with a reason that everybody who waits may read."""
    why = request.POST.get("why", "").strip()
    if not why:
        return _link(request, _("Hãy ghi lý do tạm dừng."), 422)
    breaker.stop(by=request.user.username, why=why, at=timezone.now())
    return redirect("gateway:link")


@page(STOP)
@require_POST
def resume(request: HttpRequest) -> HttpResponse:
    """Set free again."""
    breaker.resume(by=request.user.username, at=timezone.now())
    return redirect("gateway:link")


@page()
def mine(request: HttpRequest) -> HttpResponse:
    """One's own questions of the last two days, by time and purpose: the page names nobody."""
    since = timezone.now() - dt.timedelta(days=2)
    found = (
        Question.objects.using(OWNER).select_related("ending", "waiting")
        .filter(by=request.user.username, at__gte=since).order_by("-at")[:200]
    )  # fmt: skip
    lines = [(question, _told(asking.reply_of(question))) for question in found]
    return render(request, "gateway/mine.html", {"lines": lines})


@page()
def one(request: HttpRequest, number: UUID) -> HttpResponse:
    """One question: while it waits the page asks for itself."""
    try:
        reply = asking.again(number=number, by=request.user.username)
    except asking.NotYours:
        raise Http404 from None
    shown = _told(reply) | {"codes": words_of.codes_in_words(reply.codes)}
    part = request.headers.get("HX-Request")
    answer = render(request, "gateway/part.html" if part else "gateway/one.html", shown)
    if part and reply.state != "pending":
        answer["HX-Refresh"] = "true"
    return answer


def _told(reply: Reply) -> dict[str, Any]:
    state, word = words_of.STATES[reply.state]
    result = words_of.RESULTS[reply.answer.result]
    return {
        "reply": reply, "state": state, "word": word, "result": result,
        "reason": words_of.REASONS.get(reply.reason, ""),
    }  # fmt: skip


def _not_set_up() -> Any:
    try:
        setup.read()
    except NotSetUp as error:
        return words_of.REASONS[error.reason]
    return None
