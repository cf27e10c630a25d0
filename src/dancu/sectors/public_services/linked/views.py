"""The parts of a linked service, what the register was told, and what an officer does when it would not listen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_GET, require_POST

from dancu.kit import events
from dancu.kit.citizens import without_numbers
from dancu.kit.web import full_name, has_right, page, register_day
from dancu.sectors.public_services import dossiers, workflow
from dancu.sectors.public_services.acting import Actor
from dancu.sectors.public_services.dossiers import Dossier
from dancu.sectors.public_services.errors import NoDossier, ServiceError
from dancu.sectors.public_services.linked import mending, state
from dancu.sectors.public_services.linked.state import Part, State, Told

STATES = {
    "waiting": ("info", later("Đang gửi vào sổ")), "taken": ("good", later("Đã vào sổ dân cư")),
    "doubtful": ("fair", later("Chờ kết luận trùng")), "refused": ("bad", later("Sổ không nhận, cần sửa")),
    "taken_back": ("none", later("Đã rút để đính chính")),
}  # fmt: skip
_WORDS = {
    "conflict": later("Sự kiện mang mã này đã ghi với nội dung khác."),
    "outside": later("Người này thuộc đơn vị khác: hãy gửi hồ sơ về đơn vị đó."),
}
_LOOKS = {
    workflow.SUPPLEMENT: "fair", workflow.PAYMENT: "fair", workflow.PROCESSED: "good", workflow.RETURNED: "good",
    workflow.REFUSED: "bad", workflow.STOPPED: "bad", workflow.WITHDRAWN: "none",
}  # fmt: skip


class NumberForm(forms.Form):
    """The child's number."""

    number = forms.CharField(
        label=later("Số định danh cá nhân của trẻ"), max_length=20,
        help_text=later("12 chữ số do cơ sở dữ liệu quốc gia về dân cư cấp khi đăng ký khai sinh"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip


class EventForm(forms.Form):
    """The roles of an event; a number that is there already is not shown, and stays when nothing is typed."""

    def __init__(self, told: Told, *args: Any, correcting: bool = False, **kw: Any) -> None:
        super().__init__(*args, **kw)
        form = events.forms()[told.kind]
        for role in form.roles:
            has = role.endswith("number") and role != "household_number" and told.data.get(role)
            self.fields[role] = forms.CharField(
                label=events.label(role, get_language() or "vi"), required=role in form.required and not has,
                max_length=500, initial="" if has else told.data.get(role, ""),
                help_text=_("Để trống nếu giữ số đã ghi") if has else "",
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )  # fmt: skip
        if correcting:
            self.fields["reason"] = forms.CharField(
                label=_("Lý do đính chính kết quả"),
                max_length=500,
                min_length=mending.SHORTEST_REASON,
            )


@page(right="dossier.work")
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """What the register has not taken yet, the officer's own communes; refused first."""
    found = state.told("state IN ('waiting', 'refused', 'doubtful')", [])
    order = ("refused", "doubtful", "waiting")
    lines = [_line(t) for t in sorted(found, key=lambda t: (order.index(t.state), t.at))]
    return render(request, "services_linked/list.html", {"lines": lines, "on": register_day()})


@page(right="dossier.view")
@require_GET
def one(request: HttpRequest, dossier_no: int) -> HttpResponse:
    """The whole that a dossier is a part of, or the dossier by itself."""
    return _page(request, _dossier(dossier_no), NumberForm())


@page(right="dossier.work")
@require_POST
def number(request: HttpRequest, dossier_no: int) -> HttpResponse:
    """The number that the national side gave the child."""
    dossier, form = _dossier(dossier_no), NumberForm(request.POST)
    if form.is_valid():
        try:
            mending.do_number(
                dossier=dossier, number=form.cleaned_data["number"], by=_actor(request, "officer"), at=timezone.now(),
            )  # fmt: skip
            return redirect("services_linked:dossier", dossier_no)
        except ServiceError as error:
            form.add_error("number", str(error))
    return _page(request, dossier, form, status=422)


@page(right="dossier.view")
def event(request: HttpRequest, told_no: int) -> HttpResponse:
    """One event: what was told, what is wrong with it; put it right, or correct the result it came from."""
    told = mending.latest(told_no)
    if told is None:
        raise Http404
    may_mend = told.state == "refused" and has_right(request.user, "dossier.work")
    may_correct = told.state in ("taken", "doubtful") and has_right(request.user, "dossier.sign")
    form = EventForm(told, request.POST or None, correcting=may_correct)
    if request.method == "POST" and form.is_valid() and (may_mend or may_correct):
        try:
            _done(request, told, form, correct=may_correct)
            return redirect("services_linked:dossier", told.dossier_no)
        except ServiceError as error:
            form.add_error(None, str(error))
    if may_mend and not form.is_bound:
        _mark(form, told)
    shown = {
        "told": _line(told), "form": form if may_mend or may_correct else None, "correcting": may_correct,
        "pairs": [(events.label(r), without_numbers(t)) for r, t in told.data.items()], "on": register_day(),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "services_linked/event.html", shown, status=status)


def _mark(form: EventForm, told: Told) -> None:
    """What the register would not take, at its field."""
    for role, words in problems(told):
        at_field = role if role in form.fields else "__all__"
        form.errors.setdefault(at_field, form.error_class()).append(words)


def problems(told: Told) -> list[tuple[str, str]]:
    """Role and words of what the register would not take."""
    english = get_language() == "en"
    own = [(r, str(_WORDS[why])) for r, why in told.problems if why in _WORDS]
    others = [events.Problem(r, why) for r, why in told.problems if why not in _WORDS]
    return own + [(t.role, t.en if english else t.vi) for t in events.all_told(others)]


def _done(request: HttpRequest, told: Told, form: EventForm, *, correct: bool) -> None:
    given = {name: value for name, value in form.cleaned_data.items() if name != "reason"}
    at = timezone.now()
    if correct:
        reason = form.cleaned_data["reason"]
        mending.do_correct(told=told, given=given, reason=reason, by=_actor(request, "leader"), at=at)  # fmt: skip
    else:
        mending.do_mend(told=told, given=given, by=_actor(request, "officer"), at=at)


def _page(request: HttpRequest, dossier: Dossier, form: NumberForm, status: int = 200) -> HttpResponse:  # fmt: skip
    whole = state.state_of(dossier.dossier_no) or state.alone(dossier)
    births = [
        p for p in whole.parts if p.dossier.procedure_then.event_kind == "birth" and not p.ended
    ]
    open_birth = births[0] if births and has_right(request.user, "dossier.work") else None
    has_number = bool(open_birth and open_birth.dossier.form.get("child_number"))
    shown = {
        "whole": whole, "parts": [_part(p) for p in whole.parts], "dossier": dossier, "word": _whole(whole),
        "birth": open_birth, "form": form, "has_number": has_number,
        "on": register_day(), "unit": full_name(dossier.place, register_day()),
    }  # fmt: skip
    return render(request, "services_linked/dossier.html", shown, status=status)


def _whole(whole: State) -> tuple[str, str]:
    if whole.done:
        return "good", _("Đã xong tất cả các phần")
    if whole.stopped:
        return "bad", _("Có phần không có kết quả")
    return "info", _("Đang giải quyết")


def _part(part: Part) -> dict[str, Any]:
    return {
        "part": part, "unit": full_name(part.dossier.unit_code, register_day()),
        "look": _LOOKS.get(part.dossier.status, "info"), "told": _line(part.told) if part.told else None,
    }  # fmt: skip


def _line(told: Told) -> dict[str, Any]:
    look, word = STATES[told.state]
    kind = events.forms()[told.kind]
    return {
        "told": told, "look": look, "word": word, "dossier": dossiers.get(told.dossier_no),
        "kind": kind.name_en if get_language() == "en" else kind.name_vi, "problems": [w for _r, w in problems(told)],
    }  # fmt: skip


def _dossier(number: int) -> Dossier:
    try:
        return dossiers.get(number)
    except NoDossier as error:
        raise Http404 from error


def _actor(request: HttpRequest, role: str) -> Actor:
    user: Any = request.user
    return Actor(user.username, role, user)
