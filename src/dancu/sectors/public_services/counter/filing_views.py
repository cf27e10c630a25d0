"""Filing at the counter: one scan, the form filled from the register, what is handed in, and the dossier is there.

Border: nothing of a person stands in an address. What was scanned goes along in the page as a signed word.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dancu.kit import identity, line
from dancu.kit.citizens import worded
from dancu.kit.people import Citizen, NoCitizen, access_citizen
from dancu.kit.web import Refused, page, register_day
from dancu.reference import paper_reasons, services
from dancu.sectors.public_services.counter import filing, meeting, shown, whole
from dancu.sectors.public_services.counter.filing import Taken
from dancu.sectors.public_services.counter.meeting import Met
from dancu.sectors.public_services.dossiers import local
from dancu.sectors.public_services.errors import ServiceError

_HELD = ("phone", "bhxh_number", "bhyt_card", "old_number", "tax_code", "driving_licence", "bank_account")  # fmt: skip
"""Shown masked beside the input, never filled in: the page has no whole number of the register."""


@page(right="dossier.work")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The scan, then the form, then the dossier."""
    at = timezone.now()
    if request.method == "GET" or (
        "who" not in request.POST and not request.POST.get("scan", "").strip()
    ):
        return _scan(request, at)
    try:
        met = _met(request, at)
        filer = _filer(request, at)
    except identity.NotRead:
        return _scan(
            request, at, _("Không đọc được thẻ. Quét lại; nếu bộ gõ đang bật, hãy tắt khi quét.")
        )
    except meeting.Stale:
        return _scan(request, at, _("Lần quét đã quá lâu. Quét lại thẻ."))
    except _TooOften:
        return _scan(request, at, _("Tra cứu quá nhanh. Chờ một phút rồi quét lại."), 429)
    if request.POST.get("do") in ("accept", "save"):
        return _file(request, met, filer, at)
    return _form(request, met, filer, at)


class _TooOften(Exception):
    """More scans in a minute than people make."""


def _scan(
    request: HttpRequest, at: dt.datetime, wrong: str = "", status: int = 422
) -> HttpResponse:
    given = request.POST or request.GET
    told = {
        "wrong": wrong, "procedure": given.get("procedure", given.get("thu-tuc", "")), "ticket": _ticket(request),
        "procedures": shown.procedures(on=timezone.localdate(at)), "on": timezone.localdate(at),
        "whose": whole.whose(request.user),
        "line_down": _line_down(),
    }  # fmt: skip
    return render(request, "counter/scan.html", told, status=status if wrong else 200)


def _met(request: HttpRequest, at: dt.datetime) -> Met:
    word = request.POST.get("who", "")
    return meeting.opened(word) if word else _meet(request, request.POST.get("scan", ""), at)


def _filer(request: HttpRequest, at: dt.datetime) -> Met | None:
    """Who files for the applicant: scanned on the form, or scanned before."""
    if text := request.POST.get("filer_scan", "").strip():
        return _meet(request, text, at)
    word = request.POST.get("filer", "")
    return meeting.opened(word) if word and request.POST.get("do") != "no_filer" else None


def _meet(request: HttpRequest, text: str, at: dt.datetime) -> Met:
    if identity.is_too_often(request.user):
        raise _TooOften
    return meeting.meet(text, by=request.user, on=register_day(), at=at)


def _file(request: HttpRequest, met: Met, filer: Met | None, at: dt.datetime) -> HttpResponse:
    on = timezone.localdate(at)
    event = _event(request)
    proved = _proved(request, met, event, on)
    made = filing.taken(request.POST, met=met, filer=filer, proved=proved, on=on)
    try:
        found = filing.do_take_in(
            made=made, met=met, filer=filer, place=_place(request), accept=request.POST.get("do") == "accept",
            ticket=_ticket(request), event_id=event, by=request.user, at=at,
        )  # fmt: skip
    except ServiceError as error:
        return _form(request, met, filer, at, made=made, error=str(error))
    return redirect("services_counter:dossier", found.dossier_no)


def _form(
    request: HttpRequest, met: Met, filer: Met | None, at: dt.datetime, *, made: Taken | None = None, error: str = ""
) -> HttpResponse:  # fmt: skip
    on, event = timezone.localdate(at), _event(request)
    procedure = _meant(request.POST.get("procedure", ""), on)
    if procedure is None:
        return _scan(request, at, _("Chọn thủ tục rồi quét lại thẻ."))
    citizen = _look(request, met, event, procedure.code)
    values = citizen.values if citizen else {}
    fresh = request.POST.get("for") != procedure.code
    told = {
        "met": met, "who": meeting.sealed(met), "filer": filer, "filer_word": meeting.sealed(filer) if filer else "",
        "procedure": procedure, "name": shown.procedure_name(procedure.code, on=on),
        "procedures": shown.procedures(on=on),
        "fields": [_field(f, met, values, request.POST, made, fresh) for f in services.fields(procedure.code, on=on)],
        "parts": [_part(p, values, met, request.POST) for p in services.parts(procedure.code, on=on)],
        "identity": (*shown.IDENTITY[met.state], shown.SOURCES[met.source], _why(met)),
        "reasons": [(c, n[1 if shown.english() else 0]) for c, n in paper_reasons.names(on=on).items()],
        "channels": [(c, shown.channel(c)) for c in services.channels()], "channel": _channel(request),
        "relations": filing.RELATIONS, "consents": filing.CONSENTS, "event_id": event, "ticket": _ticket(request),
        "typed": request.POST, "problems": made.problems if made else {}, "error": error, "on": on,
        "due": procedure.due(local(at)),
        "places": whole.units_of(request.user, register_day()),
        "whose": whole.whose(request.user),
        "elsewhere": bool(met.citizen) and citizen is None, "line_down": _line_down(),
    }  # fmt: skip
    return render(request, "counter/form.html", told, status=422 if made else 200)


