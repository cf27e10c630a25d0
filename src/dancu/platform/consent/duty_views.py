"""Pages of the data protection officer: records of processing and impact assessments."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from dancu.platform.access.pages import page
from dancu.platform.consent import assessments, processing, words_of
from dancu.platform.consent.errors import ConsentError

KINDS = {
    "processing": _("Đánh giá tác động xử lý dữ liệu cá nhân"),
    "transfer": _("Đánh giá tác động chuyển dữ liệu xuyên biên giới"),
}


@page(right="privacy.duty")
@require_GET
def records(request: HttpRequest) -> HttpResponse:
    """Every purpose with its ground, data, recipients, periods."""
    today = timezone.localdate()
    told = {"rows": processing.rows(on=today), "heads": processing.heads(), "on": today}
    return render(request, "consent/processing.html", told)


@page(right="privacy.duty")
@require_GET
def records_file(request: HttpRequest, ending: str) -> HttpResponse:
    """The same as a workbook or for other systems."""
    today = timezone.localdate()
    if ending == "xlsx":
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        answer = HttpResponse(processing.workbook(on=today), content_type=kind)
    else:
        answer = HttpResponse(processing.as_json(on=today), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="ho-so-xu-ly-{today:%Y%m%d}.{ending}"'
    return answer


@page(right="privacy.duty")
@require_http_methods(["GET", "POST"])
def assessment(request: HttpRequest, kind: str) -> HttpResponse:
    """The form of today; saving makes a new version."""
    if kind not in KINDS:
        raise Http404
    today, error = timezone.localdate(), ""
    if request.method == "POST":
        texts = {k.removeprefix("p_"): v for k, v in request.POST.items() if k.startswith("p_")}
        seen = request.POST.get("seen", "")
        try:
            made = assessments.keep(
                kind=kind, texts=texts, seen=int(seen) if seen.isdigit() else 0, by=request.user, on=today
            )  # fmt: skip
            return redirect("consent:assessment_version", kind, made.version)
        except ConsentError as wrong:
            error = str(wrong)
    versions = assessments.versions(kind)
    told = {
        "kind": kind, "title": KINDS[kind], "kinds": KINDS, "error": error, "versions": versions,
        "parts": [_part(f, request.POST) for f in assessments.parts(kind=kind, on=today)],
        "seen": versions[0].version if versions else 0,
    }  # fmt: skip
    return render(request, "consent/assessment.html", told, status=422 if error else 200)


def _part(filled: assessments.Filled, typed: Any) -> dict[str, Any]:
    part, english = filled.part, words_of.lang() == "en"
    return {
        "name": part.part, "title": part.title_en if english else part.title_vi,
        "hint": part.hint_en if english else part.hint_vi, "auto": filled.auto, "law": part.law,
        "text": filled.text if filled.auto else typed.get(f"p_{part.part}", filled.text),
    }  # fmt: skip


@page(right="privacy.duty")
@require_GET
def assessment_version(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """A version as it was kept, to be printed."""
    found = _version(kind, number)
    parts = [
        (found.content["titles"].get(key, key), text)
        for key, text in found.content["parts"].items()
    ]
    told = {"found": found, "parts": parts, "title": KINDS[kind], "kind": kind}
    return render(request, "consent/assessment_version.html", told)


@page(right="privacy.duty")
@require_GET
def assessment_file(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """A version for other systems."""
    found = _version(kind, number)
    told = {
        "kind": found.kind, "version": found.version, "by": found.by, "at": found.at.isoformat(), **found.content,
    }  # fmt: skip
    answer = HttpResponse(
        json.dumps(told, ensure_ascii=False, indent=1), content_type="application/json"
    )
    answer["Content-Disposition"] = f'attachment; filename="danh-gia-{kind}-{number}.json"'
    return answer


def _version(kind: str, number: int) -> assessments.Version:
    found = assessments.version(kind, number) if kind in KINDS else None
    if found is None:
        raise Http404
    return found
