"""The queue, one pair, a person's records, why two people are two, proposals. Every look goes through the door."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dancu.platform.access import territory
from dancu.platform.access.pages import page
from dancu.platform.duplicates import people, queue, services, shown, sides
from dancu.platform.duplicates.errors import DuplicateError, Settled
from dancu.platform.duplicates.explaining import reader
from dancu.platform.register.door import NoCitizen
from dancu.store.errors import StoreError
from dancu.store.register.explained import NoRecord

JUDGE = "duplicate.judge"
_FLASH = "duplicates.done"


@page(JUDGE)
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The queue, the likeliest pair first; names stand on the page of each pair alone."""
    filters, on = queue.Filters.of(request.GET), territory.register_day()
    found = Paginator(_Lazy(filters), queue.PAGE).get_page(request.GET.get("page"))
    told = {
        "page": found,
        "rows": [shown.line(row, on) for row in found],
        "units": shown.units_of(request.user),
        "kinds": shown.kinds(),
        "bands": shown.bands(),
        "states": shown.states(),
    }
    return render(request, "duplicates/list.html", told | _frame(request, filters))


class _Lazy:
    """The queue as a paginator asks for it."""

    def __init__(self, filters: queue.Filters) -> None:
        self._filters = filters

    def count(self) -> int:
        """All of them."""
        return queue.count(self._filters)

    __len__ = count

    def __getitem__(self, place: slice) -> list[Any]:
        return queue.pairs(self._filters, first=place.start, most=place.stop - place.start)


def _frame(request: HttpRequest, filters: queue.Filters) -> dict[str, Any]:
    """What every page of the queue shows: where, how far, the last conclusion with its undo."""
    return {
        "filters": filters,
        "query": filters.query,
        "progress": shown.progress(request.user, filters),
        "whose": shown.whose(request.user),
        "on": territory.register_day(),
        "last": services.last_of(request.user.username),
        "done": request.session.pop(_FLASH, None),
        "event_id": uuid4(),
        "verdicts": shown.verdicts(),
    }


@page(JUDGE)
@require_GET
def next_pair(request: HttpRequest) -> HttpResponse:
    """Where the work begins: the first pair of the queue."""
    filters = queue.Filters.of(request.GET)
    _, first = queue.neighbours(None, filters)
    return _to_pair(first, filters)


def _to_pair(number: int | None, filters: queue.Filters) -> HttpResponse:
    where = reverse("duplicates:pair", args=[number]) if number else reverse("duplicates:list")
    return redirect(f"{where}?{filters.query}" if filters.query else where)


@page(JUDGE)
@require_GET
def pair_page(request: HttpRequest, number: int) -> HttpResponse:
    """One pair, side by side, with the explanation of its score."""
    return _pair_page(request, number, {})


