"""One's own dossiers: the list, one of them, papers handed in later, withdrawal, fee, rating, complaint, notices."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import segno
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dancu.kit.citizens import citizen_page
from dancu.kit.files import NoEvidence
from dancu.reference import services
from dancu.reference.terms import term
from dancu.sectors.public_services import acting, dossiers, workflow
from dancu.sectors.public_services.acting import Actor, Ask
from dancu.sectors.public_services.dossiers import Dossier
from dancu.sectors.public_services.errors import NoDossier, ServiceError
from dancu.sectors.public_services.linked import state as linked_state
from dancu.sectors.public_services.notices import contacts, outbox
from dancu.sectors.public_services.online import attachments, drafts, telling, voices
from dancu.sectors.public_services.online.forms import (
    ActForm,
    ComplaintForm,
    ContactForm,
    PaperForm,
    RatingForm,
    ReasonForm,
)
from dancu.sectors.public_services.papers import store
from dancu.sectors.public_services.payments import bills, port, tasks, vietqr

MOST = 100
_NOT_DONE = "services_online/not_done.html"


@citizen_page
@require_GET
def mine(request: Any) -> HttpResponse:
    """Drafts to go on with, and dossiers with what is to be done."""
    own = request.citizen.citizen_id
    found = dossiers.listed(
        "applicant = %s OR filed_by = %s", [own, own], order="filed_at DESC", most=MOST
    )
    on = timezone.localdate()
    shown = {
        "drafts": [(d, services.find(d.procedure, on=on)) for d in drafts.unfinished(own)],
        "dossiers": [_line(d) for d in found],
    }
    return render(request, "services_online/mine.html", shown)


@citizen_page
@require_GET
def dossier(request: Any, code: str) -> HttpResponse:
    """Where it is, what happens next, what can be done now."""
    one = _mine(request, code)
    shown = _line(one) | {
        "done": telling.done(one.dossier_no),
        "steps": telling.steps(one),
        "files": attachments.of_dossier(one.dossier_no),
        "papers": store.of_dossier(one.dossier_no),
        "actions": acting.open_actions(one, "citizen"),
        "awaits_fee": bills.is_open(one),
        "ended": one.ended_at is not None,
        "linked": linked_state.state_of(one.dossier_no),
        "rating": voices.rating_of(one.dossier_no),
        "complaints": voices.complaints_of(one.dossier_no),
        "told": outbox.of_dossier(one.dossier_no),
        "for_other": str(one.applicant) != request.citizen.citizen_id,
    }
    return render(request, "services_online/dossier.html", shown)


@citizen_page
@require_http_methods(["GET", "POST"])
def supplement(request: Any, code: str) -> HttpResponse:
    """Photographs of what was asked for, one after the other; then hand in."""
    one = _mine(request, code, open_to="supplement")
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            attachments.do_add(
                form.cleaned_data["paper"].read(), owner=request.citizen.citizen_id, part=attachments.SUPPLEMENT,
                at=timezone.now(), dossier_no=one.dossier_no,
            )  # fmt: skip
            return redirect("services_online:supplement", code)
        except NoEvidence as error:
            form.add_error("paper", str(error))
    asked = [d for d in telling.done(one.dossier_no) if d.papers]
    files = [f for f in attachments.of_dossier(one.dossier_no) if f.part == attachments.SUPPLEMENT]
    shown = _line(one) | {"form": form, "asked": asked[-1:], "files": files, "act": _act(one)}
    return render(
        request,
        "services_online/supplement.html",
        shown,
        status=200 if request.method == "GET" else 422,
    )


@citizen_page
@require_POST
def hand_in(request: Any, code: str) -> HttpResponse:
    """Everything asked for is there: the clock goes on."""
    one = _mine(request, code)
    form = ActForm(request.POST)
    files = [f for f in attachments.of_dossier(one.dossier_no) if f.part == attachments.SUPPLEMENT]
    if not files and one.status == workflow.SUPPLEMENT:
        return _failed(request, _("Gửi ít nhất một ảnh giấy tờ trước khi bấm gửi bổ sung."), code)
    return _acted(request, one, form, "supplement")


@citizen_page
@require_http_methods(["GET", "POST"])
def withdraw(request: Any, code: str) -> HttpResponse:
    """Take the dossier back, with a reason."""
    one = _mine(request, code)
    if request.method == "POST":
        form = ReasonForm(request.POST)
        if form.is_valid():
            return _acted(request, one, form, "withdraw", form.cleaned_data["reason"])
    else:
        if "withdraw" not in acting.open_actions(one, "citizen"):
            raise Http404
        form = ReasonForm(initial={"version": one.version_no, "event_id": uuid4()})
    return render(
        request, "services_online/withdraw.html", _line(one) | {"form": form},
        status=200 if request.method == "GET" else 422,
    )  # fmt: skip


@citizen_page
@require_GET
def fee(request: Any, code: str) -> HttpResponse:
    """What to transfer, as a VietQR and in words; what came in."""
    one = _mine(request, code)
    bill, to = bills.of_dossier(one.dossier_no), port.account()
    came = bills.payments(one.dossier_no)
    if bill is None and not came and not bills.is_open(one):
        raise Http404
    picture = ""
    if bill is not None and to is not None and bills.is_open(one):
        text = vietqr.text(bin=to.bin, account=to.number, amount=bill.amount, memo=bill.memo)
        picture = segno.make(text, error="m").svg_data_uri(scale=5, border=4)
    shown = _line(one) | {
        "bill": bill, "to": to, "picture": picture, "came": came, "awaited": bills.is_open(one),
        "wrong": [p for p in came if p.outcome != "booked"], "asking": "da-hoi" in request.GET,
        "unheard": bill is not None and bill.last_error != "",
    }  # fmt: skip
    return render(request, "services_online/fee.html", shown)


@citizen_page
@require_POST
def ask_bank(request: Any, code: str) -> HttpResponse:
    """«I have paid»: the bank is asked now, by a job."""
    one = _mine(request, code)
    bill = bills.of_dossier(one.dossier_no)
    if bill is not None and bills.is_open(one) and port.bank() is not None:
        tasks.queue(bill.memo)
    return redirect(f"{_address('fee', code)}?da-hoi=1")


@citizen_page
@require_http_methods(["GET", "POST"])
def rate(request: Any, code: str) -> HttpResponse:
    """One to five, and words, once."""
    one = _mine(request, code)
    if one.ended_at is None or voices.rating_of(one.dossier_no):
        return redirect("services_online:dossier", code)
    form = RatingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        voices.do_rate(one, stars=int(given["stars"]), words=given["words"], at=timezone.now())
        return redirect(f"{_address('dossier', code)}#danh-gia")
    return render(
        request, "services_online/rate.html", _line(one) | {"form": form},
        status=200 if request.method == "GET" else 422,
    )  # fmt: skip


@citizen_page
@require_http_methods(["GET", "POST"])
def complain(request: Any, code: str) -> HttpResponse:
    """A complaint about how the dossier is handled; the leader of the office answers."""
    one = _mine(request, code)
    form = ComplaintForm(request.POST or None, initial={"event_id": uuid4()})
    if request.method == "POST" and form.is_valid():
        given, now = form.cleaned_data, timezone.now()
        try:
            made = voices.do_complain(
                one, citizen=request.citizen.citizen_id, words=given["words"], event_id=given["event_id"], at=now,
                on=timezone.localdate(now),
            )  # fmt: skip
            return redirect(f"{_address('dossier', code)}?phan-anh={made}#phan-anh")
        except ServiceError as error:
            form.add_error("words", str(error))
    days = term(voices.ANSWER, on=timezone.localdate()).amount
    return render(
        request, "services_online/complain.html", _line(one) | {"form": form, "days": days},
        status=200 if request.method == "GET" else 422,
    )  # fmt: skip


@citizen_page
@require_http_methods(["GET", "POST"])
def contact(request: Any) -> HttpResponse:
    """How to be told of each step."""
    own = request.citizen.citizen_id
    kept = contacts.of(own)
    form = ContactForm(
        request.POST or None, initial={"channel": kept.channel, "address": kept.address}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        chosen = contacts.Contact(given["channel"], given["address"])
        contacts.do_set(citizen=own, contact=chosen, at=timezone.now())
        return redirect(f"{_address('mine')}?da-luu=1")
    return render(
        request,
        "services_online/contact.html",
        {"form": form},
        status=200 if request.method == "GET" else 422,
    )


@citizen_page
@require_GET
def own_file(request: Any, code: str, attachment: Any) -> HttpResponse:
    """One of the files that were sent with the dossier."""
    _mine(request, code)
    return file_answer(attachments.read(attachment))


def file_answer(found: tuple[str, bytes] | None) -> HttpResponse:
    """The bytes, which no browser takes for a page."""
    if found is None:
        raise Http404
    kind, content = found
    ending = "jpg" if kind == "image/jpeg" else "pdf"
    way = "inline" if kind == "image/jpeg" else "attachment"
    headers = {
        "Content-Disposition": f'{way}; filename="giay-to.{ending}"',
        "Content-Security-Policy": "sandbox",
    }
    return HttpResponse(content, content_type=kind, headers=headers)


def _mine(request: Any, code: str, *, open_to: str = "") -> Dossier:
    """The dossier of this code, which is the citizen's or was filed by them; Http404."""
    try:
        one = dossiers.by_code(code)
    except NoDossier:
        raise Http404 from None
    if request.citizen.citizen_id not in (str(one.applicant), str(one.filed_by)):
        raise Http404
    if open_to and open_to not in acting.open_actions(one, "citizen"):
        raise Http404
    return one


