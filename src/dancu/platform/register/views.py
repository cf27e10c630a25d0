"""Search, a person, a household. Every look at a person goes through the door and leaves its line in the log."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dancu.platform.access import territory
from dancu.platform.access.pages import page
from dancu.platform.access.rights import Refused, has_right
from dancu.platform.register import door, search_page
from dancu.platform.register.door import NoCitizen, access_citizen, access_household
from dancu.platform.register.forms import SearchForm
from dancu.platform.register.household import household_page
from dancu.platform.register.match import links
from dancu.platform.register.person import person_page
from dancu.platform.register.words_of import is_number, worded
from dancu.reference import purposes

_PURPOSE = "register.purpose"
"""In the session: what the officer looks people up for."""


@page("person.search")
@require_http_methods(["GET", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """The form; with POST the results below it (htmx: the results alone)."""
    day = territory.register_day()
    purpose = _purpose(request, day)
    if request.method == "GET":
        asked = {"commune": request.GET.get("xa", ""), "purpose": purpose}
        form = SearchForm(initial=asked, user=request.user, day=day)
        return render(request, "register/search.html", {"form": form, "day": day})
    form = SearchForm(request.POST, user=request.user, day=day)
    found = None
    if form.is_valid():
        if request.session.get(_PURPOSE) != form.cleaned_data["purpose"]:
            request.session[_PURPOSE] = form.cleaned_data["purpose"]
        found = search_page.results(form.cleaned_data, request.POST, by=request.user, day=day)
    shown = {"form": form, "day": day, "found": found}
    part = "register/results.html" if request.headers.get("HX-Request") else "register/search.html"
    return render(
        request, part, shown, status=200 if found or part.endswith("results.html") else 422
    )


@page("person.view")
def person(request: HttpRequest, citizen: UUID) -> HttpResponse:
    """All that the role may see of a person, as known now, or as of a moment or a day."""
    return _person(request, citizen)


@page("person.unmask")
@require_POST
def unmask(request: HttpRequest, citizen: UUID) -> HttpResponse:
    """One number in full: logged by itself. With htmx the number alone, else the page with it."""
    field, day = request.POST.get("field", ""), territory.register_day()
    if not is_number(field):
        return HttpResponseBadRequest()
    try:
        seen = access_citizen(
            citizen_id=citizen, by=request.user, purpose=_purpose(request, day), fields=[field],
            full=True, on=day,
        )  # fmt: skip
    except NoCitizen:
        return _nobody(request, citizen)
    number = worded(field, seen.values.get(field), on=day, full=field in seen.full)
    if request.headers.get("HX-Request"):
        return render(request, "register/number.html", {"number": number, "field": field})
    return _person(request, citizen, numbers={field: number})


@page("household.view")
def household(request: HttpRequest, citizen: UUID) -> HttpResponse:
    """The members of the household of a person."""
    day = territory.register_day()
    try:
        of = access_citizen(citizen_id=citizen, by=request.user, purpose=_purpose(request, day),
                            fields=["household_number", "address_head"], on=day)  # fmt: skip
        members = access_household(of=of, by=request.user)
    except NoCitizen:
        return _nobody(request, citizen)
    if of.asked_id:
        return _moved("register:household", of.citizen_id, str(citizen))
    return render(
        request, "register/household.html", household_page(of, members, day=day, query=request.GET)
    )


@page("person.view")
def match(request: HttpRequest, citizen: UUID) -> HttpResponse:
    """Why the records of a person are one person, for who sees its history."""
    day = territory.register_day()
    try:
        of = access_citizen(citizen_id=citizen, by=request.user, purpose=_purpose(request, day), on=day)  # fmt: skip
    except NoCitizen:
        return _nobody(request, citizen)
    if not of.sees("history"):
        raise Refused(_("Vai trò của bạn không xem lịch sử thay đổi."))
    return render(request, "register/match.html", {"of": of, "links": links(of), "day": day})


def _person(
    request: HttpRequest, citizen: UUID, numbers: dict[str, str] | None = None
) -> HttpResponse:
    went = door.went(citizen)
    if went != str(citizen):
        return _moved("register:person", went, str(citizen))
    day = territory.register_day()
    try:
        of = access_citizen(
            citizen_id=citizen, by=request.user, purpose=_purpose(request, day), on=day
        )  # fmt: skip
    except NoCitizen:
        return _nobody(request, citizen)
    members = (
        access_household(of=of, by=request.user) if has_right(request.user, door.HOUSEHOLD) else []
    )
    shown = person_page(
        of, members, day=day, query=request.GET, numbers=numbers or {}, by=request.user
    )
    return render(request, "register/person.html", shown)


def _moved(name: str, now: str, before: str) -> HttpResponse:
    """To where a merged identifier went; the page says so."""
    return redirect(f"{reverse(name, args=[now])}?{urlencode({'gop-tu': before})}")


def _nobody(request: HttpRequest, citizen: UUID) -> HttpResponse:
    """The same answer for who does not exist and who lives elsewhere."""
    may_ask = has_right(request.user, "access.extraordinary")
    ask = f"{reverse('access:ask')}?{urlencode({'kind': 'person', 'target': str(citizen)})}"
    shown: dict[str, Any] = {"ask": ask if may_ask else ""}
    return render(request, "register/nobody.html", shown, status=404)


def _purpose(request: HttpRequest, day: Any) -> str:
    """What was chosen in this session, else what the role is for; always one of the day."""
    chosen: str = request.session.get(_PURPOSE, "")
    known = purposes.purposes(on=day)
    fits = chosen in known and known[chosen].is_open_to(request.user.roles_today)
    return chosen if fits else purposes.usual(request.user.roles_today, on=day)
