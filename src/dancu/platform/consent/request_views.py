"""Officers' pages of subjects' requests: the queue, one with its clock, a paper one, the answer as a document."""

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
from dancu.platform.consent import paper, requests, services, states, words_of
from dancu.platform.consent.errors import ConsentError
from dancu.platform.consent.forms import RequestForm
from dancu.platform.consent.views import checks_of, head_of, open_person, scan_file
from dancu.platform.register.door import VIEW
from dancu.platform.register.parts import ask
from dancu.platform.register.words_of import label
from dancu.platform.worklists.states import STATES as TASK_STATES
from dancu.reference import privacy, purposes


def line(one: requests.Request) -> dict[str, Any]:
    """A request as a line of a list."""
    today = timezone.localdate()
    due = one.respond_by if one.state == "new" else one.due_on
    return {
        "one": one, "kind": privacy.kind_name(one.kind, words_of.lang()), "state": states.REQUEST.states[one.state],
        "badge": states.REQUEST.badges[one.state], "late": one.late(today), "due": due, "left": (due - today).days,
        "purposes": [purposes.name(p, words_of.lang()) for p in one.purposes],
    }  # fmt: skip


@page(right="subject_request.work")
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, the first due first."""
    kinds = privacy.deadlines(on=timezone.localdate())
    kind = request.GET.get("loai", "")
    every = request.GET.get("trang-thai") == "tat-ca"
    rows = requests.listed(only_open=not every, kind=kind if kind in kinds else "")
    lines = [line(r) for r in rows]
    told = {
        "lines": lines, "kinds": kinds.values(), "kind": kind, "every": every, "lang": words_of.lang(),
        "late": sum(1 for x in lines if x["late"] and x["one"].is_open),
    }  # fmt: skip
    return render(request, "consent/queue.html", told)


@page(right="subject_request.work")
@require_GET
def one(request: HttpRequest, number: int) -> HttpResponse:
    """One request: what is asked, by when, what was done, what can be done."""
    return _page(request, _request(number), "")


def _page(
    request: HttpRequest, found: requests.Request, error: str, status: int = 200
) -> HttpResponse:
    """With the name of the person for whoever may see persons; the auditor works without it."""
    person = (
        head_of(open_person(request, UUID(found.citizen_id)))
        if has_right(request.user, VIEW)
        else None
    )
    law = privacy.deadline(found.kind, on=timezone.localdate(found.received_at))
    task = requests.task_of(found.request_no) if found.kind == "correction" else None
    told = {
        "line": line(found), "one": found, "person": person, "error": error, "event_id": uuid4(),
        "relation": words_of.RELATIONS[found.relation], "channel": words_of.CHANNELS[found.channel],
        "asked_fields": [(label(f), v) for f, v in found.fields.items()],
        "asked_purposes": [(p, purposes.name(p, words_of.lang())) for p in found.purposes],
        "steps": [_step(s) for s in requests.steps(found.request_no)],
        "open_to": set(states.REQUEST.moves.open_in(found.state)),
        "may_extend": law.extension_days and not found.extended, "law": law,
        "task": task, "task_state": TASK_STATES.get(task["state"]) if task else None,
        "may_lift": found.kind in requests.STOPPING, "typed": request.POST, "may_view": has_right(request.user, VIEW),
    }  # fmt: skip
    return render(request, "consent/request.html", told, status=status)


def _step(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "action_name": states.REQUEST.actions[row["action"]],
        "state_name": states.REQUEST.states[row["state_after"]],
        "stopped": [purposes.name(p, words_of.lang()) for p in row["detail"].get("purposes", ())],
    }


@page(right="subject_request.work")
@require_POST
def act(request: HttpRequest, number: int) -> HttpResponse:
    """One action on a request."""
    found = _request(number)
    form = request.POST
    try:
        wanted = requests.Ask(
            form.get("action", ""), _uuid(form.get("event_id")), _int(form.get("n")), form.get("reason", ""),
            form.get("law", ""), tuple(form.getlist("purpose")),
        )  # fmt: skip
        requests.do_act(request_no=number, by=request.user, at=words_of.now(), ask_for=wanted)
    except ConsentError as error:
        return _page(request, found, str(error), status=422)
    return redirect("consent:request", number)


@page(right="subject_request.work")
@require_GET
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """The answer to the person, as a document to be printed; the name only for whoever may see persons."""
    found = _request(number)
    steps = [_step(s) for s in requests.steps(number)]
    if not steps:
        raise Http404
    person = (
        head_of(open_person(request, UUID(found.citizen_id)))
        if has_right(request.user, VIEW)
        else None
    )
    told = {
        "line": line(found), "one": found, "steps": steps, "last": steps[-1], "person": person,
        "today": timezone.localdate(), "units": _units(request),
        "asked_fields": [(label(f), v) for f, v in found.fields.items()],
    }  # fmt: skip
    return render(request, "consent/answer.html", told)


def _units(request: HttpRequest) -> str:
    return ", ".join(dict.fromkeys(g.unit_name for g in request.user.grants_today if g.unit_code))


@page(right="consent.record")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, citizen: UUID, kind: str) -> HttpResponse:
    """A request that came on paper."""
    if kind not in privacy.deadlines(on=timezone.localdate()):
        raise Http404
    of = open_person(request, citizen)
    checks = checks_of(request, of.citizen_id)
    start = {"event_id": uuid4()}
    form = RequestForm(request.POST or None, request.FILES or None, checks=checks, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            made = _submitted(request, form, of.citizen_id, kind)
            return redirect("consent:taken", made.request_no)
        except ConsentError as error:
            form.add_error(None, str(error))
    told = {
        "of": of, "person": head_of(of), "form": form, "kind": kind, "checks": checks,
        "kind_name": privacy.kind_name(kind, words_of.lang()), "typed": request.POST,
        "stopping": kind in requests.STOPPING,
        "purposes": [(p.code, purposes.name(p.code, words_of.lang())) for p in _stoppable()],
        "chosen": request.POST.getlist("purpose"),
        "consents": [words_of.shown(c, at=words_of.now()) for c in
                     services.open_consents(citizen_id=of.citizen_id, at=words_of.now())],
        "fields": [(f, label(f)) for f in _correctable()],
    }  # fmt: skip
    return render(request, "consent/request_new.html", told, status=422 if form.errors else 200)


def _stoppable() -> list[purposes.Purpose]:
    """Purposes of the register's day that a person can speak about; not one's own look."""
    day = territory.register_day()
    return [p for p in purposes.purposes(on=day).values() if p.code != purposes.OWN]


def _correctable() -> list[str]:
    from dancu.platform.worklists import fixing
    from dancu.reference.fields import fields

    return [f for f in fields() if fixing.editable(f)]


def _submitted(
    request: HttpRequest, form: RequestForm, citizen_id: str, kind: str
) -> requests.Request:
    data, at = form.cleaned_data, words_of.now()
    form_paper = paper.Paper(data["form_no"], form.receipt(), data["scan"])
    signer = paper.whose_check(receipt=form_paper.identity_receipt, by=request.user, at=at)
    paper.check(paper=form_paper, by=request.user, giver=signer or citizen_id, at=at)
    consent = request.POST.get("consent", "")
    names, values = request.POST.getlist("field"), request.POST.getlist("value")
    fields = {
        f: v.strip()
        for f, v in zip(names, values, strict=False)
        if f in _correctable() and v.strip()
    }
    known = {p.code for p in _stoppable()}
    return requests.submit(
        citizen_id=citizen_id, kind=kind, by=request.user, at=at, event_id=data["event_id"], words=data["words"],
        purposes=[p for p in request.POST.getlist("purpose") if p in known] if kind in requests.STOPPING else (),
        fields=fields if kind == "correction" else None,
        consent_no=int(consent) if consent.isdigit() and kind == "withdrawal" else None, actor=signer,
        basis=data["basis"], form_no=data["form_no"], scan=data["scan"],
    )  # fmt: skip


@page(right="consent.record")
@require_GET
def taken(request: HttpRequest, number: int) -> HttpResponse:
    """The receipt of a request that came on paper: its number and its last days."""
    return render(request, "consent/taken.html", {"line": line(_request(number))})


@page(right="subject_request.work")
@require_GET
def scan(request: HttpRequest, number: int) -> HttpResponse:
    """The paper form of a request."""
    rows = ask(
        "SELECT s.kind, s.content FROM consent.request r JOIN consent.scan s USING (scan_no) WHERE r.request_no = %s",
        number,
    )
    if not rows:
        raise Http404
    return scan_file(rows[0], f"don-{number}")


def _request(number: int) -> requests.Request:
    found = requests.find(number)
    if found is None:
        raise Http404
    return found


def _uuid(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError as error:
        raise ConsentError(_("Biểu mẫu đã hỏng. Tải lại trang rồi làm lại.")) from error


def _int(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 9 else -1
