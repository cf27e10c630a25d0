"""Pages of sources and of lists handed in."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from django.db import connections
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from dancu.platform.access import territory
from dancu.platform.access.pages import page
from dancu.platform.intake import receiving, results, tasks
from dancu.platform.intake.forms import FileForm, MappingForm
from dancu.platform.intake.models import Upload
from dancu.platform.register.words_of import given, label
from dancu.platform.tasks import services
from dancu.store.errors import StoreError

_VIEW, _UPLOAD = "intake.view", receiving.RIGHT
_EVERY = 300.0
_counted: dict[str, tuple[float, dict[int, int]]] = {}


@page(_VIEW)
def sources(request: HttpRequest) -> HttpResponse:
    """Every source: what it is, its law, its latest list and how many records the register holds of it."""
    try:
        context = receiving.context()
    except StoreError:
        return _nothing_loaded(request)
    files, rows, lines = _files(), _rows(), []
    for name, spec in context.sources.items():
        own = [f for f in files if f["source"] == name]
        lines.append(
            {
                "name": name, "title": spec.name_en if get_language() == "en" else spec.name_vi, "owner": spec.owner,
                "refresh": spec.refresh, "files": len({f["file_no"] for f in own}),
                "latest": max((f["list_date"] for f in own), default=None),
                "rows": sum(rows.get(n, 0) for n in {f["file_no"] for f in own}),
            }
        )  # fmt: skip
    lines.sort(key=lambda line: -line["rows"])
    shown = {"lines": lines, "day": territory.register_day(), "uploads": Upload.objects.all()[:10]}
    return render(request, "intake/sources.html", shown)


@page(_VIEW)
def source(request: HttpRequest, name: str) -> HttpResponse:
    """One source: what it must bring, how its columns may be called, its files."""
    try:
        spec = receiving.context().sources.get(name)
    except StoreError:
        return _nothing_loaded(request)
    if spec is None:
        raise Http404
    rows = _rows()
    files = [f | {"rows": rows.get(f["file_no"], 0)} for f in _files() if f["source"] == name]
    shown = {
        "spec": spec, "title": spec.name_en if get_language() == "en" else spec.name_vi,
        "columns": [(label(role), ", ".join(heads)) for role, heads in spec.columns.items()],
        "expects": [label(f) for f in spec.expects], "files": files[:200], "count": len(files),
        "day": territory.register_day(),
    }  # fmt: skip
    return render(request, "intake/source.html", shown)


@page(_UPLOAD)
def uploads(request: HttpRequest) -> HttpResponse:
    """The lists that one has handed in, and a form for the next."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = receiving.do_receive(by=request.user, name=file.name, chunks=file.chunks())
            return redirect("intake:upload", made.pk)
        except (receiving.NotTaken, StoreError) as error:
            form.add_error("file", str(error))
    own = Upload.objects.filter(user_id=request.user.pk)[:100]
    shown = {"form": form, "uploads": own, "day": territory.register_day()}
    status = 200 if request.method == "GET" else 422
    return render(request, "intake/uploads.html", shown, status=status)


@page(_UPLOAD)
def upload(request: HttpRequest, number: int) -> HttpResponse:
    """A list: its preview and mapping before, its progress meanwhile, its result after."""
    one = _own(request, number)
    if one.state == "received":
        return _preview(request, one)
    shown: dict[str, Any] = {
        "upload": one,
        "job": services.last_of(one.about),
        "day": territory.register_day(),
    }
    if one.state in ("done", "cancelled", "failed"):
        rejected = results.rejects(one)
        shown |= {
            "rejects": [r | {"shown": [given("", c) for c in r["cells"][:6]]} for r in rejected[:50]],
            "reasons": Counter(r["reason"] for r in rejected), "n_rejects": len(rejected),
            "elsewhere": results.outside(one)[:50], "n_outside": len(results.outside(one)),
            "applied": one.result.get("applied", {}), "sheets": one.result.get("files", []),
            "unchanged": one.result.get("unchanged", 0),
        }  # fmt: skip
    return render(request, "intake/upload.html", shown)


@page(_UPLOAD)
@require_POST
def begin(request: HttpRequest, number: int) -> HttpResponse:
    """Start the work, for the first time with a mapping, or again where it was stopped."""
    one = _own(request, number)
    if not one.is_open:
        return redirect("intake:upload", number)
    if one.state == "received":
        form = _mapping_form(one, request.POST)
        if form is None or not form.is_valid() or _is_copy(one):
            return _preview(request, one, form)
        one.sector, one.mapping = form.cleaned_data["sector"], form.mapping()
        one.replaces, one.whole = form.cleaned_data["replaces"], form.cleaned_data["whole"]
    one.state, one.stop_asked, one.message = "waiting", False, ""
    one.save()
    services.start(
        tasks.take_in, kind="intake", about=one.about, right=_UPLOAD, by=request.user.username, number=one.pk
    )  # fmt: skip
    return redirect("intake:upload", number)


