"""Pages that act: a conference called, its briefs kept, opened and closed; a point, a statement, a conclusion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dancu.kit.web import page, register_day
from dancu.sectors.direction import may, places
from dancu.sectors.direction.conference import reading, services, states, views
from dancu.sectors.direction.conference.forms import (
    CallForm,
    ConcludeForm,
    PointForm,
    StateForm,
    StepForm,
)
from dancu.sectors.direction.conference.reading import Conference
from dancu.sectors.direction.conference.services import Call, Said
from dancu.sectors.direction.errors import DirectionError, NoThing
from dancu.sectors.direction.places import Place
from dancu.sectors.direction.shortcomings import reading as shortcomings

_MOST = 300
"""Shortcomings to choose from in a conclusion: the widest gaps."""


@page(right=may.GIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Call one."""
    day = register_day()
    own = [p for p in places.mine(request.user, on=day) if may.may(request.user, may.GIVE, p)]
    start = {"figures_on": day, "starts": "08:00"}
    form = CallForm(request.POST if request.method == "POST" else None, places=own, initial=start)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        call = Call(
            given["unit"], day, given["title"], given["held_on"], given["starts"], given["venue"], given["figures_on"],
            given["agenda"] or (), given["levels"], given["event_id"],
        )  # fmt: skip
        try:
            made = services.do_call(call=call, by=request.user, at=timezone.now())
            return redirect("direction_conference:one", number=made.conference_no)
        except DirectionError as error:
            form.add_error(None, str(error))
    told = {
        "form": form,
        "title": _("Triệu tập hội nghị"),
        "submit": _("Triệu tập"),
        "crumbs": None,
    }
    return render(
        request, "conference/form.html", told, status=422 if request.method == "POST" else 200
    )


@page(right=may.GIVE)
@require_POST
def step(request: HttpRequest, number: int) -> HttpResponse:
    """Keep the briefs, open, close."""
    found, form = views.get(number), StepForm(request.POST)
    if not form.is_valid():
        return _again(request, found, _("Thao tác này không mở ở trạng thái hiện tại."))
    given = form.cleaned_data
    do = services.do_brief if given["action"] == "brief" else services.do_move
    try:
        do(
            number=number, version=given["version"], event_id=given["event_id"], by=request.user, at=timezone.now()
        )  # fmt: skip
    except DirectionError as error:
        return _again(request, found, str(error))
    return redirect("direction_conference:one", number=number)


@page(right=may.VIEW)
@require_POST
def connect(request: HttpRequest, number: int, unit: str) -> HttpResponse:
    """A point is connected, or nobody came."""
    found, form = views.get(number), PointForm(request.POST)
    if not form.is_valid():
        return _again(request, found, _("Ghi số người dự từ 0 đến 1000."))
    given = form.cleaned_data
    try:
        services.do_connect(
            number=number, unit=unit, state=given["state"], people=given["people"] or 0, event_id=given["event_id"],
            by=request.user, at=timezone.now(),
        )  # fmt: skip
    except NoThing:
        raise Http404 from None
    except DirectionError as error:
        return _again(request, found, str(error))
    if may.may(request.user, may.GIVE, found.host):
        return redirect("direction_conference:roll", number=number)
    return redirect("direction_conference:one", number=number)


@page(right=may.GIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest, number: int) -> HttpResponse:
    """Take down what a unit said."""
    found = _hosted(request, number)
    form = StateForm(_sent(request), places=_seated(found))

    def do(given: dict[str, Any]) -> None:
        said = Said(given["unit"], given["text"], given["speaker"], event_id=given["event_id"])
        services.do_state(number=number, said=said, by=request.user, at=timezone.now())

    return _form_page(request, found, form, _("Ghi phát biểu"), do)


@page(right=may.GIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def conclude(request: HttpRequest, number: int) -> HttpResponse:
    """Draw a conclusion; it becomes a task."""
    found, on = _hosted(request, number), timezone.localdate()
    waiting = shortcomings.listed(shortcomings.Filters(), on=on, limit=_MOST, offset=0)
    choices = [(str(s.shortcoming_no), f"{s.place.name}: {s.title}"[:140]) for s in waiting]
    start = {"shortcoming": request.GET.get("ton-tai", ""), "unit": request.GET.get("don-vi", "")}
    form = ConcludeForm(_sent(request), places=_seated(found), shortcomings=choices, initial=start)

    def do(given: dict[str, Any]) -> None:
        about = int(given["shortcoming"]) if given["shortcoming"] else None
        said = Said(given["unit"], given["text"], "", given["due_on"], about, given["event_id"])
        services.do_conclude(number=number, said=said, by=request.user, at=timezone.now(), on=on)

    return _form_page(request, found, form, _("Ghi kết luận"), do)


def _form_page(
    request: HttpRequest, found: Conference, form: forms.Form, title: str, do: Callable[[dict[str, Any]], None]
) -> HttpResponse:  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            do(form.cleaned_data)
            return redirect("direction_conference:one", number=found.conference_no)
        except DirectionError as error:
            form.add_error(None, str(error))
    told = {
        "form": form,
        "title": title,
        "submit": title,
        "one": found,
        "crumbs": views.crumbs(found, title),
    }
    return render(
        request, "conference/form.html", told, status=422 if request.method == "POST" else 200
    )


def _again(request: HttpRequest, found: Conference, wrong: str) -> HttpResponse:
    told = {**views.told_of(request, views.get(found.conference_no)), "wrong": wrong}
    return render(request, "conference/one.html", told, status=422)


def _hosted(request: HttpRequest, number: int) -> Conference:
    """The conference while its host may write; else the reason, or 404."""
    found = views.get(number)
    may.check(request.user, may.GIVE, found.host)
    if found.state != states.OPEN and request.method != "POST":
        raise Http404
    return found


def _seated(found: Conference) -> list[Place]:
    return [p.place for p in reading.points(found.conference_no)]


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
