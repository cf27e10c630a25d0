"""The hall: numbers taken at a kiosk, called from a desk, shown on a screen. Nothing of a person on any of them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dancu.kit.web import full_name, is_within_limit, page, public, register_day
from dancu.sectors.public_services.counter import queue as numbers
from dancu.sectors.public_services.counter import whole
from dancu.sectors.public_services.errors import NotOpen, ServiceError

_TAKEN_A_MINUTE = 30
_DESK = "dancu-ban"
"""The desk's own name, kept in a cookie of the machine that stands there."""


@page(right="dossier.work")
@require_http_methods(["GET", "POST"])
def queue(request: HttpRequest) -> HttpResponse:
    """The officer's desk: call the next one, see who waits."""
    at, day = timezone.now(), timezone.localdate()
    place = _place(request)
    desk = request.POST.get("desk", request.COOKIES.get(_DESK, "1"))[:20]
    wrong = ""
    if request.method == "POST" and place:
        try:
            numbers.do_call_next(
                place=place, day=day, desk=desk, lines=request.POST.getlist("line"), by=request.user.username, at=at
            )  # fmt: skip
            return _remembering(redirect(_here(place)), desk)
        except NotOpen as error:
            wrong = str(error)
    return render(
        request, "counter/queue.html", _told(request, place, desk, wrong), status=409 if wrong else 200
    )  # fmt: skip


@page(right="dossier.work")
@require_POST
def move(request: HttpRequest, ticket: int) -> HttpResponse:
    """Call once more, skip, call who was skipped, or done."""
    place = _place(request)
    desk = request.POST.get("desk", request.COOKIES.get(_DESK, "1"))[:20]
    try:
        numbers.do_move(
            ticket,
            request.POST.get("what", ""),
            desk=desk,
            by=request.user.username,
            at=timezone.now(),
        )
    except NotOpen as error:
        return render(
            request, "counter/queue.html", _told(request, place, desk, str(error)), status=409
        )
    return redirect(_here(place))


@public
@require_GET
def screen(request: HttpRequest, place: str) -> HttpResponse:
    """What hangs in the hall: numbers and desks. It asks for itself every few seconds."""
    _check(place)
    told = numbers.on_screen(place, timezone.localdate()) | {
        "place": place,
        "name": full_name(place, register_day()),
        "at": timezone.now(),
    }
    part = request.headers.get("HX-Request")
    return render(request, "counter/screen_part.html" if part else "counter/screen.html", told)


@public
@require_http_methods(["GET", "POST"])
def kiosk(request: HttpRequest, place: str, word: str) -> HttpResponse:
    """Three large buttons; the address carries a word that only this counter's kiosk has."""
    if not numbers.is_kiosk(place, word):
        raise Http404
    _check(place)
    told: dict[str, Any] = {
        "name": full_name(place, register_day()),
        "lines": numbers.LINES,
        "at": timezone.now(),
    }
    if request.method == "GET":
        return render(request, "counter/kiosk.html", told)
    try:
        if not is_within_limit(f"kiosk:{place}", _TAKEN_A_MINUTE):
            raise ServiceError(_("Lấy số quá nhanh. Chờ một phút rồi lấy lại."))
        line = request.POST.get("line", "")
        told["taken"] = numbers.do_take(
            place=place, line=line, at=timezone.now(), day=timezone.localdate()
        )
        told["what"] = numbers.LINES[line]
    except ServiceError as error:
        told["wrong"] = str(error)
    return render(request, "counter/kiosk.html", told, status=422 if "wrong" in told else 200)


def _check(place: str) -> None:
    if not numbers.is_place(place, on=register_day()):
        raise Http404


def _place(request: HttpRequest) -> str:
    """The commune of the counter; '' when the officer has several and has not chosen."""
    own = [code for code, _name in whole.units_of(request.user, register_day())]
    asked = request.POST.get("place") or request.GET.get("noi", "")
    if asked in own:
        return str(asked)
    return own[0] if len(own) == 1 else ""


def _here(place: str) -> str:
    return f"{reverse('services_counter:queue')}?noi={place}"


def _told(request: HttpRequest, place: str, desk: str, wrong: str) -> dict[str, Any]:
    day = timezone.localdate()
    listed = numbers.of_day(place, day) if place else []
    kiosk_at = [place, numbers.kiosk_word(place)]
    return {
        "place": place, "name": full_name(place, register_day()) if place else "", "desk": desk,
        "wrong": wrong, "day": day,
        "places": whole.units_of(request.user, register_day()), "lines": numbers.LINES,
        "now": numbers.current(place, day, by=request.user.username) if place else None,
        "waiting": [t for t in listed if t.state == "waiting"], "skipped": [t for t in listed if t.state == "skipped"],
        "called": [t for t in listed if t.state == "called"], "done": sum(1 for t in listed if t.state == "done"),
        "kiosk": request.build_absolute_uri(reverse("services_counter:kiosk", args=kiosk_at)) if place else "",
        "screen": request.build_absolute_uri(reverse("services_counter:screen", args=[place])) if place else "",
    }  # fmt: skip


def _remembering(answer: HttpResponse, desk: str) -> HttpResponse:
    answer.set_cookie(
        _DESK,
        desk,
        max_age=365 * 86400,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return answer
