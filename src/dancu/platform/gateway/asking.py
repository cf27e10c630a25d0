"""One question to the national service, from its line in the log to its ending; nothing twice, nothing lost.

1. The question is logged and laid into the queue, sealed, in one transaction that is committed before a byte leaves
   the house: a machine that dies now has left the trace, and the worker asks again under the same number.
2. The line is asked, if the breaker lets it.
3. An answer is written as the question's one ending before anybody sees it; no answer leaves it in the queue.

This runs as the owner, on a connection that is not the page's: the page's transaction may still be undone, what was
asked of the nation may not.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from dancu.engine.verify.model import Answer, Asked, Attribute
from dancu.platform.gateway import breaker, samples, sealing
from dancu.platform.gateway.breaker import OWNER
from dancu.platform.gateway.errors import LineDown, Refusal
from dancu.platform.gateway.models import Ending, Question, Waiting
from dancu.platform.gateway.national import National, Officer, Told
from dancu.platform.gateway.port import NOT_YET, Reply, Request

KEPT = dt.timedelta(hours=24)
"""How long a question is tried, and its answer can be shown again."""
CRASHED = dt.timedelta(seconds=60)
"""After which a question that somebody was asking counts as left behind."""
PAUSES = (5, 15, 30, 60, 120, 300)
"""Seconds to the next try; the last for all that follow."""

Clock = Callable[[], dt.datetime]


class NotYours(LookupError):
    """No question of this number, or one of somebody else: the same word for both."""


@dataclass(frozen=True)
class NationalGateway:
    """The adapter to the national service."""

    national: National

    def ask(self, request: Request) -> Reply:
        """See the module; the same number again gives the same question's reply."""
        waiting = _logged(request)
        if waiting is None:
            return _before(request)
        return attempt(self.national, waiting, at=request.at)


def again(*, number: UUID, by: str, partner: str = "") -> Reply:
    """The reply to a question of before, for who asked it; NotYours."""
    found = (
        Question.objects.using(OWNER).select_related("ending", "waiting")
        .filter(number=number, by=by, partner=partner).first()
    )  # fmt: skip
    if found is None:
        raise NotYours(str(number))
    return reply_of(found)


def attempt(national: National, waiting: Waiting, *, at: dt.datetime) -> Reply:
    """Ask now, if the line may be used; what comes of it is written before this returns."""
    question = waiting.question
    asked, officer = _unsealed(waiting)
    began = time.monotonic()
    try:
        breaker.check_open(at=at)
        told = national.ask(
            asked,
            number=question.number,
            purpose=question.purpose,
            officer=officer,
            on=timezone.localdate(at),
        )
    except Refusal as error:
        _sampled(began, True, error.reason, at)
        breaker.succeeded(at=at)
        return end(waiting, at=at, state="refused", reason=error.reason)
    except LineDown as error:
        if not isinstance(error, breaker.Stopped):
            _sampled(began, False, error.reason, at)
        breaker.failed(error, at=at)
        return _left(waiting, error, at)
    _sampled(began, True, "", at)
    breaker.succeeded(at=at)
    return _answered(waiting, told, at)


def reply_of(question: Question) -> Reply:
    """As it stands now; the answer itself while it is kept."""
    ending, waiting = (getattr(question, name, None) for name in ("ending", "waiting"))
    until = waiting.expires_at if waiting else None
    if ending is None:
        return _reply(question, "pending", reason=waiting.reason if waiting else "", until=until)
    if ending.state != "verified":
        state: Any = "refused" if ending.state == "refused" else "unavailable"
        return _reply(question, state, reason=ending.reason)
    kept = sealing.opened(waiting.sealed, number=question.number) if waiting else None
    if kept is None:
        return _reply(question, "unavailable", reason="answer_gone")
    return _reply(
        question, "verified", answer=answer_from(kept["answer"]), transaction=ending.transaction,
        codes=tuple(ending.codes.split()), until=until,
    )  # fmt: skip


def answer_from(told: dict[str, Any]) -> Answer:
    """An answer out of what `Answer.as_json` made of it."""
    on = dt.date.fromisoformat(told["on"]) if told["on"] else None
    attributes = tuple(
        Attribute(a["attribute"], a["verdict"], a.get("reason", ""), a.get("value"))
        for a in told["attributes"]
    )
    return Answer(told["result"], attributes, told["card"], told["number"], told["person"], on)


