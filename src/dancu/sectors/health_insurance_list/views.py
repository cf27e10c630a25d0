"""The list of a commune's insured children, without names; opening one names the child and leaves a trace."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dancu.kit.citizens import label
from dancu.kit.people import NoCitizen, access_citizen, worded
from dancu.kit.web import full_name, page, register_day
from dancu.sectors.health_insurance_list import enrolling

MOST = 200
_FIELDS = ("full_name", "birth_date", "sex", "permanent_unit")


@page(right="insured_child.view")
@require_GET
def children(request: HttpRequest) -> HttpResponse:
    """The latest first; no name stands here."""
    rows = enrolling.listed(most=MOST)
    shown = {"rows": rows, "on": register_day(), "most": MOST if len(rows) == MOST else 0}
    return render(request, "health_insurance_list/list.html", shown)


@page(right="insured_child.view")
@require_GET
def child(request: HttpRequest, number: int) -> HttpResponse:
    """One child, through the register's door."""
    row = enrolling.one(number)
    if row is None:
        raise Http404
    day = register_day()
    try:
        who = access_citizen(
            citizen_id=row.citizen,
            by=request.user,
            purpose="social",
            basis=row.dossier,
            fields=_FIELDS,
        )
    except NoCitizen as error:
        raise Http404 from error
    pairs = [(label(name), worded(name, who.values.get(name), on=day)) for name in _FIELDS]
    shown = {"row": row, "pairs": pairs, "on": day, "unit": full_name(row.unit_code, day)}
    return render(request, "health_insurance_list/child.html", shown)
