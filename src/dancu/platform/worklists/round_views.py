"""Survey rounds, re-inspection, correction requests on the screen."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dancu.formats import partial_date
from dancu.platform.access.pages import page
from dancu.platform.access.rights import has_right
from dancu.platform.access.territory import full_name, register_day
from dancu.platform.register.door import access_sheet
from dancu.platform.worklists import fixing, requests, rounds, shown
from dancu.platform.worklists.errors import WorklistError
from dancu.platform.worklists.models import CorrectionRequest, Reinspection, SurveyRound

_METHODS = ["GET", "POST"]


def _base(request: HttpRequest, **more: Any) -> dict[str, Any]:
    units = [(g.unit_code, g.unit_name) for g in request.user.grants_today if g.unit_code]
    return {
        "units": list(dict.fromkeys(units)) + shown.units_of(request.user),
        "whose": shown.whose(request.user),
        "can_assign": has_right(request.user, "task.assign"),
        "typed": request.POST,
        "error": "",
        **more,
    }


@page(right="task.work")
@require_http_methods(_METHODS)
def rounds_page(request: HttpRequest) -> HttpResponse:
    """All rounds of the territory; who may give tasks opens new ones."""
    error = ""
    if request.method == "POST":
        try:
            made = rounds.do_open_round(by=request.user, **_round_asked(request.POST))
            return redirect("worklists:round", made.pk)
        except WorklistError as wrong:
            error = str(wrong)
    day = register_day()
    listed = SurveyRound.objects.all()[:100]
    found = [(r, rounds.coverage(r), full_name(r.unit_code, day)) for r in listed]
    told = _base(request, rounds=found, error=error, today=shown.today())
    return render(request, "worklists/rounds.html", told, status=422 if error else 200)


def _round_asked(form: Any) -> dict[str, Any]:
    try:
        starts, ends = (_day(form.get(k, "")) for k in ("starts", "ends"))
        size = None if form.get("size") in ("", None) else int(form["size"])
    except ValueError as error:
        raise WorklistError(
            _("Ghi ngày bắt đầu, ngày kết thúc và số người bằng chữ số.")
        ) from error
    told = {"unit": form.get("unit", ""), "title": form.get("title", "")}
    return {**told, "starts": starts, "ends": ends, "size": size}


def _day(text: str) -> dt.date:
    """21/06/2024, 21-6-2024 or 2024-06-21."""
    return dt.date.fromisoformat(partial_date.validate(text))


@page(right="task.work")
@require_http_methods(_METHODS)
def round_page(request: HttpRequest, number: int) -> HttpResponse:
    """The sheet of one round: whom to visit, what was found."""
    found = SurveyRound.objects.filter(pk=number).first()
    if found is None:
        raise Http404
    error = ""
    if request.method == "POST":
        visit = found.visits.filter(pk=_number(request, "visit")).first()
        try:
            if visit is None:
                raise Http404
            rounds.do_visit(
                visit=visit, by=request.user, result=request.POST.get("result", ""), note=request.POST.get("note", "")
            )  # fmt: skip
            return redirect(f"{request.path}?{request.GET.urlencode()}#v{visit.pk}")
        except WorklistError as wrong:
            error = str(wrong)
    listed = Paginator(found.visits.order_by("unit_code", "pk"), 50).get_page(request.GET.get("page"))  # fmt: skip
    names = access_sheet(
        citizens=[str(v.citizen_id) for v in listed], by=request.user, basis=f"survey {number}"
    )
    told = _base(
        request, round=found, page=listed, rows=[(v, names.get(str(v.citizen_id))) for v in listed], error=error,
        coverage=rounds.coverage(found), results=rounds.RESULTS, unit=full_name(found.unit_code, register_day()),
    )  # fmt: skip
    return render(request, "worklists/round.html", told, status=422 if error else 200)


@page(right="task.work")
@require_http_methods(_METHODS)
def reinspections(request: HttpRequest) -> HttpResponse:
    """All re-inspections with the true error rate that each found."""
    error = ""
    if request.method == "POST":
        form = request.POST
        try:
            made = rounds.do_reinspect(
                by=request.user, unit=form.get("unit", ""), kind=form.get("kind", ""), size=_number(request, "size")
            )  # fmt: skip
            return redirect("worklists:reinspection", made.pk)
        except WorklistError as wrong:
            error = str(wrong)
    found = [
        (r, rounds.result(r), rounds.KINDS[r.kind], full_name(r.unit_code, register_day()))
        for r in Reinspection.objects.all()[:100]
    ]
    told = _base(request, found=found, kinds=rounds.KINDS, error=error)
    return render(request, "worklists/reinspections.html", told, status=422 if error else 200)


@page(right="task.work")
@require_http_methods(_METHODS)
def reinspection_page(request: HttpRequest, number: int) -> HttpResponse:
    """The sheet of one sample: right or wrong, person by person."""
    found = Reinspection.objects.filter(pk=number).first()
    if found is None:
        raise Http404
    error = ""
    if request.method == "POST":
        item = found.items.filter(pk=_number(request, "item")).first()
        try:
            if item is None:
                raise Http404
            rounds.do_inspect(
                item=item, by=request.user, wrong=request.POST.get("wrong") == "1", note=request.POST.get("note", "")
            )  # fmt: skip
            return redirect(f"{request.path}?{request.GET.urlencode()}#i{item.pk}")
        except WorklistError as wrong:
            error = str(wrong)
    listed = Paginator(found.items.all(), 50).get_page(request.GET.get("page"))
    names = access_sheet(
        citizens=[str(i.citizen_id) for i in listed],
        by=request.user,
        basis=f"reinspection {number}",
    )
    told = _base(
        request, found=found, page=listed, rows=[(i, names.get(str(i.citizen_id))) for i in listed], error=error,
        result=rounds.result(found), kind=rounds.KINDS[found.kind], unit=full_name(found.unit_code, register_day()),
    )  # fmt: skip
    return render(request, "worklists/reinspection.html", told, status=422 if error else 200)


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdigit() else 0


@page(right="correction.answer")
@require_http_methods(["GET"])
def requests_page(request: HttpRequest) -> HttpResponse:
    """What the owners of the source lists were asked to put right."""
    requests.follow_requests()
    found = CorrectionRequest.objects.all()
    state, source = request.GET.get("trang-thai", "open"), request.GET.get("nguon", "")
    if state == "open":
        found = found.filter(state__in=("sent", "received"))
    elif state in CorrectionRequest.STATES:
        found = found.filter(state=state)
    sources = sorted({*CorrectionRequest.objects.values_list("source", flat=True)})
    if source:
        found = found.filter(source=source)
    listed = Paginator(found, 50).get_page(request.GET.get("page"))
    rows = [
        {"one": r, "source": shown.source_name(r.source), "label": shown.label(r.field),
         "value": _shown(r.field, r.value), "proposed": _shown(r.field, r.proposed)}
        for r in listed
    ]  # fmt: skip
    told = _base(
        request, page=listed, rows=rows, state=state, source=source, states=requests.WORDS, badges=requests.BADGES,
        sources=[(s, shown.source_name(s)) for s in sources],
    )  # fmt: skip
    return render(request, "worklists/requests.html", told)


def _shown(field: str, value: str) -> str:
    from dancu.platform.ui.formats import masked

    return masked(value) if field in shown.MASKED else fixing.written(field, value)


@page(right="correction.answer")
@require_POST
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Received, or refused with a reason."""
    try:
        requests.do_answer(
            request_id=number,
            by=request.user,
            state=request.POST.get("state", ""),
            answer=request.POST.get("answer", ""),
        )
    except CorrectionRequest.DoesNotExist as error:
        raise Http404 from error
    except WorklistError as error:
        told = _base(request, error=str(error), back=reverse("worklists:requests"))
        return render(request, "worklists/not_done.html", told, status=422)
    return redirect(f"{reverse('worklists:requests')}?{request.GET.urlencode()}#q{number}")