def _meant(text: str, on: dt.date) -> services.Procedure | None:
    """The procedure of a code, or the one that plain words mean most likely; the form shows which."""
    known = services.find(text.strip(), on=on)
    if known is not None or not text.strip():
        return known
    found = services.find_by_words(text, on=on)
    return found[0] if found else None


def _field(
    one: Any, met: Met, values: Mapping[str, Any], typed: Any, made: Taken | None, fresh: bool
) -> dict[str, Any]:
    """An input: what was typed, else what the card says, else what the register says."""
    name = f"f_{one.name}"
    held = worded(one.source, values.get(one.source), on=register_day()) if one.source in values else ""  # fmt: skip
    filled = _filled(one.source, met, values)
    return {
        "name": name, "label": one.label_en if shown.english() else one.label_vi, "kind": one.kind, "hint": one.hint,
        "required": one.required, "choices": one.choices, "value": filled if fresh else typed.get(name, filled),
        "held": held if one.source in _HELD else "", "wrong": made.problems.get(name, "") if made else "",
    }  # fmt: skip


def _filled(source: str, met: Met, values: Mapping[str, Any]) -> str:
    if not source:
        return ""
    if source == "personal_number":
        return met.number
    if source in _HELD:
        return met.old_number if source == "old_number" else ""
    if source in values:
        return worded(source, values[source], on=register_day())
    said = met.claims.get(source, met.claims.get("address", "") if source == "address_text" else "")
    return worded(source, said, on=register_day()) if source == "birth_date" and said else said


def _part(one: Any, values: Mapping[str, Any], met: Met, typed: Any) -> dict[str, Any]:
    return {
        "code": one.code, "name": one.name_en if shown.english() else one.name_vi, "required": one.required,
        "proved": _proves(one, values, met), "how": typed.get(f"p_{one.code}", ""),
    }  # fmt: skip


def _proved(request: HttpRequest, met: Met, event: UUID, on: dt.date) -> dict[str, str]:
    """Parts that need no paper: the filled form, and what the register holds of the verified applicant."""
    code = request.POST.get("procedure", "")
    listed = services.parts(code, on=on)
    citizen = _look(request, met, event, code) if any(p.register_field for p in listed) else None
    values = citizen.values if citizen else {}
    return {p.code: how for p in listed if (how := _proves(p, values, met))}


def _proves(one: Any, values: Mapping[str, Any], met: Met) -> str:
    if one.proved_by == "form":
        return "form"
    if met.state in ("verified", "to_verify") and one.register_field:
        held = one.register_field in values or (
            one.register_field == "personal_number" and met.citizen
        )
        return "register" if held else ""
    return ""


def _look(request: HttpRequest, met: Met, event: UUID, procedure: str) -> Citizen | None:
    """The register's values of the person who was verified, through the one door, under the filing's own number.

    Once a request: a form that comes back with faults is one look, not two.
    """
    if not met.citizen:
        return None
    looked: dict[str, Citizen | None] = request.__dict__.setdefault("_looked", {})
    if procedure not in looked:
        try:
            looked[procedure] = access_citizen(
                citizen_id=met.citizen, by=request.user, purpose=meeting.PURPOSE,
                basis=f"lập hồ sơ tại quầy, thủ tục {procedure}", request_id=event,
            )  # fmt: skip
        except (Refused, NoCitizen):
            looked[procedure] = None
    return looked[procedure]


def _why(met: Met) -> str:
    return str(shown.RESULTS.get(met.note) or identity.reason_words(met.note) or "")


def _event(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("event_id", ""))
    except ValueError:
        return uuid4()


def _place(request: HttpRequest) -> str:
    """The commune of the counter: the officer's own, or which of several."""
    own = [code for code, _name in whole.units_of(request.user, register_day())]
    asked = request.POST.get("place", "")
    if asked in own:
        return asked
    if len(own) != 1:
        raise ServiceError(_("Chọn xã của quầy."))
    return own[0]


def _channel(request: HttpRequest) -> int:
    asked = request.POST.get("channel", "1")
    return int(asked) if asked in ("1", "2", "3") else 1


def _ticket(request: HttpRequest) -> int | None:
    asked = request.POST.get("ticket") or request.GET.get("so") or ""
    return int(asked) if asked.isdigit() else None


def _line_down() -> bool:
    return identity.has_national_line() and not line.now().is_up