@page(_UPLOAD)
@require_POST
def stop(request: HttpRequest, number: int) -> HttpResponse:
    """The work ends after the group that is under way; it can be taken up again."""
    one = _own(request, number)
    Upload.objects.filter(pk=one.pk, state__in=("waiting", "running")).update(stop_asked=True)
    return redirect("intake:upload", number)


@page(_UPLOAD)
@require_POST
def forget(request: HttpRequest, number: int) -> HttpResponse:
    """Not this file after all."""
    one = _own(request, number)
    if one.state == "received":
        receiving.do_forget(one)
    return redirect("intake:uploads")


@page(_UPLOAD)
def rejected(request: HttpRequest, number: int) -> HttpResponse:
    """Rows that were not taken, as a workbook."""
    one = _own(request, number)
    answer = HttpResponse(
        results.workbook(one), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )  # fmt: skip
    answer["Content-Disposition"] = f'attachment; filename="khong-nhan-{one.pk}.xlsx"'
    return answer


def _nothing_loaded(request: HttpRequest) -> HttpResponse:
    """Before the first load there are no sources to tell of."""
    return render(request, "intake/empty.html", {"day": territory.register_day()})


def _own(request: HttpRequest, number: int) -> Upload:
    """Rows of people in it are for who handed it in alone."""
    one = Upload.objects.filter(pk=number, user_id=request.user.pk).first()
    if one is None:
        raise Http404
    return one


def _preview(request: HttpRequest, one: Upload, form: MappingForm | None = None) -> HttpResponse:
    shown: dict[str, Any] = {
        "upload": one,
        "before": receiving.came_before(one),
        "day": territory.register_day(),
    }
    try:
        found = receiving.sheets(one)
    except receiving.NotTaken as error:
        return render(request, "intake/preview.html", shown | {"unread": str(error)}, status=422)
    form = form or _mapping_form(one, None)
    tables = [
        {
            "sheet": sheet.sheet, "rows": sheet.rows_in, "rejected": sheet.rejects.num_rows,
            "heads": [c.heading for c in sheet.proposal.columns],
            "lines": _first_rows(sheet), **_notes(sheet.notes),
        }
        for sheet in found
    ]  # fmt: skip
    status = 422 if form is not None and form.errors else 200
    return render(
        request, "intake/preview.html", shown | {"form": form, "tables": tables}, status=status
    )


def _is_copy(one: Upload) -> bool:
    """The same bytes under another name would put every row in twice."""
    before = receiving.came_before(one)
    return before is not None and before.name != one.registered_name


def _first_rows(sheet: Any) -> list[list[str]]:
    """A few rows under their roles, as they were written, their numbers masked."""
    rows = sheet.rows.slice(0, receiving.SHOWN).to_pylist()
    roles = [r for r in sheet.rows.column_names if r not in ("row", "extra")]
    return [[label(r) for r in roles], *([given(r, row[r]) for r in roles] for row in rows)]


def _notes(notes: Any) -> dict[str, Any]:
    """What reading noticed; what it says of the command line is said in the words of this page."""
    told = [n["message_vi"] for n in notes if n.get("message_vi")]
    return {
        "unknown": any("--sector" in text for text in told),
        "notes": [text for text in told if "--sector" not in text],
    }


def _mapping_form(one: Upload, data: Any) -> MappingForm | None:
    try:
        found = receiving.sheets(one)
    except receiving.NotTaken:
        return None
    names = Upload.objects.filter(user_id=one.user_id, state="done").values_list("name", flat=True)
    former = [
        f"{one.unit_code}/{n}" if one.unit_code else n
        for n in dict.fromkeys(names)
        if n != one.name
    ]
    return MappingForm(found, receiving.context().sources, former, data)


def _files() -> list[dict[str, Any]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT file_no, sheet, name, source, list_date, entered FROM register.file"
            " ORDER BY list_date DESC, file_no DESC"
        )
        names = ("file_no", "sheet", "name", "source", "list_date", "entered")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _rows() -> dict[int, int]:
    """Records of each file; counted anew every few minutes, since it reads a whole index."""
    key = connections["owner"].settings_dict["NAME"]
    at, found = _counted.get(key, (0.0, {}))
    if time.monotonic() - at > _EVERY or not found:
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT file_no, count(*) FROM register.record GROUP BY file_no")
            found = dict(cursor.fetchall())
        _counted[key] = (time.monotonic(), found)
    return found
