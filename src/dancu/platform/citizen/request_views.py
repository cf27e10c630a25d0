"""Corrections and requests about the own data, through the services of consent and duties; followed by their code."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dancu.platform.citizen import children, record
from dancu.platform.citizen.children import About
from dancu.platform.citizen.own import Own, citizen_page
from dancu.platform.consent import requests
from dancu.platform.consent.errors import ConsentError
from dancu.platform.consent.requests import Ask, Request
from dancu.platform.consent.states import REQUEST
from dancu.platform.register.person import GROUPS
from dancu.platform.register.words_of import label
from dancu.platform.worklists.errors import WorklistError
from dancu.platform.worklists.evidence import LARGEST, clean
from dancu.reference import privacy, purposes
from dancu.reference.fields import fields as dictionary

KINDS = {
    "access": _("Xin bản sao dữ liệu có xác nhận của cơ quan"),
    "restriction": _("Tạm dừng dùng dữ liệu của tôi cho một việc"),
    "objection": _("Phản đối việc dùng dữ liệu của tôi"),
    "deletion": _("Đề nghị xoá dữ liệu"),
}
OF_A_CHILD = {
    **KINDS,
    "restriction": _("Tạm dừng dùng dữ liệu của con cho một việc"),
    "objection": _("Phản đối việc dùng dữ liệu của con"),
}
NEVER_STOPPED = ("own",)


class CorrectionForm(forms.Form):
    """One field, one right value, a picture of the paper."""

    event_id = forms.UUIDField(widget=forms.HiddenInput)
    said = forms.CharField(label=_("Thông tin đúng là"), max_length=200)
    words = forms.CharField(
        label=_("Giải thích thêm (không bắt buộc)"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    paper = forms.FileField(
        label=_("Ảnh giấy tờ chứng minh (không bắt buộc)"), required=False,
        help_text=_("Ví dụ giấy khai sinh, thẻ căn cước. Ảnh hoặc PDF, đến 12 MB. Vị trí chụp được xoá khỏi ảnh."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
    )  # fmt: skip


class RequestForm(forms.Form):
    """What is asked, for which purposes, why."""

    event_id = forms.UUIDField(widget=forms.HiddenInput)
    purposes = forms.MultipleChoiceField(
        label=_("Cho việc nào?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label=_("Lý do hoặc nội dung đề nghị"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    def __init__(self, *args: Any, kind: str, own: Own, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind not in requests.STOPPING:
            del self.fields["purposes"]
            return
        known = purposes.purposes(on=own.on)
        lang = "en" if get_language() == "en" else "vi"
        self.fields["purposes"].choices = [
            (p.code, purposes.name(p.code, lang))
            for p in known.values()
            if p.code not in NEVER_STOPPED
        ]


def correctable(field: str) -> bool:
    """Whether a citizen can ask for this field to be put right."""
    known = dictionary().get(field)
    return bool(
        known and known.standard and known.group in GROUPS and field not in record.OF_RELATIVES
    )


def _mine(request: Any, receipt: UUID) -> Request:
    """The request of this citizen or for a child; nobody else's is told from one that does not exist."""
    for found in requests.of_citizen(citizen_id=request.citizen.citizen_id):
        if found.receipt == receipt:
            return found
    theirs = requests.by_receipt(receipt)
    if theirs is None or not children.speaks_for(request.citizen, theirs.citizen_id):
        raise Http404
    return theirs


@citizen_page
@require_GET
def listed(request: Any) -> HttpResponse:
    """What was asked, the newest first, and what can be."""
    found = requests.of_citizen(citizen_id=request.citizen.citizen_id)
    shown = {"requests": [line(r) for r in found], "kinds": KINDS}
    return render(request, "citizen/requests.html", shown)


def line(found: Request) -> dict[str, Any]:
    """A request as a list shows it."""
    lang = "en" if get_language() == "en" else "vi"
    return {
        "asked": found,
        "code": str(found.receipt)[:8].upper(),
        "kind": privacy.kind_name(found.kind, lang),
        "state": REQUEST.states[found.state],
        "badge": REQUEST.badges[found.state],
        "fields": [(label(f), v) for f, v in found.fields.items()],
        "purposes": [purposes.name(p, lang) for p in found.purposes],
        "late": found.is_open and found.late(timezone.localdate()),
    }


