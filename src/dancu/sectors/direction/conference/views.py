"""Pages that show: conferences, one, its roll, the brief of a unit, the minutes."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dancu.kit.web import has_right, page
from dancu.sectors.direction import may
from dancu.sectors.direction.conference import briefs, reading, shown, states
from dancu.sectors.direction.conference.reading import Conference
from dancu.sectors.direction.errors import NoThing


@page(right=may.VIEW)
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Those of the own units, and those they are invited to."""
    told = {
        "lines": [shown.line(one) for one in reading.conferences()], "may_call": has_right(request.user, may.GIVE),
    }  # fmt: skip
    return render(request, "conference/list.html", told)


@page(right=may.VIEW)
@require_safe
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One: agenda, roll, statements, conclusions, and what may be done now."""
    return render(request, "conference/one.html", told_of(request, get(number)))


def told_of(request: HttpRequest, found: Conference) -> dict[str, Any]:
    """What every page of a conference says."""
    on, points = timezone.localdate(), reading.points(found.conference_no)
    is_host = may.may(request.user, may.GIVE, found.host)
    own = [p for p in points if may.may(request.user, may.WORK, p.place)]
    return {
        "one": found, "line": shown.line(found), "roll": shown.roll(points), "is_host": is_host,
        "own": [shown.point(p) for p in own[:1]] if not is_host else [],
        "statements": reading.statements(found.conference_no),
        "conclusions": [shown.conclusion(c, on) for c in reading.conclusions(found.conference_no)],
        "unfinished": [shown.conclusion(c, on) for c in reading.unfinished(found)] if is_host else [],
        "event_id": uuid4(), "on": found.figures_on, "states": states, "crumbs": crumbs(found, None),
    }  # fmt: skip


@page(right=may.VIEW)
@require_safe
def roll(request: HttpRequest, number: int) -> HttpResponse:
    """Every point that may be seen, from the province to the communes; by state when asked for."""
    found, state = get(number), request.GET.get("tinh-trang", "")
    points = reading.points(number)
    told = {
        "one": found, "roll": shown.roll(points), "state": state, "states": states.POINTS,
        "points": [shown.point(p) for p in points if state in ("", p.state)],
        "is_host": may.may(request.user, may.GIVE, found.host) and found.state != states.CLOSED, "event_id": uuid4(),
        "crumbs": crumbs(found, _("Điểm cầu")),
    }  # fmt: skip
    for line in told["points"]:
        line["event_id"] = uuid4()
    return render(request, "conference/roll.html", told)


@page(right=may.VIEW)
@require_safe
def brief(request: HttpRequest, number: int, unit: str) -> HttpResponse:
    """What a unit is told about itself: as it was kept, or as its figures are now."""
    found = get(number)
    try:
        point = reading.point(number, unit)
    except NoThing:
        raise Http404 from None
    kept = reading.brief(number, unit)
    content = kept[0] if kept else briefs.contents([point.place], on=found.figures_on)[unit]
    told = {
        "one": found, "brief": shown.brief(content), "kept_at": kept[1] if kept else None, "point": point,
        "on": found.figures_on, "crumbs": crumbs(found, _("Phiếu số liệu")),
    }  # fmt: skip
    return render(request, "conference/brief.html", told)


@page(right=may.VIEW)
@require_safe
def minutes(request: HttpRequest, number: int) -> HttpResponse:
    """The record of the meeting, to be printed and signed."""
    found = get(number)
    told = {**told_of(request, found), "crumbs": crumbs(found, _("Biên bản"))}
    return render(request, "conference/minutes.html", told)


def get(number: int) -> Conference:
    """The conference; 404."""
    try:
        return reading.get(number)
    except NoThing:
        raise Http404 from None


def crumbs(found: Conference, last: str | None) -> list[tuple[str, str]]:
    """Where the page stands."""
    top = (_("Hội nghị"), reverse("direction_conference:list"))
    here = reverse("direction_conference:one", args=[found.conference_no])
    return [top, (found.title, here), (last, "")] if last else [top, (found.title, "")]
