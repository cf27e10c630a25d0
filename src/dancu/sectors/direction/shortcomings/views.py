"""The list of shortcomings of the own units, and the page of one: figure, gap, cause, remedy, history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dancu.kit.web import page, register_day
from dancu.reference import units
from dancu.sectors.direction import may, places
from dancu.sectors.direction import reading as direction
from dancu.sectors.direction.errors import DirectionError, NoThing
from dancu.sectors.direction.shortcomings import kinds, reading, services, shown
from dancu.sectors.direction.shortcomings.forms import ExplainForm
from dancu.sectors.direction.shortcomings.reading import BOOK, Filters, Shortcoming
from dancu.sectors.direction.shortcomings.services import Words

PAGE = 50


@page(right=may.VIEW)
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Those of the territory, by unit and one by one."""
    on, day = timezone.localdate(), register_day()
    filters = _filters(request, day)
    current = Paginator(_Rows(filters, on), PAGE).get_page(request.GET.get("page"))
    told = {
        "page": current, "lines": [shown.line(one, on) for one in current], "filters": filters, "on": day,
        "unit": request.GET.get("don-vi", ""), "kinds": kinds.KINDS, "states": shown.STATES, "levels": shown.LEVELS,
        "periods": [(code, shown.period(code)) for code in reading.periods()],
        "units": _by_unit(request, filters, on), "places": _places(request, day),
    }  # fmt: skip
    return render(request, "shortcomings/list.html", told)


def _filters(request: HttpRequest, day: dt.date) -> Filters:
    asked = request.GET
    state, unit = asked.get("trang-thai", "open"), asked.get("don-vi", "")
    return Filters(
        state if state in shown.STATES else "open",
        asked["loai"] if asked.get("loai") in kinds.KINDS else "",
        asked.get("ky", ""),
        asked["cap"] if asked.get("cap") in shown.LEVELS else "",
        _below(unit, day) if unit else None,
    )


def _below(code: str, day: dt.date) -> list[str]:
    """The unit and what lies in it."""
    tree = units.on(max(day, units.FIRST_DAY))
    return [code, *(c for c in tree.by_code if code in {u.code for u in tree.path(c)} and c != code)]  # fmt: skip


def _places(request: HttpRequest, day: dt.date) -> list[tuple[str, str]]:
    """Units to choose from; empty when there is one alone."""
    own = [(p.unit_code, p.name) for p in places.mine(request.user, on=day)]
    return own if len(own) > 1 else []


def _by_unit(request: HttpRequest, filters: Filters, on: dt.date) -> list[dict[str, Any]]:
    """How many each unit has; empty when there is one alone."""
    found, query = reading.by_unit(filters, on=on), request.GET.copy()
    query.pop("page", None)

    def address(code: str) -> str:
        query["don-vi"] = code
        return f"?{query.urlencode()}"

    rows = [
        {"url": address(code), "name": places.unit_of(code, since).name, "open": n, "late": late, "fixed": fixed}
        for code, since, n, late, fixed in found
    ]  # fmt: skip
    return rows if len(rows) > 1 else []


class _Rows:
    """A page of them at a time, as a paginator wants them."""

    def __init__(self, filters: Filters, on: dt.date) -> None:
        self._filters, self._on = filters, on

    @cached_property
    def _count(self) -> int:
        return reading.count(self._filters, on=self._on)

    def count(self) -> int:
        """How many there are."""
        return self._count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, part: slice) -> Sequence[Shortcoming]:
        start, stop = part.start or 0, part.stop or self._count
        return reading.listed(self._filters, on=self._on, limit=stop - start, offset=start)


@page(right=may.VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One of them; the unit writes why it is so and what it will do."""
    try:
        found = reading.get(number)
    except NoThing:
        raise Http404 from None
    form = _form(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            services.do_explain(
                number=number, words=_words(form), by=request.user, at=timezone.now(), on=timezone.localdate()
            )  # fmt: skip
            return redirect("direction_shortcomings:one", number=number)
        except DirectionError as error:
            form.add_error(None, str(error))
    status = 422 if request.method == "POST" else 200
    return render(request, "shortcomings/one.html", _told(request, found, form), status=status)


def _form(request: HttpRequest, found: Shortcoming) -> ExplainForm:
    held = {
        "cause": found.cause, "remedy": found.remedy, "promised_on": found.promised_on, "version": found.version_no,
        "event_id": uuid4(),
    }  # fmt: skip
    return ExplainForm(request.POST if request.method == "POST" else None, initial=held)


def _words(form: ExplainForm) -> Words:
    given = form.cleaned_data
    return Words(
        given["version"], given["cause"], given["remedy"], given["promised_on"], given["event_id"]
    )


def _told(request: HttpRequest, found: Shortcoming, form: ExplainForm) -> dict[str, Any]:
    on = timezone.localdate()
    return {
        "line": shown.line(found, on), "one": found, "pairs": shown.pairs(found), "form": form, "on": found.checked_on,
        "acts": [shown.act(a) for a in direction.history(BOOK, found.shortcoming_no)],
        "may_explain": found.closed_on is None and may.may(request.user, may.WORK, found.place),
        "crumbs": [
            (_("Tồn tại, hạn chế"), reverse("direction_shortcomings:list")), (str(found.shortcoming_no), ""),
        ],
    }  # fmt: skip
