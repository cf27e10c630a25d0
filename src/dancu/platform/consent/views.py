"""Officers' pages of consents: whose consents there are, one more on paper, its receipt, its end."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dancu.platform.access import territory
from dancu.platform.access.pages import page
from dancu.platform.access.rights import has_right
from dancu.platform.consent import paper, receipts, requests, services, words_of
from dancu.platform.consent.errors import ConsentError
from dancu.platform.consent.forms import ConsentForm
from dancu.platform.consent.paper import PAGE_OF_CONSENTS, Paper
from dancu.platform.register.door import Citizen, NoCitizen, access_citizen
from dancu.platform.register.parts import ask
from dancu.platform.register.words_of import label, worded
from dancu.platform.ui.formats import moment
from dancu.reference import consent_texts, privacy, purposes

HEAD = ("full_name", "birth_date", "personal_number")


def open_person(request: HttpRequest, citizen: UUID) -> Citizen:
    """The person through the door, by these pages; 404 for whoever is not in the territory."""
    day = territory.register_day()
    try:
        return access_citizen(
            citizen_id=citizen, by=request.user, purpose=purposes.usual(request.user.roles_today, on=day),
            basis=f"{PAGE_OF_CONSENTS}: {privacy.deadline('access', on=timezone.localdate()).law}",
            fields=HEAD, on=day,
        )  # fmt: skip
    except NoCitizen as error:
        raise Http404 from error


def head_of(of: Citizen) -> dict[str, str]:
    """Name, day of birth, masked number."""
    return {f: worded(f, of.values.get(f), on=of.on) for f in HEAD}


def checks_of(request: HttpRequest, citizen_id: str) -> list[tuple[str, str]]:
    """The looks of this officer at whoever may sign, as choices of a form."""
    who = paper.signers(citizen_id)
    rows = paper.checks_by(by=request.user, citizens=[*who], at=words_of.now())
    return [
        (str(r["receipt"]), f"{words_of.RELATIONS[who[r['citizen_id']]]} · {moment(r['at'])}") for r in rows
    ]  # fmt: skip


@page(right="consent.record")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Where to begin, and what this officer wrote down last; no names."""
    rows = ask(
        "SELECT consent_no FROM consent.granted WHERE recorded_by = %s ORDER BY consent_no DESC LIMIT 20",
        request.user.username,
    )
    at = words_of.now()
    found = [services.find(row["consent_no"]) for row in rows]
    told = {
        "lines": [words_of.shown(c, at=at) for c in found if c],
        "texts": [
            {"title": t.said(words_of.lang(), recipient="…")["title"], "months": t.months, "law": t.law}
            for t in consent_texts.texts(on=timezone.localdate()).values()
        ],
    }  # fmt: skip
    return render(request, "consent/home.html", told)


@page(right="consent.record")
@require_GET
def person(request: HttpRequest, citizen: UUID) -> HttpResponse:
    """The consents and requests of a person of the territory."""
    of = open_person(request, citizen)
    at = words_of.now()
    told = {
        "of": of,
        "person": head_of(of),
        "lines": [words_of.shown(c, at=at) for c in services.of_citizen(citizen_id=of.citizen_id)],
        "requests": _requests(of.citizen_id),
        "choices": _choices(),
        "kinds": privacy.deadlines(on=timezone.localdate()).values(),
        "event_id": uuid4(),
        "may_work": has_right(request.user, requests.WORK),
    }
    return render(request, "consent/person.html", told)


def _requests(citizen_id: str) -> list[dict[str, Any]]:
    from dancu.platform.consent.request_views import line

    return [line(r) for r in requests.of_citizen(citizen_id=citizen_id)]


def _choices() -> list[dict[str, str]]:
    """Purpose and recipient together: one consent, one of each."""
    today = timezone.localdate()
    return [
        {"purpose": p, "partner": partner, "words": f"{purposes.name(p, words_of.lang())} – {name}"}
        for p in consent_texts.texts(on=today)
        for partner, name in services.recipients(purpose=p, on=today)
    ]


