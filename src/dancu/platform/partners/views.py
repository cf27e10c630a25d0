"""Pages of partners: the administrator registers, suspends and resumes; the auditor sees what looked odd.

Border: shows numbers and receipts, never whom a receipt is about.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dancu.platform.access import territory
from dancu.platform.access.pages import page
from dancu.platform.partners import services, watch
from dancu.platform.partners.forms import PartnerForm, WhyForm
from dancu.platform.partners.models import Change, Flag, Partner, Usage
from dancu.reference import purposes

RIGHT, AUDIT = "partner.manage", "audit.read"
GATE = services.GATE
SHOWN = 500
_DONE = {
    "registered": "Đăng ký",
    "changed": "Sửa đăng ký",
    "suspended": "Tạm dừng",
    "resumed": "Cho hỏi lại",
}


@page(RIGHT)
def listed(request: HttpRequest) -> HttpResponse:
    """All partners with how they asked today."""
    today = timezone.localdate()
    asked = _asked_today()
    lines = [
        {"partner": p, "active": p.is_active(on=today), "purposes": _named(p), "asked": asked.get(p.client_id, 0)}
        for p in Partner.objects.using(GATE)
    ]  # fmt: skip
    return render(request, "partners/list.html", {"lines": lines})


@page(RIGHT)
def register(request: HttpRequest) -> HttpResponse:
    """A new one."""
    day = territory.register_day()
    form = PartnerForm(request.POST or None, on=day)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.do_register(by=request.user.username, on=day, **form.given())
            return redirect("partners:one", client_id=made.client_id)
        except services.PartnerError as error:
            form.add_error(None, str(error))
    status = 200 if request.method == "GET" else 422
    return render(request, "partners/new.html", {"form": form}, status=status)


@page(RIGHT)
def one(request: HttpRequest, client_id: str) -> HttpResponse:
    """A partner: its registration, what was done about it, its receipts of a day."""
    partner = get_object_or_404(Partner.objects.using(GATE), pk=client_id)
    try:
        day = parse_date(request.GET.get("ngay", "")) or timezone.localdate()
    except ValueError:
        day = timezone.localdate()
    receipts = [(r, at, _purpose(code), by) for r, at, code, by in _receipts(client_id, day)]
    shown = {
        "partner": partner, "active": partner.is_active(on=timezone.localdate()), "purposes": _named(partner),
        "changes": _done(client_id), "form": WhyForm(), "day": day,
        "receipts": receipts[:SHOWN], "more": len(receipts) > SHOWN,
    }  # fmt: skip
    return render(request, "partners/one.html", shown)


@page(RIGHT)
@require_POST
def switch(request: HttpRequest, client_id: str) -> HttpResponse:
    """Suspend, or let it ask again; with a reason."""
    partner = get_object_or_404(Partner.objects.using(GATE), pk=client_id)
    form = WhyForm(request.POST)
    if form.is_valid():
        do: Any = services.do_resume if partner.suspended_at else services.do_suspend
        do(client_id=client_id, by=request.user.username, why=form.cleaned_data["why"])
    return redirect("partners:one", client_id=client_id)


@page(AUDIT)
def flags(request: HttpRequest) -> HttpResponse:
    """What looked odd, the newest first."""
    found = [
        {
            "flag": flag,
            "words": watch.name_of(flag.kind),
            "detail": [(watch.name_of(k), n) for k, n in sorted(flag.detail.items())],
        }
        for flag in Flag.objects.all()[:200]
    ]
    return render(request, "partners/flags.html", {"lines": found})


@page(AUDIT)
@require_POST
def see(request: HttpRequest, number: int) -> HttpResponse:
    """An auditor has looked at it; with `suspend` the partner is stopped too."""
    flag = get_object_or_404(Flag, pk=number)
    services.do_see(flag=number, by=request.user.username)
    if request.POST.get("suspend"):
        services.do_suspend(
            client_id=flag.client_id, by=request.user.username, why=watch.name_of(flag.kind, "vi")
        )
    return redirect("partners:flags")


def _named(partner: Partner) -> list[str]:
    return [_purpose(code) for code in partner.purposes]


def _done(client_id: str) -> list[tuple[Change, str]]:
    found = Change.objects.using(GATE).filter(client_id=client_id)[:20]
    return [(one, _(_DONE.get(one.what, one.what))) for one in found]


def _purpose(code: str) -> str:
    return purposes.name(code, "en" if get_language() == "en" else "vi")


def _asked_today() -> dict[str, int]:
    found: dict[str, int] = {}
    start = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    for row in Usage.objects.filter(hour__gte=start):
        found[row.client_id] = found.get(row.client_id, 0) + row.n
    return found


def _receipts(client_id: str, day: dt.date) -> list[tuple[Any, ...]]:
    """(receipt, moment, purpose, officer) of a day, as the partner holds them too."""
    begin = timezone.make_aware(dt.datetime.combine(day, dt.time()))
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT * FROM lookup.receipts(%s, %s, %s, %s)",
            [client_id, begin, begin + dt.timedelta(days=1), SHOWN + 1],
        )
        return list(cursor.fetchall())
