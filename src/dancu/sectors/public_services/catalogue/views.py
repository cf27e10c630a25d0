"""Pages of the catalogue: open to everybody, of the day that the address names (today, when it names none)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dancu.kit.web import has_right, public
from dancu.reference import services
from dancu.reference.services import Procedure
from dancu.sectors.public_services.catalogue import comparing, shown

FILTERS = {
    "nhom": ("group", shown.GROUPS),
    "cap": ("level", shown.LEVELS),
    "truc-tuyen": ("online_level", shown.ONLINE),
}
"""Name in the address -> what of a procedure it narrows, and its values."""


def asked_day(request: HttpRequest, name: str = "ngay") -> dt.date:
    """The day that the address names, today otherwise; what is no day is today."""
    try:
        return dt.date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return timezone.localdate()


@public
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The procedures of the day that fit the filters, or the words that were typed."""
    on = asked_day(request)
    every = services.procedures(on=on)
    typed = request.GET.get("tim", "").strip()
    found = [p for p in _named(typed, every, on) if _fits(p, request)]
    return render(request, "services_catalogue/list.html", {
        "rows": [shown.line(p) for p in found],
        "total": len(every),
        "as_of": on,
        "typed": typed,
        "kept": request.GET,
        "selects": _selects(request),
        "bundles": [
            {"name": shown.said(b), "code": b.procedure, "law": b.law,
             "opens": [shown.said(services.get(code, on=on)) for code in b.procedures]}
            for b in services.bundles(on=on)
        ],
    })  # fmt: skip


def _named(typed: str, every: tuple[Procedure, ...], on: dt.date) -> tuple[Procedure, ...]:
    return services.find_by_words(typed, on=on) if typed else every


def _fits(procedure: Procedure, request: HttpRequest) -> bool:
    for name, (attribute, _values) in FILTERS.items():
        wanted = request.GET.get(name, "")
        if wanted and getattr(procedure, attribute) != wanted:
            return False
    return request.GET.get("thiet-yeu") != "1" or bool(procedure.essential_id)


def _selects(request: HttpRequest) -> list[dict[str, Any]]:
    labels = {
        "nhom": _("Nhóm"),
        "cap": _("Cấp giải quyết"),
        "truc-tuyen": _("Mức trực tuyến"),
    }
    return [
        {"name": name, "label": labels[name], "values": values, "chosen": request.GET.get(name, "")}
        for name, (_attribute, values) in FILTERS.items()
    ]


@public
@require_GET
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """One procedure on the day: what it needs, who does what, what it costs, and how it came to be so."""
    on = asked_day(request)
    state = comparing.state_on(code, on=on)
    if state is None:
        return _not_then(request, code, on)
    own = state.procedure
    codes = [c for c in services.local_codes(on=on) if c.procedure == own.code]
    return render(request, "services_catalogue/procedure.html", {
        "state": state, "procedure": own, "name": shown.said(own), "as_of": on,
        "head": shown.head(own), "parts": shown.parts(state, on=on), "steps": shown.steps(state),
        "hours": shown.hours(sum(step.hours for step in state.steps)),
        "fields": shown.fields(state), "times": _times(own.code, state),
        "codes": [{"code": c, "portal": shown.PORTALS[c.portal]} for c in codes],
        "bundles": [b for b in services.bundles(on=on) if own.code in (b.procedure, *b.procedures)],
        "online_address": _or_none("services_online:service", own.code),
        "may_review": has_right(request.user, "procedure.review") and on == timezone.localdate(),
    })  # fmt: skip


def _times(code: str, now: comparing.State) -> list[dict[str, Any]]:
    """The states of the procedure, the latest first, each with how many things it changed."""
    every = comparing.states(code)
    before = (None, *every)
    return [
        {
            "state": state,
            "current": state == now,
            "before": earlier,
            "changes": [shown.difference(d) for d in comparing.differences(earlier, state)]
            if earlier
            else [],
        }
        for earlier, state in reversed(list(zip(before, every, strict=False)))
    ]


def _not_then(request: HttpRequest, code: str, on: dt.date) -> HttpResponse:
    """A procedure of another day: the days it has; a code nobody knows is not found."""
    every = comparing.states(code) or _by_national(code)
    if not every:
        raise Http404
    told = {"as_of": on, "code": code, "times": every, "name": shown.said(every[-1].procedure)}
    return render(request, "services_catalogue/not_then.html", told, status=404)


def _by_national(code: str) -> tuple[comparing.State, ...]:
    versions = services.versions(code)
    return comparing.states(versions[0].code) if versions else ()


@public
@require_GET
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """Two days of one procedure side by side."""
    first, second = asked_day(request, "tu"), asked_day(request, "den")
    before, after = (comparing.state_on(code, on=day) for day in (first, second))
    if before is None or after is None:
        return _not_then(request, code, first if before is None else second)
    told = {
        "name": shown.said(after.procedure), "code": after.procedure.code, "first": first, "second": second,
        "before": before, "after": after,
        "rows": [shown.difference(d) for d in comparing.differences(before, after)],
    }  # fmt: skip
    return render(request, "services_catalogue/compare.html", told)


@public
@require_GET
def codes(request: HttpRequest) -> HttpResponse:
    """Codes of portals, and which procedure and essential service each means on the day."""
    on = asked_day(request)
    rows = [
        {
            "code": c,
            "portal": shown.PORTALS[c.portal],
            "name": shown.said(services.get(c.procedure, on=on)),
            "sure": shown.SURE[c.confidence],
            "sure_badge": shown.SURE_BADGES[c.confidence],
        }
        for c in services.local_codes(on=on)
        if services.find(c.procedure, on=on)
    ]
    return render(request, "services_catalogue/codes.html", {"rows": rows, "as_of": on})


def _or_none(name: str, *args: Any) -> str | None:
    """An address of another part of the sector, if that part runs here."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return None
