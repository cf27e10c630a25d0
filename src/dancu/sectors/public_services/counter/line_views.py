"""«Kết nối ổn định» as a number: the month's share of answered checks against the goal, and how fast."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from dancu.kit import identity, line
from dancu.kit.web import page


@page(right="dossier.view")
@require_GET
def line_page(request: HttpRequest) -> HttpResponse:
    """Now, the month so far, its days; and how many dossiers wait for the line."""
    at = timezone.now()
    months = line.months(last=6, at=at)
    local = timezone.localtime(at)
    this = next((m for m in months if (m.begin.year, m.begin.month) == (local.year, local.month)), None)  # fmt: skip
    told = {
        "set_up": identity.has_national_line(), "now": line.now(), "this": this,
        "goal": line.goal(on=local.date().replace(day=1)), "months": months,
        "days": line.days(last=31, at=at), "stable": this is not None and this.is_met,
        "waiting": _waiting(), "at": at,
    }  # fmt: skip
    return render(request, "counter/line.html", told)


def _waiting() -> int:
    """Dossiers of the territory whose applicant still waits to be verified."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM services.identity_check c WHERE state = 'to_verify' AND NOT EXISTS"
            " (SELECT 1 FROM services.identity_check n WHERE n.dossier_no = c.dossier_no AND n.check_no > c.check_no)"
        )
        return int(cursor.fetchone()[0])
