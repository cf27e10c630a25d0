"""The bank's callback; and, for officers, the transfers that need a person."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from dancu.kit.web import full_name, page, public, register_day
from dancu.sectors.public_services.payments import port, tasks

OUTCOMES = {
    "booked": _("Đã ghi nhận"),
    "wrong_amount": _("Sai số tiền"),
    "late": _("Hồ sơ không còn chờ nộp phí"),
    "again": _("Nộp thừa: phí đã nộp trước đó"),
    "unknown": _("Không rõ hồ sơ"),
}
MOST = 200


@csrf_exempt
@public
@require_POST
def callback(request: HttpRequest) -> HttpResponse:
    """A transfer that the bank tells of. Taken when the signature holds, as often as it is sent; booked by a job."""
    try:
        told = port.heard(request.body, port.secret())
    except port.Distrusted as error:
        return JsonResponse({"taken": False, "why": str(error)}, status=401)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO services.bank_inbox (received_at, said) VALUES (%s, %s)",
            [timezone.now(), port.as_json(told)],
        )
    tasks.settle.defer()
    return JsonResponse({"taken": True})


@page(right="dossier.work")
@require_GET
def odd(request: HttpRequest) -> HttpResponse:
    """Transfers of the own dossiers that were not booked: the whole of each goes back to who paid it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.paid_at, p.dossier_no, d.code, d.unit_code, p.amount, b.amount, p.outcome, p.transaction,"
            " EXISTS (SELECT 1 FROM services.payment o WHERE o.bill = p.bill AND o.outcome = 'booked')"
            " FROM services.payment p"
            " JOIN services.dossier d USING (dossier_no) JOIN services.bill b ON b.bill = p.bill"
            " WHERE p.outcome <> 'booked' ORDER BY p.payment_no DESC LIMIT %s",
            [MOST],
        )
        day = register_day()
        rows = [
            {"at": at, "dossier_no": number, "code": code, "unit": full_name(unit, day), "amount": amount, "due": due,
             "outcome": OUTCOMES[outcome], "transaction": transaction, "paid": paid,
             "awaited": outcome == "wrong_amount" and not paid}
            for at, number, code, unit, amount, due, outcome, transaction, paid in cursor.fetchall()
        ]  # fmt: skip
    return render(request, "services_payments/odd.html", {"rows": rows, "on": timezone.localdate()})
