"""The table of contributions, and the commendations that come from it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from dancu.engine.report.indicators import Asked, Indicator
from dancu.kit.web import page, register_day
from dancu.sectors.direction import may, places
from dancu.sectors.direction.conference import contribution, shown
from dancu.sectors.direction.conference.contribution import Commendation
from dancu.sectors.direction.conference.forms import CommendForm
from dancu.sectors.direction.errors import DirectionError
from dancu.sectors.direction.shortcomings import shown as figures
from dancu.sectors.direction.shortcomings.period import Period


@page(right=may.GIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def rises(request: HttpRequest) -> HttpResponse:
    """Units by how much they rose against the year before; one of them can be commended."""
    day = register_day()
    chosen, offered = choice(request)
    own = contribution.level_of(places.mine(request.user, on=day), offered["level"], day)
    asked = Period.of(day).asked(day)
    found, apart = contribution.rises(chosen.code, own, asked=asked) if own else ([], 0)
    form = CommendForm(
        request.POST if request.method == "POST" else None, places=[r.place for r in found if r.points > 0]
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        new = Commendation(given["unit"], chosen.code, asked, given["reason"], given["event_id"])
        try:
            contribution.do_commend(new=new, unit_day=day, by=request.user, at=timezone.now())
            return redirect(f"{reverse('direction_conference:rises')}?{request.GET.urlencode()}")
        except DirectionError as error:
            form.add_error(None, str(error))
    told = offered | {
        "form": form, "rises": [_row(n, r) for n, r in enumerate(found, 1)], "apart": apart, "on": day,
        "period": _period(asked), "before": _period(asked.year_before()),
        "few": chosen.few, "commended": [_commended(c) for c in contribution.commended()],
    }  # fmt: skip
    return render(
        request, "conference/rises.html", told, status=422 if request.method == "POST" else 200
    )


def choice(request: HttpRequest) -> tuple[Indicator, dict[str, Any]]:
    """The figure and the level that the address names, else the usual ones; with what they are chosen from."""
    known, level = contribution.measurable(), request.GET.get("cap", "district")
    chosen = next((i for i in known if i.code == request.GET.get("chi-tieu")), _usual(known))
    return chosen, {
        "chosen": chosen, "known": [(i.code, _name(i)) for i in known], "level": level, "levels": figures.LEVELS,
    }  # fmt: skip


def _usual(known: list[Indicator]) -> Indicator:
    return next((i for i in known if i.code == "online_rate_essential_25"), known[0])


def _row(number: int, one: contribution.Rise) -> dict[str, Any]:
    return {
        "n": number, "unit": one.place.name, "points": shown.points(one.points), "more": one.more,
        "before": one.before, "now": one.now,
    }  # fmt: skip


def _commended(one: contribution.Commended) -> dict[str, Any]:
    return {
        "one": one, "unit": one.place.name,
        "before": figures.figure(one.indicator, one.before_numerator, one.before_denominator),
        "now": figures.figure(one.indicator, one.numerator, one.denominator),
        "period": _period(Asked(one.first_day, one.last_day)),
    }  # fmt: skip


def _name(one: Indicator) -> str:
    return one.name_en if get_language() == "en" else one.name_vi


def _period(asked: Asked) -> str:
    return f"{asked.first:%d/%m/%Y} – {asked.last:%d/%m/%Y}"
