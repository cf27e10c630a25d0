"""Reviews of procedures: the list, a proposal with what it would save, the decision."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dancu.kit.web import full_name, has_right, page, register_day
from dancu.reference import compliance
from dancu.sectors.public_services.catalogue import (
    comparing,
    effects,
    reading,
    reviews,
    shown,
    typed,
)
from dancu.sectors.public_services.catalogue.effects import Effect
from dancu.sectors.public_services.catalogue.reading import NoReview, Review
from dancu.sectors.public_services.errors import Changed, ServiceError

STATES = {
    "proposed": (gettext_lazy("Chờ quyết định"), "info"),
    "approved": (gettext_lazy("Đã duyệt"), "good"),
    "refused": (gettext_lazy("Không được duyệt"), "bad"),
    "withdrawn": (gettext_lazy("Đã rút"), "none"),
}
ACTIONS = {
    "propose": gettext_lazy("Đề xuất"),
    "approve": gettext_lazy("Duyệt"),
    "refuse": gettext_lazy("Không duyệt"),
    "withdraw": gettext_lazy("Rút đề xuất"),
}


@page(right="procedure.view")
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The reviews of the territory."""
    state = request.GET.get("trang-thai", "")
    rows = [_line(r) for r in reading.listed(state=state if state in STATES else "")]
    return render(request, "services_catalogue/reviews.html", {
        "rows": rows, "states": STATES, "chosen": state,
        "may_review": has_right(request.user, "procedure.review"),
    })  # fmt: skip


def _line(review: Review) -> dict[str, Any]:
    word, badge = STATES[review.state]
    return {
        "review": review,
        "name": _name_of(review),
        "unit": full_name(review.unit_code, register_day()),
        "word": word,
        "badge": badge,
    }


def _name_of(review: Review) -> str:
    """The procedure's name as of the day it was proposed."""
    on = timezone.localdate(review.proposed_at)
    state = comparing.state_on(review.procedure, on=on)
    return shown.said(state.procedure) if state else review.procedure


@page(right="procedure.review")
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """The form of a proposal: first what it would save, then, when sent, it."""
    at = timezone.now()
    on = timezone.localdate(at)
    state = comparing.state_on(code, on=on)
    if state is None:
        raise Http404
    told: dict[str, Any] = {"typed": request.POST, "error": "", "effect": None}
    if request.method == "POST":
        try:
            proposal = typed.proposal(request, state, on)
            told["effect"] = _effect(reviews.computed(proposal, on=on))
            if request.POST.get("do") == "send":
                made = reviews.do_propose(proposal=proposal, by=request.user, at=at, on=on)
                return redirect("services_catalogue:review", number=made.review_no)
        except ServiceError as error:
            told["error"] = str(error)
    told |= _form(request, state, on)
    status = 422 if told["error"] else 200
    return render(request, "services_catalogue/propose.html", told, status=status)


def _form(request: HttpRequest, state: comparing.State, on: dt.date) -> dict[str, Any]:
    """What the form shows, with what was typed kept."""
    form = request.POST
    own, period = state.procedure, reading.last_months(on=on)
    parts = [
        line | {"choice": form.get(f"part_{line['part'].code}", effects.KEEP)}
        for line in shown.parts(state, on=on)
    ]
    steps = [
        line | {"typed": form.get(f"hours_{line['step'].number}", line["hours"])}
        for line in shown.steps(state)
    ]
    return {
        "procedure": own, "name": shown.said(own), "parts": parts, "steps": steps,
        "limit": shown.limit(own.limit, own.limit_unit), "fee_now": shown.fee(own.fee),
        "fee": form.get("fee", shown.amount(own.fee)), "reason": form.get("reason", ""),
        "units": typed.units_of(request), "chosen_unit": form.get("unit", ""),
        "first": form.get("first", f"{period.first:%Y-%m}"), "last": form.get("last", f"{period.last:%Y-%m}"),
        "event_id": form.get("event_id") or uuid4(), "income": compliance.income(on=on),
        "acts": [(shown.said(a), shown.hours(a.hours), a.cost) for a in compliance.acts(on=on).values()],
        "income_law": compliance.income(on=on).law,
    }  # fmt: skip