def _pair_page(
    request: HttpRequest, number: int, extra: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    filters, row = queue.Filters.of(request.GET), queue.find(number)
    if row is None:
        return _settled(request, number, filters)
    try:
        told = reader().pair(row["record_a"], row["record_b"], lang=shown.lang())
        a, b = sides.of_pair(row, sides.looked(request))
    except (NoCitizen, NoRecord):
        return _settled(request, number, filters)
    before, after = queue.neighbours(row, filters)
    given = {"row": shown.line(row, territory.register_day()), "before": before, "after": after}
    content = given | _frame(request, filters) | shown.explained(told, a, b) | extra
    return render(request, "duplicates/pair.html", content, status=status)


def _settled(request: HttpRequest, number: int, filters: queue.Filters) -> HttpResponse:
    """A pair that is no longer in the queue; the same answer as for one that was never there for this officer."""
    if queue.settled(number) is None:
        raise Http404
    return render(request, "duplicates/settled.html", _frame(request, filters), status=410)


@page(JUDGE)
@require_POST
def judge(request: HttpRequest, number: int) -> HttpResponse:
    """A verdict, then the next pair."""
    filters, row = queue.Filters.of(request.GET), queue.find(number)
    verdict, event = request.POST.get("verdict", ""), _uuid(request.POST.get("event_id"))
    if verdict not in services.VERDICTS or event is None:
        return HttpResponseBadRequest()
    _, after = queue.neighbours(row, filters) if row else (None, None)
    reason = request.POST.get("reason", "").strip()[:500]
    try:
        result = services.do_judge(
            number=number, verdict=verdict, reason=reason, event_id=event, by=request.user
        )
    except (DuplicateError, StoreError) as error:
        if isinstance(error, Settled) and queue.find(number) is None:
            return _settled(request, number, filters)
        return _pair_page(request, number, {"wrong": str(error)}, status=409)
    _keep(request, result, verdict)
    # Joining two people settles their other pairs as well.
    if after is not None and queue.find(after) is None:
        after = None
    return _to_pair(after or queue.neighbours(None, filters)[1], filters)


def _keep(request: HttpRequest, result: services.Result, verdict: str) -> None:
    """For the next page: what was done, and how the scores of the user's communes moved."""
    own = dict(shown.units_of(request.user))
    moved = [
        [own[unit], round(old, 4), round(new, 4)]
        for unit, (old, new) in result.scores.items()
        if unit in own and old is not None and new is not None and old != new
    ]
    request.session[_FLASH] = {
        "event": result.event,
        "proposal": result.proposal,
        "verdict": verdict,
        "scores": moved,
    }


@page(JUDGE)
@require_POST
def undo(request: HttpRequest, event: int) -> HttpResponse:
    """Take a conclusion back; what was said before counts again, and the pair is back in the queue."""
    filters, own = queue.Filters.of(request.GET), _uuid(request.POST.get("event_id"))
    if own is None:
        return HttpResponseBadRequest()
    reason = request.POST.get("reason", "").strip()[:500]
    try:
        result = services.do_withdraw(event=event, reason=reason, event_id=own, by=request.user)
    except (DuplicateError, StoreError) as error:
        told = {"wrong": str(error)} | _frame(request, filters)
        return render(request, "duplicates/settled.html", told, status=409)
    _keep(request, result, "withdrawn")
    if back := request.POST.get("citizen"):
        return (
            redirect("duplicates:person", citizen=back) if _uuid(back) else _to_pair(None, filters)
        )
    reopened = people.open_pair_of(event)
    return _to_pair(reopened, filters)


@page(JUDGE)
@require_GET
def person_page(request: HttpRequest, citizen: UUID) -> HttpResponse:
    """The records of a person, what holds them together, what was said of them; records can be taken out."""
    return _person_page(request, citizen, {})


def _person_page(
    request: HttpRequest, citizen: UUID, extra: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    try:
        told = people.person(citizen, sides.looked(request))
    except NoCitizen as error:
        raise Http404 from error
    frame = _frame(request, queue.Filters())
    return render(request, "duplicates/person.html", told | frame | extra, status=status)


@page(JUDGE)
@require_POST
def split(request: HttpRequest, citizen: UUID) -> HttpResponse:
    """Take the chosen records out of the person."""
    chosen = [int(r) for r in request.POST.getlist("record") if r.isdecimal()]
    event, reason = _uuid(request.POST.get("event_id")), request.POST.get("reason", "").strip()
    if event is None:
        return HttpResponseBadRequest()
    person = people.number_of(citizen)
    if person is None:
        raise Http404
    try:
        result = services.do_split(
            person=person, records=chosen, reason=reason[:500], event_id=event, by=request.user
        )
    except (DuplicateError, StoreError) as error:
        return _person_page(request, citizen, {"wrong": str(error)}, status=422)
    _keep(request, result, "different")
    return redirect("duplicates:person", citizen=citizen)


@page(JUDGE)
@require_http_methods(["GET", "POST"])
def why(request: HttpRequest) -> HttpResponse:
    """Why two people are two; the officer may conclude on them though the machine had no doubt."""
    a, b = (_uuid(request.GET.get(k)) for k in "ab")
    frame = _frame(request, queue.Filters()) | {"asked": request.GET}
    if a is None or b is None:
        typed = bool(request.GET.get("a") or request.GET.get("b"))
        return render(
            request, "duplicates/why.html", frame | {"typed": typed}, status=422 if typed else 200
        )
    try:
        told = people.two(a, b, sides.looked(request))
    except (NoCitizen, NoRecord):
        return render(request, "duplicates/why.html", frame | {"nobody": True}, status=404)
    if request.method == "GET" or told.get("one_record"):
        return render(request, "duplicates/why.html", frame | told)
    verdict, event = request.POST.get("verdict", ""), _uuid(request.POST.get("event_id"))
    if verdict not in services.VERDICTS or event is None:
        return HttpResponseBadRequest()
    reason = request.POST.get("reason", "").strip()[:500]
    try:
        result = services.do_join(
            records=(told["a"].record_id, told["b"].record_id), verdict=verdict, reason=reason,
            event_id=event, by=request.user,
        )  # fmt: skip
    except (DuplicateError, StoreError) as error:
        return render(
            request, "duplicates/why.html", frame | told | {"wrong": str(error)}, status=409
        )
    _keep(request, result, verdict)
    return redirect(request.get_full_path())


@page(JUDGE)
@require_GET
def proposals(request: HttpRequest) -> HttpResponse:
    """What waits for a second officer, in one's own territory."""
    rows = [shown.proposal(row, request.user) for row in services.waiting()]
    told = {"rows": rows, "whose": shown.whose(request.user), "on": territory.register_day()}
    return render(request, "duplicates/proposals.html", told)


@page(JUDGE)
@require_GET
def proposal_page(request: HttpRequest, number: int) -> HttpResponse:
    """One proposal with the two sides that it is about."""
    return _proposal_page(request, number, {})


def _proposal_page(
    request: HttpRequest, number: int, extra: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    row = services.find_proposal(number)
    if row is None:
        raise Http404
    told = {"proposal": shown.proposal(row, request.user), "on": territory.register_day()}
    told |= people.of_proposal(row, sides.looked(request))
    return render(request, "duplicates/proposal.html", told | extra, status=status)


@page(JUDGE)
@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """The second officer confirms or refuses; the first may withdraw."""
    outcome = request.POST.get("outcome", "")
    if outcome not in ("confirmed", "refused", "withdrawn"):
        return HttpResponseBadRequest()
    try:
        services.do_decide(number=number, outcome=outcome, by=request.user)
    except (DuplicateError, StoreError) as error:
        return _proposal_page(request, number, {"wrong": str(error)}, status=409)
    return redirect("duplicates:proposals")


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
