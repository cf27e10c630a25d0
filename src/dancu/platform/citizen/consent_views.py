"""Consents: what was agreed to, for whom, until when; agreeing, withdrawing, the receipt."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from dancu.platform.citizen import children
from dancu.platform.citizen.own import citizen_page
from dancu.platform.consent import services
from dancu.platform.consent.errors import ConsentError
from dancu.platform.consent.services import Consent
from dancu.platform.register.words_of import label
from dancu.reference import consent_texts, purposes
from dancu.reference.errors import ReferenceDataError

STATES = {
    "stands": (_("Đang có hiệu lực"), "good"),
    "withdrawn": (_("Đã rút"), "none"),
    "expired": (_("Đã hết hạn"), "none"),
}


def _lang() -> str:
    return "en" if get_language() == "en" else "vi"


def line(found: Consent) -> dict[str, Any]:
    """A consent as a list shows it."""
    state = found.state(timezone.now())
    return {
        "consent": found,
        "purpose": purposes.name(found.purpose, _lang()),
        "fields": [label(f) for f in found.fields],
        "state": STATES[state][0],
        "badge": STATES[state][1],
        "stands": state == "stands",
    }


def _mine(request: Any, receipt: UUID) -> tuple[Consent, str | None]:
    """The consent with this receipt and who speaks: None, the citizen, or the citizen for an own child.

    Anybody else's is not told from one that does not exist.
    """
    own = request.citizen
    for found in services.of_citizen(citizen_id=own.citizen_id):
        if found.receipt == receipt:
            return found, None
    theirs = services.by_receipt(receipt)
    if theirs is None or not children.speaks_for(own, theirs.citizen_id):
        raise Http404
    return theirs, own.citizen_id


@citizen_page
@require_GET
def listed(request: Any) -> HttpResponse:
    """What was given, the newest first."""
    found = services.of_citizen(citizen_id=request.citizen.citizen_id)
    return render(request, "citizen/consents.html", {"consents": [line(c) for c in found]})


@citizen_page
@require_GET
def choose(request: Any, child: UUID | None = None) -> HttpResponse:
    """For what, and for whom: one line each."""
    about = children.about(request.citizen, child)
    day = timezone.localdate()
    offered = [
        {
            "purpose": purpose,
            "name": purposes.name(purpose, _lang()),
            "recipients": [(code, name) for code, name in services.recipients(purpose=purpose, on=day) if code],
        }
        for purpose in consent_texts.texts(on=day)
    ]  # fmt: skip
    shown = {"offered": [o for o in offered if o["recipients"]], "child": about.child}
    return render(request, "citizen/choose_consent.html", shown)


@citizen_page
@require_http_methods(["GET", "POST"])
def give(request: Any, purpose: str, partner: str, child: UUID | None = None) -> HttpResponse:
    """The whole text, then the decision."""
    about = children.about(request.citizen, child)
    try:
        asked = services.asked(purpose=purpose, partner=partner, on=timezone.localdate())
    except (ReferenceDataError, ConsentError) as error:
        raise Http404 from error
    told = ""
    if request.method == "POST":
        try:
            made = services.grant(
                citizen_id=about.citizen_id, purpose=purpose, partner=partner, by=request.citizen, actor=about.actor,
                at=timezone.now(), event_id=UUID(request.POST.get("event_id", "")), seen=request.POST.get("seen", ""),
            )  # fmt: skip
            return redirect("citizen:consent", receipt=made.receipt)
        except ConsentError as error:
            told = str(error)
        except ValueError:
            told = str(_("Biểu mẫu đã hỏng. Tải lại trang rồi làm lại."))
    shown = {
        "asked": asked, "fields": [label(f) for f in asked.text.fields], "event_id": uuid4(), "told": told,
        "purpose": purposes.name(purpose, _lang()), "child": about.child,
    }  # fmt: skip
    status = 200 if request.method == "GET" else 422
    return render(request, "citizen/give_consent.html", shown, status=status)


@citizen_page
@require_GET
def one(request: Any, receipt: UUID) -> HttpResponse:
    """The receipt as a page."""
    found, actor = _mine(request, receipt)
    lang = _lang()
    try:
        said = consent_texts.version(found.text_version).said(lang, recipient=found.recipient)
    except ReferenceDataError:
        said = {}
    return render(
        request, "citizen/consent.html", {**line(found), "said": said, "for_child": actor}
    )


@citizen_page
@require_GET
def receipt_file(request: Any, receipt: UUID) -> HttpResponse:
    """The receipt as a file."""
    found, _actor = _mine(request, receipt)
    answer = JsonResponse(
        {
            "format": "dancu.consent-receipt.1",
            "receipt": str(found.receipt),
            "purpose": found.purpose,
            "purpose_name": purposes.name(found.purpose),
            "recipient": found.recipient,
            "fields": list(found.fields),
            "text_version": found.text_version,
            "text_sha256": found.text_sha256,
            "granted_at": found.granted_at.isoformat(),
            "expires_at": found.expires_at.isoformat(),
            "withdrawn_at": found.withdrawn_at.isoformat() if found.withdrawn_at else None,
        },
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
    answer["Content-Disposition"] = f'attachment; filename="dong-y-{str(receipt)[:8]}.json"'
    return answer


@citizen_page
@require_http_methods(["GET", "POST"])
def withdraw(request: Any, receipt: UUID) -> HttpResponse:
    """Ask once, then end it: the next look-up finds no consent."""
    found, actor = _mine(request, receipt)
    told = ""
    if request.method == "POST":
        try:
            services.withdraw(
                consent_no=found.consent_no, by=request.citizen, at=timezone.now(), actor=actor,
                event_id=UUID(request.POST.get("event_id", "")),
            )  # fmt: skip
            return redirect("citizen:consent", receipt=receipt)
        except ConsentError as error:
            told = str(error)
        except ValueError:
            told = str(_("Biểu mẫu đã hỏng. Tải lại trang rồi làm lại."))
    shown = {**line(found), "event_id": uuid4(), "told": told, "for_child": actor}
    return render(request, "citizen/withdraw.html", shown, status=422 if told else 200)