def _effect(effect: Effect) -> dict[str, Any]:
    """The effect as lines of a table: before, after, saved."""
    a, b, unit = effect.before, effect.after, effect.limit_unit
    return {
        "effect": effect,
        "channels": [(shown.CHANNELS[c], n) for c, n in effect.dossiers.items()],
        "limit": (shown.limit(a.limit, unit), shown.limit(b.limit, unit)),
        "rows": [
            (_("Thời gian của người nộp (giờ)"), a.hours, b.hours, a.hours - b.hours, 1),
            (_("Chi phí đi lại, giấy tờ, phí (đồng)"), a.cost, b.cost, a.cost - b.cost, 0),
            (_("Chi phí tuân thủ (đồng)"), a.worth, b.worth, effect.saved, 0),
            (_("Thời gian xử lý theo các bước (giờ)"), a.officer_hours, b.officer_hours,
             a.officer_hours - b.officer_hours, 1),
        ],
    }  # fmt: skip


@page(right="procedure.view")
@require_GET
def review(request: HttpRequest, number: int) -> HttpResponse:
    """One review: what changes, what it saves, who decided, what follows."""
    return _page(request, _get(number))


def _get(number: int) -> Review:
    try:
        return reading.get(number)
    except NoReview as error:
        raise Http404 from error


def _page(request: HttpRequest, found: Review, error: str = "", status: int = 200) -> HttpResponse:
    on = timezone.localdate()
    then = comparing.state_on(found.procedure, on=timezone.localdate(found.proposed_at))
    others = found.proposed_by != request.user.username
    decides = has_right(request.user, "procedure.decide", unit=found.unit_code)
    told = _line(found) | {
        "effect": _effect(found.effect),
        "changes": _worded(found, then) if then else [],
        "acts": [{"act": a, "word": ACTIONS[a.action]} for a in reading.history(found.review_no)],
        "may_decide": found.open and decides and others,
        "own": found.open and decides and not others,
        "may_withdraw": found.open and not others and has_right(request.user, "procedure.review"),
        "applied": found.state == reading.APPROVED and reading.carried_out(found, on=on),
        "event_id": uuid4(), "typed": request.POST, "error": error,
        "period": f"{found.period.first:%d/%m/%Y} – {found.period.last:%d/%m/%Y}",
    }  # fmt: skip
    return render(request, "services_catalogue/review.html", told, status=status)


def _worded(found: Review, then: comparing.State) -> list[dict[str, Any]]:
    """Each change with the row of the reference table that it touches."""
    own, changes = then.procedure, found.changes
    lines: list[dict[str, Any]] = []
    for part in then.parts:
        if part.code in changes.parts:
            gone = changes.parts[part.code] == effects.DROP
            after = _("Không yêu cầu") if gone else _("Lấy từ dữ liệu, không yêu cầu giấy")
            before = _("Bắt buộc") if part.required else _("Nếu có")
            lines.append(
                {"what": shown.said(part), "before": before, "after": after, "file": "parts.csv"}
            )
    for step in then.steps:
        if step.number in changes.hours:
            before, after = (
                f"{shown.hours(h)} {_('giờ')}" for h in (step.hours, changes.hours[step.number])
            )
            lines.append(
                {"what": shown.said(step), "before": before, "after": after, "file": "steps.csv"}
            )
    if found.effect.before.limit != found.effect.after.limit:
        limits = (found.effect.before.limit, found.effect.after.limit)
        before, after = (shown.limit(n, own.limit_unit) for n in limits)
        lines.append(
            {
                "what": shown.HEADS["limit"],
                "before": before,
                "after": after,
                "file": "procedures.csv",
            }
        )
    if changes.fee is not None:
        before, after = shown.fee(own.fee), shown.fee(changes.fee)
        lines.append(
            {"what": shown.HEADS["fee"], "before": before, "after": after, "file": "procedures.csv"}
        )
    return lines


@page(right="procedure.decide")
@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """A leader's word on it."""
    return _acted(request, number, approve=request.POST.get("do") == "approve")


@page(right="procedure.review")
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Who proposed it takes it back."""
    return _acted(request, number, approve=None)


def _acted(request: HttpRequest, number: int, *, approve: bool | None) -> HttpResponse:
    found, at = _get(number), timezone.now()
    version = request.POST.get("version", "")
    asked: dict[str, Any] = {
        "number": number, "reason": request.POST.get("reason", ""), "by": request.user, "at": at,
        "version": int(version) if version.isdigit() else -1,
    }  # fmt: skip
    try:
        asked["event_id"] = typed.event(request)
        if approve is None:
            reviews.do_withdraw(**asked)
        else:
            reviews.do_decide(approve=approve, **asked)
    except ServiceError as error:
        return _page(request, _get(number), str(error), 409 if isinstance(error, Changed) else 422)
    return redirect("services_catalogue:review", number=found.review_no)
