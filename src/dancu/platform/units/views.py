"""Pages of units: the tree, one unit, the map, who is behind."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dancu.platform.access.pages import page
from dancu.platform.units import behind, figures, maps, series
from dancu.platform.units.asked import (
    CRITERION_MEANINGS,
    CRITERION_NAMES,
    STATE_WORDS,
    Asked,
    asked,
)
from dancu.platform.units.tree import branches
from dancu.reference import thresholds, units
from dancu.reference.units import Unit


@page(right="score.view")
def tree(request: HttpRequest) -> HttpResponse:
    """Province, districts where there were any, communes, each with its scores."""
    found = asked(request)
    if found is None:
        return _empty(request)
    home, others = branches(found)
    return render(
        request,
        "units/tree.html",
        {
            **found.context(),
            "home": home,
            "others": others,
            "may_close": _may_close(request, found),
        },
    )


@page(right="score.view")
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """One unit: its scores, what is missing, the way there, and where its people were before and are now."""
    found = asked(request)
    if found is None:
        return _empty(request)
    here = found.tree.find(code)
    if here is None:
        return _other_day(request, found, code)
    found.sight.check(code)
    scores = found.figures.of(code)
    return render(request, "units/unit.html", {
        **found.context(), "unit": here, "scores": _lines(scores, found), "index": scores.get("*"),
        "gap": _gap(found, here), "series": series.of(found, here, request.user),
        "below": _below(found, here), "lineage": _lineage(here, found),
        "worst": behind.rules(found, code), "unknown": found.figures.unknown.get(code, ()),
        "crumbs": _crumbs(found, here),
    })  # fmt: skip


@page(right="score.view")
def map_of(request: HttpRequest) -> HttpResponse:
    """The map of the day with the table beside it."""
    found = asked(request)
    if found is None:
        return _empty(request)
    return render(request, "units/map.html", {**found.context(), **maps.context(found)})


@page(right="score.view")
def who_is_behind(request: HttpRequest) -> HttpResponse:
    """Communes by score, lowest first, with the records that stand between each and its target."""
    found = asked(request)
    if found is None:
        return _empty(request)
    rows = behind.communes(found)
    return render(
        request,
        "units/behind.html",
        {
            **found.context(),
            "totals": behind.totals(rows),
            "page": Paginator(rows, behind.PAGE).get_page(request.GET.get("page")),
        },
    )


def _empty(request: HttpRequest) -> HttpResponse:
    return render(request, "units/empty.html")


def _other_day(request: HttpRequest, found: Asked, code: str) -> HttpResponse:
    """The code belonged to a unit of another day: say which, and where its people are."""
    spells = units.history(code)
    if not spells:
        raise Http404
    heirs = [
        (spell, spell.as_of(found.figures.units_on)) for spell in spells if spell.level == "commune"
    ]
    context = {**found.context(), "code": code, "spells": spells, "heirs": heirs}
    return render(request, "units/other_day.html", context, status=404)


def _may_close(request: HttpRequest, found: Asked) -> bool:
    from dancu.platform.access.rights import has_right

    return has_right(request.user, "unit_change.apply") and found.today not in found.days


def _lines(scores: Any, found: Asked) -> list[dict[str, Any]]:
    goal = thresholds.on(found.on).green
    lines = []
    for criterion in figures.CRITERIA:
        scored = scores.get(criterion)
        lines.append({
            "name": CRITERION_NAMES[criterion], "meaning": CRITERION_MEANINGS[criterion], "scored": scored,
            "state": scored.state if scored else "none",
            "word": STATE_WORDS[scored.state if scored else "none"], "goal": goal,
            "missing": max(0.0, goal - scored.score) if scored else None,
        })  # fmt: skip
    return lines


def _gap(found: Asked, here: Unit) -> figures.Gap | None:
    """As of now alone: what is to be done today, not what was to be done then."""
    if found.figures.on != found.today or found.figures.units_on != found.today:
        return None
    codes = tuple(sorted(c.code for c in found.tree.communes_of(here.code)))
    known = figures.gaps(codes)
    if not known:
        return None
    records = [g.records for g in known.values() if g.records]
    return figures.Gap(
        known[here.code].target if here.code in known else None,
        sum(records) if records or here.code not in known else known[here.code].records,
        sum(g.identifiers for g in known.values()),
    )


def _below(found: Asked, here: Unit) -> list[dict[str, Any]]:
    if here.level == "commune":
        return []
    rows = []
    for child in found.tree.children(here.code):
        scores = found.figures.of(child.code)
        if scores:
            rows.append({"unit": child, "scores": scores, "index": scores["*"]})
    return sorted(rows, key=lambda r: r["index"].score)


def _lineage(here: Unit, found: Asked) -> dict[str, Any]:
    """Where the people came from at the last change of borders, and where they are on the register's day."""
    before = here.valid_from - dt.timedelta(days=1)
    came = (
        here.predecessors(on=before)
        if before >= units.FIRST_DAY and here.level == "commune"
        else ()
    )
    went = here.as_of(found.today) if not here.in_force(on=found.today) else ()
    return {"came": came, "went": went, "since": here.valid_from if came else None}


def _crumbs(found: Asked, here: Unit) -> list[tuple[Any, str]]:
    from django.urls import reverse

    crumbs: list[tuple[Any, str]] = [(_("Đơn vị và điểm"), reverse("units:tree") + found.query)]
    for above in found.tree.path(here.code)[:-1]:
        crumbs.append((above.full_name, reverse("units:unit", args=[above.code]) + found.query))
    return [*crumbs, (here.full_name, "")]
