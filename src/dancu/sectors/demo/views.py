"""Pages: the cards of the territory, one card with its person, a new one, and the figures with their records."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dancu.engine.report.indicators import Asked
from dancu.kit.people import Citizen, NoCitizen, access_citizen, worded
from dancu.kit.web import Refused, full_name, page, register_day
from dancu.sectors.demo import figures, services, workflow
from dancu.sectors.demo.forms import NewForm
from dancu.sectors.demo.indicators import INDICATORS
from dancu.sectors.demo.models import Card

WORK, FIGURES = services.WORK, "demo.figures"
SHOWN = ("full_name", "birth_date", "personal_number")
"""What this work needs of a person, and no more."""
PAGE = 50
_BADGES = {workflow.ISSUED: "good", workflow.ASKED: "info", workflow.LOCKED: "fair"}


@page(right=WORK)
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Those of the territory, the oldest request first; nobody's name is in it."""
    state = request.GET.get("trang-thai", "")
    found = Card.objects.order_by("asked_at", "pk")
    found = found.filter(state=state) if state in workflow.STATES else found
    current = Paginator(found, PAGE).get_page(request.GET.get("page"))
    told = {
        "page": current,
        "lines": [_line(card) for card in current],
        "state": state,
        "states": {code: _state(code) for code in workflow.STATES},
    }
    return render(request, "demo/list.html", told)


@page(right=WORK)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """For the person whose code was copied from the record; opening the person is logged."""
    form = NewForm(request.POST or None, initial={"event_id": uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            citizen = _person(request, form.cleaned_data["citizen"], str(_("Cấp thẻ thư viện")))
            card = services.do_ask(
                citizen=citizen, event_id=form.cleaned_data["event_id"], by=request.user, at=timezone.now()
            )  # fmt: skip
            return redirect("demo:card", card=card.pk)
        except NoCitizen:
            form.add_error("citizen", _("Không có ai mang mã này trong địa bàn của bạn."))
        except services.CardError as error:
            form.add_error(None, str(error))
    status = 200 if request.method == "GET" else 422
    return render(request, "demo/new.html", {"form": form}, status=status)


@page(right=WORK)
@require_GET
def card_page(request: HttpRequest, card: int) -> HttpResponse:
    """One, with its person; opening it is logged for the person to read."""
    return _card_page(request, _card(card))


@page(right=WORK)
@require_POST
def act(request: HttpRequest, card: int) -> HttpResponse:
    """One action; the page again with what is wrong, or as it is now."""
    found = _card(card)
    try:
        services.do_act(card_id=found.pk, ask=_asked(request), by=request.user, at=timezone.now())
    except services.CardError as error:
        return _card_page(request, found, error=str(error))
    return redirect("demo:card", card=card)


@page(right=FIGURES)
@require_GET
def figure_page(request: HttpRequest) -> HttpResponse:
    """The figures of this year up to today, of the own territory."""
    asked = _this_year()
    lines = [
        {"code": line.indicator.code, "name": _named(line.indicator), "figure": line.figure,
         "meaning": line.indicator.meaning_en if get_language() == "en" else line.indicator.meaning_vi}
        for line in figures.lines(asked)
    ]  # fmt: skip
    return render(request, "demo/figures.html", {"lines": lines, "asked": asked})


@page(right=FIGURES)
@require_GET
def figure_records(request: HttpRequest, code: str) -> HttpResponse:
    """The records that a figure opens to: those it counts (`?phan=trong`), those it does not, or all."""
    indicator = next((one for one in INDICATORS if one.code == code), None)
    if indicator is None:
        raise Http404
    hit = {"trong": True, "ngoai": False}.get(request.GET.get("phan", ""))
    asked = _this_year()
    found = figures.cards(indicator, asked, hit=hit)
    told = {
        "lines": [_line(card) for card in found],
        "title": _named(indicator),
        "asked": asked,
        "most": figures.MOST,
    }
    return render(request, "demo/records.html", told)


def _card(number: int) -> Card:
    """Row-level security has left only those of the territory."""
    found = Card.objects.filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _person(request: HttpRequest, citizen: UUID, basis: str) -> Citizen:
    return access_citizen(
        citizen_id=citizen, by=request.user, purpose=services.PURPOSE, basis=basis, fields=SHOWN
    )


def _card_page(request: HttpRequest, card: Card, *, error: str = "") -> HttpResponse:
    pairs: list[tuple[str, str]] = []
    try:
        person = _person(request, card.citizen_id, card.number)
    except (NoCitizen, Refused):
        person = None
    if person is not None:
        labels = (_("Họ và tên"), _("Ngày sinh"), _("Số định danh cá nhân"))
        pairs = [
            (str(label), worded(field, person.values.get(field), on=person.on))
            for label, field in zip(labels, SHOWN, strict=True)
        ]
    told = {
        "card": card,
        "line": _line(card),
        "pairs": pairs,
        "steps": [(s, _action(s.action), _state(s.state_after)) for s in card.steps.order_by("pk")],
        "moves": [(name, _named(m), m) for name, m in workflow.MOVES.open_in(card.state).items()],
        "error": error,
        "event_id": uuid4(),
    }
    return render(request, "demo/card.html", told, status=422 if error else 200)


def _asked(request: HttpRequest) -> services.Ask:
    form = request.POST
    try:
        event_id, version = UUID(form.get("event_id", "")), int(form.get("version", ""))
    except ValueError as error:
        raise services.CardError(_("Biểu mẫu đã hỏng. Tải lại trang rồi làm lại.")) from error
    return services.Ask(form.get("action", ""), version, event_id, form.get("reason", ""))


def _this_year() -> Asked:
    today = timezone.localdate()
    return Asked(dt.date(today.year, 1, 1), today)


def _line(card: Card) -> dict[str, Any]:
    return {
        "card": card,
        "state": _state(card.state),
        "badge": _BADGES.get(card.state, "none"),
        "unit": full_name(card.unit_code, register_day()),
    }


def _state(state: str) -> str:
    vietnamese, english = workflow.STATES[state]
    return english if get_language() == "en" else vietnamese


def _action(action: str) -> str:
    move = workflow.MOVES.get(action)
    return _named(move) if move else str(_("Nhận đề nghị"))


def _named(thing: Any) -> str:
    return thing.name_en if get_language() == "en" else thing.name_vi