def _line(one: Dossier) -> dict[str, Any]:
    return {
        "dossier": one, "procedure": one.procedure_then, "status": telling.status(one),
        "colour": telling.COLOURS.get(one.status, "info"), "next": telling.NEXT[one.status],
        "due": telling.due(one) if one.ended_at is None else None,
        "awaited": {workflow.SUPPLEMENT: "supplement", workflow.PAYMENT: "fee"}.get(one.status, ""),
    }  # fmt: skip


def _act(one: Dossier) -> ActForm:
    return ActForm(initial={"version": one.version_no, "event_id": uuid4()})


def _acted(request: Any, one: Dossier, form: Any, action: str, reason: str = "") -> HttpResponse:
    if not form.is_valid():
        return _failed(request, _("Biểu mẫu đã hỏng. Tải lại trang rồi làm lại."), one.code)
    ask = Ask(action, form.cleaned_data["version"], form.cleaned_data["event_id"], reason)
    actor = Actor(request.citizen.username, "citizen")
    try:
        with transaction.atomic():
            acting.do_act(dossier_no=one.dossier_no, by=actor, ask=ask, at=timezone.now())
    except ServiceError as error:
        return _failed(request, str(error), one.code)
    return redirect(f"{_address('dossier', one.code)}?da-lam={action}")


def _failed(request: Any, told: str, code: str) -> HttpResponse:
    return render(request, _NOT_DONE, {"told": told, "code": code}, status=422)


def _address(name: str, *given: Any) -> str:
    from django.urls import reverse

    return reverse(f"services_online:{name}", args=given)
