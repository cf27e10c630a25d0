"""Recording an event on a form: which kind, what, check your answers, done; and one's own events, to be taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dancu.engine.events import entered
from dancu.platform.access import territory
from dancu.platform.access.pages import page
from dancu.platform.access.rights import Refused as NoRight
from dancu.platform.events import forms, kinds, officers, recording, recounting, undoing
from dancu.platform.events.problems import all_told
from dancu.platform.events.recording import Entry, Recorder
from dancu.platform.register.door import Citizen, NoCitizen, access_citizen
from dancu.store.errors import StoreError
from dancu.store.register.desk import Refused
from dancu.store.register.told import Conflict, Outside

_PURPOSE = {"civil_status": "civil_status", "residence_moves": "residence", "cards": "identity"}


@page(kinds.RIGHT)
def choose(request: HttpRequest, citizen: UUID | None = None) -> HttpResponse:
    """Which kind of event; about a person of the register, or one to be written down anew."""
    groups = forms.titles(request.user)
    mine = undoing.recent(request.user.username, most=5)
    shown = {"choices": groups, "citizen": citizen, "mine": mine, "day": territory.register_day()}
    return render(request, "events/choose.html", shown)


@page(kinds.RIGHT)
def write(request: HttpRequest, kind: str, citizen: UUID | None = None) -> HttpResponse:
    """The form; its answers to check; and at last the record."""
    if kind not in entered.forms():
        raise Http404
    if not kinds.may_record(request.user, kind):
        raise NoRight(_("Bạn chưa được giao ghi loại sự kiện này."))
    who = _who(request, kind, citizen) if citizen else None
    by = _recorder(request.user, kind, who)
    without = forms.known_roles(kind) if who else ()
    asked: dict[str, Any] = {"without": without, "communes": by.units or frozenset()}
    if request.method != "POST":
        return _form(request, kind, who, forms.EventForm(kind, **asked))
    form = forms.EventForm(kind, request.POST, **asked)
    step = request.POST.get("step")
    if step == "edit" or not form.is_valid():
        return _form(
            request, kind, who, form if step != "edit" else _unjudged(kind, request, asked)
        )
    one = Entry(
        kind, form.typed() | _known(who, without), f"{request.user.username} /su-kien",
        form.cleaned_data["entry"], who.person_id if who else None,
    )  # fmt: skip
    try:
        if step == "record":
            return redirect("events:done", recording.do_record(one, by=by).event_no)
        tried = recording.try_out(one, by=by)
    except Refused as error:
        form.tell({t.role: t.en if _english() else t.vi for t in all_told(error.problems)})
    except Outside:
        form.add_error(
            None,
            _("Người này thuộc đơn vị khác. Gửi về đơn vị đó, hoặc xin truy cập ngoài địa bàn."),
        )
    except Conflict:
        form.add_error(
            None, _("Biểu mẫu này đã ghi một lần với nội dung khác. Mở biểu mẫu mới để ghi tiếp.")
        )
    except StoreError:
        form.add_error(
            None, _("Sổ dân cư chưa sẵn sàng; nội dung đã gõ vẫn còn. Gửi lại sau ít phút.")
        )
    else:
        landing = recounting.told(tried, by=request.user, purpose=purpose_of(kind), units=by.units)
        shown = {
            "kind": kind, "name": kinds.name_of(kind), "form": form, "who": who, "citizen": citizen, "told": landing,
            "answers": recounting.answers(kind, one.data, form.typed()), "law": kinds.law_of(kind),
        }  # fmt: skip
        return render(request, "events/check.html", shown)
    return _form(request, kind, who, form)


@page(kinds.RIGHT)
def done(request: HttpRequest, no: int) -> HttpResponse:
    """What the event did; only to who recorded it."""
    event = undoing.own(request.user.username, no)
    if event is None:
        raise Http404
    by = officers.recorder(request.user, event.kind)
    told = recounting.of_event(
        event, by=request.user, purpose=purpose_of(event.kind), units=by.units
    )
    shown = {
        "event": event,
        "told": told,
        "why_not": undoing.why_not(event),
        "day": territory.register_day(),
    }
    return render(request, "events/done.html", shown)


@page(kinds.RIGHT)
def mine(request: HttpRequest) -> HttpResponse:
    """One's own events, the newest first."""
    shown = {
        "events": undoing.recent(request.user.username, most=100),
        "day": territory.register_day(),
    }
    return render(request, "events/mine.html", shown)


@page(kinds.RIGHT)
@require_POST
def undo(request: HttpRequest, no: int) -> HttpResponse:
    """Take an event back, while nothing depends on it."""
    event = undoing.own(request.user.username, no)
    if event is None:
        raise Http404
    try:
        undoing.do_undo(event, by=request.user.username)
    except undoing.TooLate:
        return redirect("events:done", no)
    return redirect("events:mine")


def purpose_of(kind: str) -> str:
    """Why a person is looked at when an event of this kind is recorded."""
    form = entered.forms().get(kind)
    return _PURPOSE.get(form.source if form else "", "data_quality")


def _who(request: HttpRequest, kind: str, citizen: UUID) -> Citizen:
    try:
        return access_citizen(citizen_id=citizen, by=request.user, purpose=purpose_of(kind))
    except NoCitizen as error:
        raise Http404 from error


def _recorder(user: Any, kind: str, who: Citizen | None) -> Recorder:
    """The officer; a person opened one by one by extraordinary access is within reach, too."""
    by = officers.recorder(user, kind)
    if who is None or by.units is None or who.unit_code is None or who.outside is None:
        return by
    return Recorder(by.by, by.kinds, by.units | {who.unit_code})


def _known(who: Citizen | None, roles: tuple[str, ...]) -> dict[str, str]:
    """What the register answers for the person."""
    if who is None:
        return {}
    found = {role: _typed(role, who) for role in roles}
    return {role: text for role, text in found.items() if text}


def _typed(role: str, who: Citizen) -> str:
    if role != "birth_date":
        return str(who.values.get(role) or "")
    year, month, day = who.birth_parts
    return "/".join(f"{part:02d}" for part in (day, month, year) if part)


def _form(
    request: HttpRequest, kind: str, who: Citizen | None, form: forms.EventForm
) -> HttpResponse:
    shown = {
        "kind": kind, "name": kinds.name_of(kind), "law": kinds.law_of(kind), "form": form, "who": who,
        "day": territory.register_day(),
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "events/form.html", shown, status=status)


def _unjudged(kind: str, request: HttpRequest, asked: dict[str, Any]) -> forms.EventForm:
    """The same words in the form again, without a verdict."""
    given = {
        name: request.POST[name]
        for name in request.POST
        if name not in ("step", "csrfmiddlewaretoken")
    }
    return forms.EventForm(kind, initial=given, **asked)


def _english() -> bool:
    return get_language() == "en"