@citizen_page
@require_GET
def one(request: Any, receipt: UUID) -> HttpResponse:
    """One request: its code, its state, its last day, what was answered."""
    found = _mine(request, receipt)
    steps = [
        {"action": REQUEST.actions[s["action"]], "at": s["at"], "reason": s["reason"], "law": s["law"]}
        for s in requests.steps(found.request_no)
    ]  # fmt: skip
    shown = {**line(found), "steps": steps, "event_id": uuid4(), "new": "moi" in request.GET}
    return render(request, "citizen/request.html", shown)


@citizen_page
@require_GET
def choose_field(request: Any, child: UUID | None = None) -> HttpResponse:
    """Which field is wrong."""
    about = children.about(request.citizen, child)
    groups = [
        (words, [(f.field, label(f.field)) for f in dictionary().values() if f.group == group and correctable(f.field)])
        for group, words in GROUPS.items()
    ]  # fmt: skip
    return render(request, "citizen/choose_field.html", {"groups": groups, "child": about.child})


@citizen_page
@require_http_methods(["GET", "POST"])
def correct(request: Any, field: str, child: UUID | None = None) -> HttpResponse:
    """What is right, and what shows it."""
    about = children.about(request.citizen, child)
    if not correctable(field):
        raise Http404
    form = CorrectionForm(
        request.POST or None, request.FILES or None, initial={"event_id": uuid4()}
    )
    if request.method == "POST" and form.is_valid():
        made = _sent(request, about, field, form)
        if made is not None:
            return redirect(f"/cong-dan/toi/yeu-cau/{made.receipt}/?moi=1")
    days = privacy.deadline("correction", on=timezone.localdate()).days
    status = 200 if request.method == "GET" else 422
    shown = {
        "form": form,
        "field": field,
        "label": label(field),
        "days": days,
        "child": about.child,
    }
    return render(request, "citizen/correct.html", shown, status=status)


def _sent(request: Any, about: About, field: str, form: CorrectionForm) -> Request | None:
    given = form.cleaned_data
    paper = given["paper"]
    try:
        scan = clean(paper.read(LARGEST + 1)) if paper else None
        return requests.submit(
            citizen_id=about.citizen_id, kind="correction", by=request.citizen, at=timezone.now(), actor=about.actor,
            event_id=given["event_id"], words=given["words"], fields={field: given["said"].strip()}, scan=scan,
        )  # fmt: skip
    except WorklistError as error:
        form.add_error("paper", str(error))
    except ConsentError as error:
        form.add_error(None, str(error))
    return None


@citizen_page
@require_http_methods(["GET", "POST"])
def ask(request: Any, kind: str, child: UUID | None = None) -> HttpResponse:
    """A request of one kind."""
    about = children.about(request.citizen, child)
    if kind not in KINDS:
        raise Http404
    form = RequestForm(
        request.POST or None, initial={"event_id": uuid4()}, kind=kind, own=request.citizen
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = requests.submit(
                citizen_id=about.citizen_id, kind=kind, by=request.citizen, at=timezone.now(), actor=about.actor,
                event_id=given["event_id"], words=given["words"], purposes=given.get("purposes", ()),
            )  # fmt: skip
            return redirect(f"/cong-dan/toi/yeu-cau/{made.receipt}/?moi=1")
        except ConsentError as error:
            form.add_error(None, str(error))
    deadline = privacy.deadline(kind, on=timezone.localdate())
    shown = {
        "form": form,
        "title": (OF_A_CHILD if child else KINDS)[kind],
        "kind": kind,
        "deadline": deadline,
        "child": about.child,
    }
    return render(
        request, "citizen/new_request.html", shown, status=200 if request.method == "GET" else 422
    )


@citizen_page
@require_POST
def cancel(request: Any, receipt: UUID) -> HttpResponse:
    """Take a request back."""
    found = _mine(request, receipt)
    try:
        event_id = UUID(request.POST.get("event_id", ""))
        wanted = Ask("cancel", event_id, found.n)
        requests.do_act(
            request_no=found.request_no, by=request.citizen, at=timezone.now(), ask_for=wanted
        )
    except (ConsentError, ValueError) as error:
        return _failed(request, error)
    return redirect("citizen:request", receipt=receipt)


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    told = str(error) if isinstance(error, ConsentError) else ""
    return render(request, "citizen/not_done.html", {"told": told}, status=422)