@page(right="consent.record")
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, citizen: UUID) -> HttpResponse:
    """The text of the day for one purpose and one recipient, to be read out; below it the signed form."""
    of = open_person(request, citizen)
    purpose, partner = request.GET.get("muc-dich", ""), request.GET.get("noi-nhan", "")
    if purpose not in consent_texts.texts(on=timezone.localdate()):
        return redirect("consent:person", of.citizen_id)
    try:
        asked = services.asked(purpose=purpose, partner=partner, on=timezone.localdate())
    except ConsentError:
        return redirect("consent:person", of.citizen_id)
    checks = checks_of(request, of.citizen_id)
    start = {"seen": asked.text.version, "event_id": uuid4()}
    form = ConsentForm(request.POST or None, request.FILES or None, checks=checks, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            made = _recorded(request, form, of.citizen_id, asked)
            return redirect("consent:receipt", made.consent_no)
        except ConsentError as error:
            form.add_error(None, str(error))
    told = {
        "of": of, "person": head_of(of), "asked": asked, "form": form, "checks": checks,
        "fields": [label(f) for f in asked.text.fields],
    }  # fmt: skip
    return render(request, "consent/record.html", told, status=422 if form.errors else 200)


def _recorded(
    request: HttpRequest, form: ConsentForm, citizen_id: str, asked: services.Asked
) -> services.Consent:
    data, receipt, at = form.cleaned_data, form.receipt(), words_of.now()
    signer = paper.whose_check(receipt=receipt, by=request.user, at=at)
    return services.grant(
        citizen_id=citizen_id, purpose=asked.text.purpose, partner=asked.partner, by=request.user, at=at,
        event_id=data["event_id"], seen=data["seen"], actor=signer, basis=data["basis"],
        on_paper=Paper(data["form_no"], receipt, data["scan"]),
    )  # fmt: skip


@page(right="consent.record")
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """What the person came to say; the officer's reason stands in the record."""
    found = _consent(number)
    try:
        services.withdraw(
            consent_no=number, by=request.user, at=words_of.now(), event_id=_event(request), channel="paper",
            actor=found.given_by, reason=request.POST.get("reason", "")[:500],
        )  # fmt: skip
    except ConsentError as error:
        return render(request, "consent/not_done.html", {"error": error, "of": found}, status=422)
    return redirect("consent:receipt", number)


@page(right="consent.record")
@require_GET
def receipt(request: HttpRequest, number: int) -> HttpResponse:
    """The receipt, to be printed for the person."""
    return render(request, "consent/receipt.html", receipt_page(_consent(number)))


def receipt_page(found: services.Consent) -> dict[str, Any]:
    """What the template ``consent/receipt.html`` shows; also for the citizen's own page."""
    return {
        "line": words_of.shown(found, at=words_of.now()),
        "told": receipts.told(found, words_of.lang()),
        "fields": [label(f) for f in found.fields],
        "event_id": uuid4(),
    }


@page(right="consent.record")
@require_GET
def receipt_file(request: HttpRequest, number: int) -> HttpResponse:
    """The receipt, signed."""
    return as_file(_consent(number))


def as_file(found: services.Consent) -> HttpResponse:
    """The signed receipt as a download; also for the citizen's own page."""
    answer = HttpResponse(receipts.signed(found, words_of.lang()), content_type="application/jose")
    answer["Content-Disposition"] = (
        f'attachment; filename="bien-nhan-dong-y-{found.consent_no}.jws"'
    )
    return answer


@page(right="consent.record")
@require_GET
def scan(request: HttpRequest, number: int) -> HttpResponse:
    """The form as it was signed; whoever sees the consent sees it, and it runs nothing."""
    rows = ask(
        "SELECT s.kind, s.content FROM consent.granted g JOIN consent.scan s USING (scan_no) WHERE g.consent_no = %s",
        number,
    )
    if not rows:
        raise Http404
    return scan_file(rows[0], f"phieu-{number}")


def scan_file(row: dict[str, Any], name: str) -> HttpResponse:
    """A kept scan as an answer."""
    answer = HttpResponse(bytes(row["content"]), content_type=row["kind"])
    is_picture = row["kind"] == "image/jpeg"
    kind, ending = ("inline", "jpg") if is_picture else ("attachment", "pdf")
    answer["Content-Disposition"] = f'{kind}; filename="{name}.{ending}"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _consent(number: int) -> services.Consent:
    found = services.find(number)
    if found is None:
        raise Http404
    return found


def _event(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("event_id", ""))
    except ValueError as error:
        raise ConsentError(_("Biểu mẫu đã hỏng. Tải lại trang rồi làm lại.")) from error
