"""Pages of a report: the list, the report with each figure a link, its checks, annexes, history, its issue."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dancu.engine.report.indicators import Asked
from dancu.platform.access import territory
from dancu.platform.access.pages import page
from dancu.platform.access.rights import check_right, has_right
from dancu.platform.reports import counting
from dancu.platform.reports_writing import keeping, shown
from dancu.platform.reports_writing.gathering import Order
from dancu.platform.reports_writing.keeping import Kept, ReportError
from dancu.platform.reports_writing.models import Edit, Issue, Version


@page(right="report.view")
@require_http_methods(["GET", "HEAD", "POST"])
def listed(request: HttpRequest) -> HttpResponse:
    """All reports, and a form to have one counted."""
    error, given = "", _usual(request)
    if request.method == "POST":
        check_right(request.user, "report.write")
        try:
            order = _order(request)
            made = keeping.do_write(order=order, by=request.user.username, at=timezone.now())
            return redirect("reports_writing:one", key=made.key)
        except ReportError as refused:
            error, given = str(refused), {**given, **request.POST.dict()}
    told = {
        "rows": shown.reports(), "error": error, "given": given, "may_write": has_right(request.user, "report.write"),
    }  # fmt: skip
    return render(request, "reports_writing/list.html", told, status=422 if error else 200)


def _usual(request: HttpRequest) -> dict[str, Any]:
    day = territory.register_day()
    return {
        "unit": shown.province(request.user, day), "first": day.replace(month=1, day=1).isoformat(),
        "last": day.isoformat(),
    }  # fmt: skip


def _order(request: HttpRequest) -> Order:
    try:
        first, last = (dt.date.fromisoformat(request.POST.get(n, "")) for n in ("first", "last"))
    except ValueError as error:
        raise ReportError(_("Chọn ngày đầu và ngày cuối của kỳ.")) from error
    if first > last or last > timezone.localdate():
        raise ReportError(_("Ngày đầu phải trước ngày cuối, và ngày cuối không sau hôm nay."))
    unit = request.POST.get("unit", "")
    found = counting.units_on(last).find(unit)
    if found is None or found.level == "commune":
        raise ReportError(_("Chọn một tỉnh hoặc huyện đang có vào ngày cuối kỳ."))
    return Order(unit, Asked(first, last), timezone.localdate())


def kept_or_404(key: str) -> Kept:
    """The report as it reads now."""
    found = keeping.find(key)
    if found is None:
        raise Http404
    return found


@page(right="report.view")
@require_safe
def one(request: HttpRequest, key: str) -> HttpResponse:
    """The whole text; each figure opens, each sentence can be edited by who may."""
    kept = kept_or_404(key)
    may = kept.issue is None and has_right(request.user, "report.write")
    told = {**shown.head(kept), "sections": shown.sections(kept), "may_edit": may, "may_issue": may}
    return render(request, "reports_writing/one.html", told)


@page(right="report.view")
@require_safe
def checks(request: HttpRequest, key: str) -> HttpResponse:
    """What the report's own checks say, and what was checked."""
    kept = kept_or_404(key)
    told = {**shown.head(kept), "by_weight": shown.marks(kept), "counts": shown.checked(kept)}
    return render(request, "reports_writing/checks.html", told)


@page(right="report.view")
@require_safe
def annex(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """One table."""
    kept = kept_or_404(key)
    found = next((a for a in kept.report.annexes if a.code == code), None)
    if found is None:
        raise Http404
    words = [n for n, column in enumerate(found.columns) if column.kind == "words"]
    told = {**shown.head(kept), "annex": found, "others": kept.report.annexes, "words": words}
    return render(request, "reports_writing/annex.html", told)


@page(right="report.view")
@require_safe
def history(request: HttpRequest, key: str) -> HttpResponse:
    """Who counted, changed and issued it, when and why."""
    kept = kept_or_404(key)
    told = {
        **shown.head(kept), "versions": Version.objects.filter(key=key).order_by("-number").defer("body"),
        "edits": Edit.objects.filter(key=key).order_by("-id"),
        "issues": Issue.objects.filter(key=key).defer("body"),
    }  # fmt: skip
    return render(request, "reports_writing/history.html", told)


@page(right="report.write")
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest, key: str) -> HttpResponse:
    """Number, day and signer; afterwards nothing changes any more, and the public page opens."""
    kept = kept_or_404(key)
    error = ""
    if request.method == "POST":
        try:
            given = request.POST
            keeping.do_issue(
                key=key, number=given.get("number", ""), day=_day(request), signer=given.get("signer", ""),
                by=request.user.username, at=timezone.now(),
            )  # fmt: skip
            return redirect("reports_writing:one", key=key)
        except ReportError as refused:
            error = str(refused)
    told = {
        **shown.head(kept), "error": error, "given": request.POST, "today": timezone.localdate().isoformat(),
        "back": reverse("reports_writing:one", args=[key]),
        "errors": [m for m in kept.report.marks if m.weight == "error"],
    }  # fmt: skip
    return render(request, "reports_writing/issue.html", told, status=422 if error else 200)


def _day(request: HttpRequest) -> dt.date:
    try:
        return dt.date.fromisoformat(request.POST.get("day", ""))
    except ValueError as error:
        raise ReportError(_("Chọn ngày ban hành.")) from error
