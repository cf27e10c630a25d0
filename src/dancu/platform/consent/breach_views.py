"""The breach register on the screen: the clock, what is known, the notice, whom it touched."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dancu.platform.access import territory
from dancu.platform.access.pages import page
from dancu.platform.consent import breaches, states, words_of
from dancu.platform.consent.errors import ConsentError
from dancu.platform.consent.forms import BreachForm, add_parts, moment, parts_of


def line(one: breaches.Breach) -> dict[str, Any]:
    """A breach as a line of a list or of the card."""
    return {
        "one": one, "state": states.BREACH.states[one.state], "badge": states.BREACH.badges[one.state],
        "late": one.late(words_of.now()), "waits": one.notified_at is None,
    }  # fmt: skip


@page(right="privacy.duty")
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """All of them."""
    return render(request, "consent/breaches.html", {"lines": [line(b) for b in breaches.listed()]})


@page(right="privacy.duty")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write one down; only what happened and when it was found is needed now."""
    now = timezone.localtime()
    start = {"day": f"{now:%d/%m/%Y}", "clock": f"{now:%H:%M}", "event_id": uuid4()}
    form = BreachForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            made = breaches.report(
                discovered_at=form.cleaned_data["discovered_at"], content=parts_of(form), by=request.user,
                at=words_of.now(), event_id=form.cleaned_data["event_id"],
            )  # fmt: skip
            return redirect("consent:breach", made.breach_no)
        except ConsentError as error:
            form.add_error(None, str(error))
    return render(
        request, "consent/breach_new.html", {"form": form}, status=422 if form.errors else 200
    )


@page(right="privacy.duty")
@require_GET
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One breach."""
    return _page(request, _breach(number), "")


def _page(
    request: HttpRequest, found: breaches.Breach, error: str, status: int = 200
) -> HttpResponse:
    form = forms.Form(initial={f"p_{k}": v for k, v in found.content.items()})
    add_parts(form)
    day = territory.register_day()
    told = {
        "line": line(found), "one": found, "error": error, "event_id": uuid4(), "form": form,
        "content": [(words_of.BREACH_PARTS[p], found.content.get(p, "")) for p in breaches.PARTS],
        "missing": [words_of.BREACH_PARTS[p] for p in found.missing()],
        "units": [(territory.full_name(u, day) if u != "?" else _("không rõ đơn vị"), n)
                  for u, n in breaches.units_of(found.breach_no)],
        "steps": [s | {"action_name": states.BREACH.actions[s["action"]]} for s in breaches.steps(found.breach_no)],
        "open_to": set(states.BREACH.moves.open_in(found.state)),
        "typed": request.POST, "now": timezone.localtime(),
    }  # fmt: skip
    return render(request, "consent/breach.html", told, status=status)


class _When(forms.Form):
    """Two moments of an action."""

    day = forms.CharField(required=False)
    clock = forms.CharField(required=False)
    day_to = forms.CharField(required=False)
    clock_to = forms.CharField(required=False)


@page(right="privacy.duty")
@require_POST
def act(request: HttpRequest, number: int) -> HttpResponse:
    """One action on a breach."""
    found = _breach(number)
    try:
        wanted = _asked(request)
        breaches.do_act(breach_no=number, by=request.user, at=words_of.now(), ask_for=wanted)
    except ConsentError as error:
        return _page(request, found, str(error), status=422)
    return redirect("consent:breach", number)


def _asked(request: HttpRequest) -> breaches.Ask:
    form = request.POST
    when = _When(form)
    when.is_valid()
    first, last = moment(when, "day", "clock"), moment(when, "day_to", "clock_to")
    if when.errors:
        raise ConsentError(_("Ghi ngày như 02/03/2026, giờ như 08:30."))
    content = {k.removeprefix("p_"): v for k, v in form.items() if k.startswith("p_")}
    try:
        event_id, n = UUID(form.get("event_id", "")), int(form.get("n", ""))
    except ValueError as error:
        raise ConsentError(_("Biểu mẫu đã hỏng. Tải lại trang rồi làm lại.")) from error
    return breaches.Ask(
        form.get("action", ""), event_id, n, form.get("reason", ""), content, form.get("words", ""),
        form.get("who", ""), first, last, first,
    )  # fmt: skip


@page(right="privacy.duty")
@require_GET
def notice(request: HttpRequest, number: int) -> HttpResponse:
    """The notice with the content of the form, to be printed and signed."""
    found = _breach(number)
    told = {
        "line": line(found), "one": found,
        "content": [(words_of.BREACH_PARTS[p], found.content.get(p, "")) for p in breaches.PARTS],
        "missing": [words_of.BREACH_PARTS[p] for p in found.missing()], "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "consent/notice.html", told)


def _breach(number: int) -> breaches.Breach:
    found = breaches.find(number)
    if found is None:
        raise Http404
    return found
