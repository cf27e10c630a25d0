"""Pairs of units that the figures propose; one is recorded in its book, with the form filled in."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from dancu.kit.web import page, register_day
from dancu.sectors.direction import may, places
from dancu.sectors.direction.books import BOOKS
from dancu.sectors.direction.conference import contribution, pairs
from dancu.sectors.direction.conference.pairs import Pair
from dancu.sectors.direction.conference.rise_views import choice
from dancu.sectors.direction.shortcomings import shown as figures
from dancu.sectors.direction.shortcomings.period import Period

_BOOK = "giup-do"


@page(right=may.EDIT)
@require_GET
def proposed(request: HttpRequest) -> HttpResponse:
    """For a figure and a level: who could help whom, from the figures of this half-year."""
    day = register_day()
    chosen, told = choice(request)
    own = contribution.level_of(places.mine(request.user, on=day), told["level"], day)
    asked = Period.of(day).asked(day)
    found = pairs.proposed(chosen.code, own, asked=asked) if own else []
    told |= {
        "pairs": [_row(one, chosen.code, day) for one in found], "few": chosen.few, "on": day,
        "book": BOOKS[_BOOK],
    }  # fmt: skip
    return render(request, "conference/pairs.html", told)


def _row(one: Pair, code: str, day: dt.date) -> dict[str, Any]:
    begun = urlencode(
        {"unit": one.helper.unit_code, "other_code": one.helped.unit_code, "indicator": code,
         "valid_from": f"{day:%d/%m/%Y}"}
    )  # fmt: skip
    best, weakest = (
        figures.figure(code, r.figure.numerator, r.figure.denominator) for r in (one.best, one.weakest)
    )  # fmt: skip
    return {
        "one": one,
        "best": best,
        "weakest": weakest,
        "record": f"{reverse('direction:record', args=[_BOOK])}?{begun}",
    }
