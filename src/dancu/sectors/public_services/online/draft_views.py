"""Filling in a dossier: for whom, the list of what is to be done, questions, papers, check your answers, filed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dancu.kit.citizens import citizen_page, my_child, my_children
from dancu.kit.files import NoEvidence
from dancu.reference import services
from dancu.reference.errors import ReferenceDataError
from dancu.reference.services import Field, Procedure
from dancu.sectors.public_services.online import attachments, drafts, filing, proxies, questions
from dancu.sectors.public_services.online.drafts import Draft, NoDraft, Whom
from dancu.sectors.public_services.online.forms import PaperForm

RELATIONS = {"mother", "father"}


@citizen_page
@require_http_methods(["GET", "POST"])
def begin(request: Any, procedure: str) -> HttpResponse:
    """For whom: oneself, a child, somebody who has consented. With nobody else to choose, one button."""
    found, own = _procedure(procedure), request.citizen
    told = ""
    if request.method == "POST":
        whom = _whom(own, request.POST.get("whom", ""))
        if whom is not None:
            made = drafts.do_begin(
                owner=own.citizen_id, whom=whom, procedure=found.code, at=timezone.now()
            )
            return redirect("services_online:draft", made.draft)
        told = _("Chọn người mà bạn nộp hồ sơ cho.")
    shown = {
        "procedure": found,
        "told": told,
        "children": my_children(on=timezone.localdate()),
        "helped": proxies.held(own.citizen_id, on=timezone.localdate()),
    }
    return render(request, "services_online/begin.html", shown, status=422 if told else 200)


@citizen_page
@require_GET
def draft(request: Any, draft: UUID) -> HttpResponse:
    """The task list: what is done, what is left."""
    found = _draft(draft)
    if found.dossier_no is not None:
        return redirect("services_online:filed", draft)
    return render(request, "services_online/draft.html", _shown(request, found))


@citizen_page
@require_GET
def known(request: Any, draft: UUID) -> HttpResponse:
    """What the register already knows, so that nobody types it."""
    return render(request, "services_online/known.html", _shown(request, _open(draft)))


@citizen_page
@require_http_methods(["GET", "POST"])
def question(request: Any, draft: UUID, field: str) -> HttpResponse:
    """One question."""
    found = _open(draft)
    asked = _field(found, field)
    on = timezone.localdate()
    form = questions.form_of(asked, on=on, data=request.POST or None, kept=found.answers.get(field))
    if request.method == "POST" and form.is_valid():
        answer, wrong = questions.answer_of(form, asked, on=on)
        if not wrong:
            drafts.do_answer(draft, field, answer, at=timezone.now())
            return _onward(request, found, field)
        form.add_error("answer", wrong)
    shown = {"draft": found, "procedure": _procedure(found.procedure), "form": form, "field": asked,
             "label": questions.label(asked), "review": "xem-lai" in request.GET}  # fmt: skip
    return render(
        request,
        "services_online/question.html",
        shown,
        status=200 if request.method == "GET" else 422,
    )


@citizen_page
@require_http_methods(["GET", "POST"])
def paper(request: Any, draft: UUID, part: str) -> HttpResponse:
    """One paper: its pictures."""
    found = _open(draft)
    parts = services.parts(found.procedure, on=timezone.localdate())
    wanted = next((p for p in parts if p.code == part and p.upload), None)
    if wanted is None:
        raise Http404
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            attachments.do_add(
                form.cleaned_data["paper"].read(),
                owner=str(found.owner),
                part=part,
                at=timezone.now(),
                draft=draft,
            )
            return redirect("services_online:paper", draft, part)
        except NoEvidence as error:
            form.add_error("paper", str(error))
    files = [a for a in attachments.of_draft(draft) if a.part == part]
    shown = {"draft": found, "part": wanted, "form": form, "files": files}
    return render(
        request, "services_online/paper.html", shown, status=200 if request.method == "GET" else 422
    )


@citizen_page
@require_POST
def drop_file(request: Any, draft: UUID, part: str) -> HttpResponse:
    """Take a picture out again."""
    _open(draft)
    attachments.do_drop(_uuid(request.POST.get("file", "")), draft)
    return redirect("services_online:paper", draft, part)


@citizen_page
@require_http_methods(["GET", "POST"])
def review(request: Any, draft: UUID) -> HttpResponse:
    """Check your answers, and file."""
    found = _draft(draft)
    if request.method == "POST":
        try:
            filing.do_file(draft, own=request.citizen, at=timezone.now())
            return redirect("services_online:filed", draft)
        except filing.NoLonger as error:
            return render(
                request, "services_online/not_done.html", {"told": str(error)}, status=422
            )
        except filing.NotReady as error:
            return render(
                request,
                "services_online/review.html",
                _shown(request, found, error.state),
                status=422,
            )
    if found.dossier_no is not None:
        return redirect("services_online:filed", draft)
    return render(request, "services_online/review.html", _shown(request, found))


@citizen_page
@require_GET
def filed(request: Any, draft: UUID) -> HttpResponse:
    """Filed: the code in large type and what happens next."""
    from dancu.sectors.public_services import dossiers

    found = _draft(draft)
    if found.dossier_no is None:
        return redirect("services_online:draft", draft)
    one = dossiers.get(found.dossier_no)
    shown = {"dossier": one, "procedure": one.procedure_then}
    return render(request, "services_online/filed.html", shown)


@citizen_page
@require_POST
def drop(request: Any, draft: UUID) -> HttpResponse:
    """Delete the draft and its files."""
    del request
    drafts.do_drop(_open(draft).draft)
    return redirect("services_online:mine")


def _whom(own: Any, chosen: str) -> Whom | None:
    if chosen == "self":
        return Whom()
    kind, _sep, number = chosen.partition(":")
    on = timezone.localdate()
    if kind == "child" and (child := my_child(citizen_id=_uuid(number), on=on)):
        return Whom(child["citizen_id"], child["full_name"], child["relation"])
    for proxy in proxies.held(own.citizen_id, on=on):
        if kind == "proxy" and str(proxy.proxy) == number:
            return Whom(str(proxy.giver), proxy.giver_name, "helper")
    return None


def _shown(request: Any, found: Draft, state: filing.State | None = None) -> dict[str, Any]:
    on = timezone.localdate()
    now = state or filing.state(request.citizen, found, on=on)
    errors = [(f"hoi-{f.name}", questions.label(f), _("Chưa trả lời.")) for f in now.unanswered]
    errors += [(f"giay-{n.part.code}", n.part.name_vi, _("Chưa gửi ảnh.")) for n in now.missing]
    return {
        "draft": found, "procedure": _procedure(found.procedure), "state": now, "changeable": [
            k.field.name for k in now.known if filing.may_change(k.field)
        ], "answers": [(f, questions.label(f), words) for f, words in filing.shown_answers(now, on=on)],
        "known": [(k, questions.label(k.field)) for k in now.known],
        "papers": [(n, [a for a in now.files if a.part == n.part.code]) for n in now.papers],
        "errors": errors if state is not None else [], "own": request.citizen,
    }  # fmt: skip


def _onward(request: Any, found: Draft, field: str) -> HttpResponse:
    """Back to where one came from, or to the next question that nobody has answered."""
    if "xem-lai" in request.GET:
        return redirect("services_online:review", found.draft)
    now = filing.state(request.citizen, drafts.get(found.draft), on=timezone.localdate())
    names = [f.name for f in now.asked]
    after = names[names.index(field) + 1 :] if field in names else names
    left = {f.name for f in now.unanswered}
    following = next((name for name in after if name in left), None)
    if following:
        return redirect("services_online:question", found.draft, following)
    return redirect("services_online:draft", found.draft)


def _field(found: Draft, name: str) -> Field:
    fields = services.fields(found.procedure, on=timezone.localdate())
    field = next((f for f in fields if f.name == name), None)
    if field is None:
        raise Http404
    return field


def _procedure(code: str) -> Procedure:
    try:
        return services.get(code, on=timezone.localdate())
    except ReferenceDataError:
        raise Http404 from None


def _draft(draft: UUID) -> Draft:
    try:
        return drafts.get(draft)
    except NoDraft:
        raise Http404 from None


def _open(draft: UUID) -> Draft:
    found = _draft(draft)
    if found.dossier_no is not None:
        raise Http404
    return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
