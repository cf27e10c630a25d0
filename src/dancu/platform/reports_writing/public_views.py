"""What anybody may read of issued reports, without a log-in: one page in plain words, and the open data."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dancu.engine.report.content import Report
from dancu.engine.report.content_json import from_json
from dancu.platform.access.pages import public
from dancu.platform.reports_writing import open_data, shown
from dancu.platform.reports_writing.file_views import answer
from dancu.platform.reports_writing.models import Issue
from dancu.platform.reports_writing.summary import plain


@public
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The issued reports."""
    rows = Issue.objects.order_by("-day").only("key", "number", "day")
    return render(
        request, "reports_writing/public_list.html", {"rows": [shown.public(i) for i in rows]}
    )


@public
@require_safe
def summary(request: HttpRequest, key: str) -> HttpResponse:
    """One page in plain words."""
    report = _issued(key)
    told = {"report": report, "layout": report.layout, "lines": list(plain(report)), "key": key}
    return render(request, "reports_writing/public.html", told)


@public
@require_safe
def as_csv(request: HttpRequest, key: str) -> HttpResponse:
    """Open data, a line a unit and figure."""
    return answer(open_data.as_csv(_issued(key)), f"so-lieu-{key}.csv", "text/csv; charset=utf-8")


@public
@require_safe
def as_json(request: HttpRequest, key: str) -> HttpResponse:
    """The same as JSON."""
    return answer(open_data.as_json(_issued(key)), f"so-lieu-{key}.json", "application/json")


@public
@require_safe
def as_dcat(request: HttpRequest, key: str) -> HttpResponse:
    """The description of the dataset."""
    return answer(open_data.dcat(_issued(key)), f"dcat-{key}.jsonld", "application/ld+json")


def _issued(key: str) -> Report:
    found = Issue.objects.filter(key=key).first()
    if found is None:
        raise Http404
    return from_json(found.body)
