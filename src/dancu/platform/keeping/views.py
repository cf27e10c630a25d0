"""What is kept how long by which law, and what was purged: for the auditor."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dancu.platform.access.pages import page
from dancu.reference import retention


@page(right="audit.read")
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Rules of today, the last hundred purges."""
    found = retention.rules(on=timezone.localdate()).values()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT at, table_name, count, cutoff, law FROM keeping.purge ORDER BY purge_no DESC LIMIT 100"
        )
        purges = cursor.fetchall()
    told = [rule for rule in found if rule.do != "none"]
    return render(request, "keeping/rules.html", {"rules": told, "purges": purges})
