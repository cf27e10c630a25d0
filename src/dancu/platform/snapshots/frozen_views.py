"""Frozen reports: the list, their files; and freezing one that has been issued."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dancu.platform.access.pages import page
from dancu.platform.access.rights import has_right
from dancu.platform.snapshots import finding, issued, kept, tasks
from dancu.platform.tasks import services


@page(right="report.view")
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Those that are frozen, and issued ones that are not."""
    may = has_right(request.user, "report.write")
    told = {
        "rows": [(one, _name(one.unit_code, one.last)) for one in issued.of()],
        "waiting": [(one, services.last_of(_about(one.key))) for one in issued.waiting()] if may else [],
    }  # fmt: skip
    return render(request, "snapshots/listed.html", told)


@page(right="report.view")
@require_safe
def download(request: HttpRequest, snapshot: UUID, kind: str) -> HttpResponse:
    """The signed document, or the file in it."""
    found = kept.find(str(snapshot), using="default")
    if found is None or kind not in ("pdf", "json"):
        raise Http404
    data, pdf = kept.file(found[0], using="default")
    answer = HttpResponse(
        pdf if kind == "pdf" else data, content_type="application/pdf" if kind == "pdf" else "application/json"
    )  # fmt: skip
    answer["Content-Disposition"] = f'attachment; filename="bao-cao-{found[1].key}.{kind}"'
    return answer


@page(right="report.write")
@require_POST
def freeze(request: HttpRequest, key: str) -> HttpResponse:
    """The worker freezes an issued report."""
    if key not in {one.key for one in issued.waiting()}:
        raise Http404(_("Báo cáo chưa ban hành hoặc đã chốt."))
    services.start(
        tasks.freeze, kind="report_freeze", about=_about(key), right="report.view", by=request.user.username, key=key
    )  # fmt: skip
    return redirect("snapshots:listed")


def _about(key: str) -> str:
    return f"report_freeze/{key}"


def _name(code: str, on: dt.date) -> str:
    found = finding.unit_of(code, on)
    return found.full_name if found else code