def _before(request: Request) -> Reply:
    """The same number came before: the same question's reply, or no reply at all to another content."""
    try:
        found = again(number=request.number, by=request.by.username, partner=request.partner)
    except NotYours:
        return Reply("refused", NOT_YET, request.number, "", "other_content")
    first = Question.objects.using(OWNER).values_list("digest", flat=True).get(number=request.number)  # fmt: skip
    if bytes(first) != sealing.digest(_kept(request)):
        return Reply("refused", NOT_YET, request.number, "", "other_content")
    return found


def _kept(request: Request) -> dict[str, Any]:
    """All that asking again needs."""
    asked = request.asked
    return {
        "number": asked.number, "old_number": asked.old_number, "claims": dict(asked.claims),
        "read_from": asked.read_from, "officer": [request.officer_name, request.officer_number],
    }  # fmt: skip


def _logged(request: Request) -> Waiting | None:
    """The line in the log and the place in the queue; None when this number was asked before."""
    asked, kept = request.asked, _kept(request)
    try:
        with transaction.atomic(using=OWNER):
            question = Question.objects.using(OWNER).create(
                number=request.number, receipt=uuid4(), at=request.at, by=request.by.username,
                role=" ".join(getattr(request.by, "roles_today", ())), officer=request.officer,
                partner=request.partner, unit_code=request.unit_code, purpose=request.purpose,
                basis=request.basis, channel=request.channel, fields=sorted(asked.claims),
                about=sealing.about(asked.number or asked.old_number), digest=sealing.digest(kept),
                citizen_id=request.citizen_id,
            )  # fmt: skip
            return Waiting.objects.using(OWNER).create(
                question=question, sealed=sealing.seal(kept, number=request.number),
                next_at=request.at + CRASHED, expires_at=request.at + KEPT,
            )  # fmt: skip
    except IntegrityError:
        return None


def _unsealed(waiting: Waiting) -> tuple[Asked, Officer]:
    kept = sealing.opened(waiting.sealed, number=waiting.question.number)
    asked = Asked(kept["number"], kept["old_number"], kept["claims"], kept["read_from"])
    return asked, Officer(*kept["officer"])


def _answered(waiting: Waiting, told: Told, at: dt.datetime) -> Reply:
    number = waiting.question.number
    waiting.sealed = sealing.seal({"answer": told.answer.as_json()}, number=number)
    return end(
        waiting, at=at, state="verified", result=told.answer.result, codes=" ".join(told.codes)[:60],
        transaction=told.transaction,
    )  # fmt: skip


def end(waiting: Waiting, *, at: dt.datetime, **how: str) -> Reply:
    """The one ending, and what is kept of it; who comes second finds the first one's."""
    question = waiting.question
    try:
        with transaction.atomic(using=OWNER):
            Ending.objects.using(OWNER).create(
                question=question, at=at, tries=waiting.tries + 1, **how
            )
            if how["state"] == "verified":
                waiting.state, waiting.tries, waiting.reason = "over", waiting.tries + 1, ""
                waiting.save(using=OWNER)
            else:
                Waiting.objects.using(OWNER).filter(pk=waiting.pk).delete()
    except IntegrityError:  # answered meanwhile
        pass
    fresh = Question.objects.using(OWNER).select_related("ending", "waiting").get(pk=question.pk)
    return reply_of(fresh)


def _left(waiting: Waiting, error: LineDown, at: dt.datetime) -> Reply:
    """In the queue until the next try. A try that the breaker held back does not count as one."""
    sent = not isinstance(error, breaker.Stopped)
    pause = PAUSES[min(waiting.tries, len(PAUSES) - 1)]
    waiting.tries += sent
    waiting.state, waiting.reason = "waiting", error.reason
    waiting.next_at = at + dt.timedelta(seconds=pause)
    waiting.save(using=OWNER, update_fields=["state", "reason", "tries", "next_at"])
    return _reply(waiting.question, "pending", reason=error.reason, until=waiting.expires_at)


def _reply(question: Question, state: Any, *, answer: Answer = NOT_YET, **more: Any) -> Reply:
    return Reply(state, answer, question.number, str(question.receipt), **more)


def _sampled(began: float, ok: bool, reason: str, at: dt.datetime) -> None:
    ms = 1000 * (time.monotonic() - began)
    samples.add(kind="question", ok=ok, ms=ms, reason=reason, at=at)
