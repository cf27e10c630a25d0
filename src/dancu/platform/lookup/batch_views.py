"""Pages of lists: hand one in, watch it, take the result."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dancu.engine.verify import wording
from dancu.platform.access.pages import page
from dancu.platform.lookup import batch
from dancu.platform.lookup.models import Batch
from dancu.platform.tasks import services


class ListForm(forms.Form):
    """A list and why it is asked about."""

    file = forms.FileField(
        label=_("Danh sách (CSV)"),
        help_text=_("Cột: số định danh hoặc số CMND, họ tên, và các thông tin cần đối chiếu; tối đa 5.000 dòng"),
    )  # fmt: skip
    basis = forms.CharField(
        label=_("Căn cứ"), min_length=5, max_length=200,
        help_text=_("Quyết định, kế hoạch hoặc kỳ thi của danh sách này"),
    )  # fmt: skip


@page(batch.RIGHT)
def lists(request: HttpRequest) -> HttpResponse:
    """The officer's own lists; with POST a new one."""
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent, basis = form.cleaned_data["file"], form.cleaned_data["basis"]
        try:
            rows = batch.read(sent.read(batch.LARGEST + 1))
            made = batch.do_start(by=request.user, name=sent.name, rows=rows, basis=basis)
            return redirect("lookup:list", number=made.pk)
        except batch.BatchError as error:
            form.add_error("file", str(error))
    shown = {"form": form, "lists": Batch.objects.filter(user_id=request.user.pk)[:50]}
    return render(request, "lookup/lists.html", shown, status=422 if form.errors else 200)


@page(batch.RIGHT)
def one(request: HttpRequest, number: int) -> HttpResponse:
    """How far it is, and how many lines ended how."""
    found = _own(request, number)
    counted: dict[str, int] = {}
    for row in found.result:
        key = row.get("result", "not_verified")
        counted[key] = counted.get(key, 0) + 1
    words = [(wording.word("results", code, _lang()), n) for code, n in sorted(counted.items())]
    job = services.last_of(f"verify/{found.pk}")
    return render(request, "lookup/list.html", {"list": found, "job": job, "counted": words})


@page(batch.RIGHT)
def result(request: HttpRequest, number: int) -> HttpResponse:
    """The result as a file."""
    found = _own(request, number)
    if found.ended_at is None:
        raise Http404
    content = "\ufeff" + batch.sheet(found, _lang())
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="xac-minh-{found.pk}.csv"'
    return answer


def _own(request: HttpRequest, number: int) -> Any:
    return get_object_or_404(Batch, pk=number, user_id=request.user.pk)


def _lang() -> str:
    return "en" if get_language() == "en" else "vi"
