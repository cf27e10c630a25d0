"""Pages of comparisons: two lists of a period in, the differences with their reasons, filters and records out."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from dancu.kit.web import full_name, page, register_day
from dancu.sectors.public_services.importing import differing, handing, reading_back, reasons, views
from dancu.sectors.public_services.importing.counted import Period
from dancu.sectors.public_services.importing.forms import DifferForm
from dancu.sectors.public_services.importing.models import DIFFER, HandIn
from dancu.sectors.public_services.importing.taking import NotTaken

_MOST = 400_000


@page(views.RIGHT)
def ask(request: HttpRequest) -> HttpResponse:
    """Two lists to be compared; the work begins at once."""
    form = DifferForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        hand = HandIn(
            user_id=request.user.pk, username=request.user.username, kind=DIFFER,
            date_from=given["first"], date_to=given["last"],
        )  # fmt: skip
        try:
            made = handing.do_receive(hand, files={n: given[n] for n in ("a", "b") if given[n]})
            views.begun(made, by=request.user.username)
            return redirect("services_importing:hand_in", made.pk)
        except NotTaken as error:
            form.add_error("a" if not hand.second else "b", str(error))
    shown = {"form": form, "day": register_day()}
    status = 200 if request.method == "GET" else 422
    return render(request, "services_importing/ask.html", shown, status=status)


@page(views.RIGHT)
@require_GET
def listed(request: HttpRequest, number: int) -> HttpResponse:
    """The totals, what each reason makes of the difference, and the dossiers."""
    one = _one(number)
    asked = _asked(request)
    skip = views.number_of(request.GET.get("tu", "0"))
    rows = reading_back.differences(number, **asked, skip=skip, most=reading_back.PAGE + 1)
    shown = {
        "one": one, "asked": asked, "day": register_day(), "figures": [label for _name, label in differing.FIGURES],
        "effects": [
            {"code": code, "reason": reasons.get(code), "name": _named(code), "count": count, "effect": effect}
            for code, (count, effect) in one["effects"].items()
        ],
        "rows": [
            row | {"name": _named(row["reason"]), "place": _place(row["unit_code"])}
            for row in rows[: reading_back.PAGE]
        ],
        "next": skip + reading_back.PAGE if len(rows) > reading_back.PAGE else 0,
        "names": [(r.code, _named(r.code)) for r in reasons.REASONS if r.code in one["effects"]],
        "sum": _sum(one),
    }  # fmt: skip
    return render(request, "services_importing/differences.html", shown)


@page(views.RIGHT)
@require_GET
def download(request: HttpRequest, number: int, form: str) -> HttpResponse:
    """The filtered differences as a workbook or as CSV."""
    one = _one(number)
    if form not in ("xlsx", "csv"):
        raise Http404
    rows = [
        reading_back.as_difference(row)
        for row in reading_back.differences(number, **_asked(request), most=_MOST)
    ]
    if form == "csv":
        answer = HttpResponse(differing.as_csv(rows), content_type="text/csv; charset=utf-8")
    else:
        effects = [(reasons.name(code), n, effect) for code, (n, effect) in one["effects"].items()]
        period = Period(one["date_from"], one["date_to"])
        book = differing.as_workbook(
            (one["a"], one["b"]), (one["name_a"], one["name_b"]), period, effects, rows
        )
        answer = HttpResponse(book, content_type=views.XLSX)
    answer["Content-Disposition"] = f'attachment; filename="khac-biet-{number}.{form}"'
    return answer


def _named(code: str) -> str:
    reason = reasons.get(code)
    return reason.name_en if get_language() == "en" else reason.name_vi


def _place(unit: str) -> str:
    return full_name(unit, register_day()) if unit else ""


def _one(number: int) -> dict[str, Any]:
    one = reading_back.one_list(number)
    if one is None:
        raise Http404
    return one


def _sum(one: dict[str, Any]) -> list[int]:
    """The effects of all reasons together: the difference of the totals, or the page would be wrong."""
    return [sum(effect[at] for _n, effect in one["effects"].values()) for at in range(3)]


def _asked(request: HttpRequest) -> dict[str, Any]:
    return {
        "reason": request.GET.get("ly_do", "")[:30],
        "unit": request.GET.get("don_vi", "")[:10],
        "moved": request.GET.get("lech", "") == "1",
        "code": request.GET.get("ma", "").strip()[:60],
    }
