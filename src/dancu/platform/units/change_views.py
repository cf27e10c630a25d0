"""Pages of changes of units: the list, a draft from the law or from a file, its check and preview, apply, undo."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dancu.platform.access.pages import page
from dancu.platform.access.rights import has_right
from dancu.platform.access.territory import full_name
from dancu.platform.tasks import services
from dancu.platform.units import changes as work
from dancu.platform.units import figures, tasks
from dancu.reference import units
from dancu.reference.rights import roles
from dancu.store.register import moves
from dancu.store.register.moves import Change, ChangeError

PREVIEW, APPLY = "unit_change.preview", "unit_change.apply"
STATES = {
    "draft": ("none", gettext_lazy("Bản nháp")),
    "checked": ("info", gettext_lazy("Đã kiểm tra")),
    "scheduled": ("info", gettext_lazy("Hẹn áp dụng")),
    "applied": ("good", gettext_lazy("Đã áp dụng")),
    "undone": ("fair", gettext_lazy("Đã hoàn tác")),
    "cancelled": ("none", gettext_lazy("Đã bỏ")),
}
KINDS = {
    "unchanged": gettext_lazy("Không đổi"),
    "renamed": gettext_lazy("Đổi tên, đổi loại"),
    "whole": gettext_lazy("Nhập toàn bộ"),
    "part": gettext_lazy("Nhập một phần"),
    "people_moved": gettext_lazy("Chuyển một số dân"),
}
PROBLEMS = {
    "unknown_day": gettext_lazy("Danh mục đơn vị chưa có thay đổi nào vào ngày này; hãy cập nhật danh mục trước."),
    "past_day": gettext_lazy("Sổ dân cư đã ở ngày này hoặc sau đó; không áp dụng lùi."),
    "earlier_change": gettext_lazy("Còn một lần thay đổi trước đó chưa áp dụng; hãy áp dụng theo thứ tự ngày."),
    "unknown_old": gettext_lazy("Mã cũ không có hiệu lực trước ngày này; hãy sửa mã."),
    "unknown_new": gettext_lazy("Mã mới không có hiệu lực từ ngày này; hãy sửa mã."),
    "bad_kind": gettext_lazy("Loại không đọc được: nhập toàn bộ, nhập một phần, chuyển dân, đổi tên, không đổi."),
    "twice": gettext_lazy("Dòng này ghi hai lần; hãy bỏ một dòng."),
    "no_successor": gettext_lazy("Mã này mất đi mà danh mục không biết dân về đâu: họ tạm chưa có xã quản lý."),
    "not_in_law": gettext_lazy("Danh mục không có chuyện dân của mã cũ về mã mới này; hãy đối chiếu nghị quyết."),
    "missing": gettext_lazy("Danh mục còn nơi nhận này mà bảng không ghi; hãy bổ sung dòng."),
    "split": gettext_lazy("Đơn vị bị chia: máy không tự biết ai về đâu, cần quyết định theo địa chỉ."),
}  # fmt: skip
HINDRANCES = {
    "not_applied": gettext_lazy("Thay đổi chưa được áp dụng."),
    "later_day": gettext_lazy("Sổ dân cư đã sang ngày khác."),
    "later_change": gettext_lazy("Đã áp dụng một thay đổi khác sau đó."),
    "later_event": gettext_lazy("Đã có sự kiện ghi vào sổ sau khi áp dụng."),
    "closed_day": gettext_lazy("Đã chốt điểm của ngày sau thay đổi."),
}
SHOWN = 400


class Upload(forms.Form):
    """A resolution's table."""

    table = forms.FileField(
        label=gettext_lazy("Bảng của nghị quyết"),
        help_text=gettext_lazy(
            "Tệp CSV hoặc xlsx, các cột: mã cũ, mã mới, loại, ngày hiệu lực, nghị quyết."
        ),
    )


@page(right=PREVIEW)
def changes(request: HttpRequest) -> HttpResponse:
    """All changes, and the days that the packed data know and the register has not come to."""
    today = figures.register_day()
    if today is None:
        return render(request, "units/empty.html")
    known = moves.listed(figures.raw())
    drafted = {c.day for c in known if c.state not in ("cancelled", "undone")}
    ahead = [d for d in units.days_of_change() if d > today and d not in drafted]
    lines = [
        {"change": c, "state": STATES[c.state], "persons": (c.preview or {}).get("persons")}
        for c in known
    ]
    return render(request, "units/changes.html", {"lines": lines, "ahead": ahead, "on": today})


@page(right=APPLY)
def new(request: HttpRequest) -> HttpResponse:
    """A draft: of a day that the packed data know, or from a file."""
    form = Upload(request.POST or None, request.FILES or None)
    if request.method == "POST":
        number = _drafted(request, form)
        if number is not None:
            _queue_check(request, number)
            return redirect("units:change", number)
    status = 422 if request.method == "POST" else 200
    today = figures.register_day()
    ahead = [d for d in units.days_of_change() if today and d > today]
    return render(request, "units/new_change.html", {"form": form, "ahead": ahead}, status=status)


def _drafted(request: HttpRequest, form: Upload) -> int | None:
    by = str(request.user.username)
    if day := request.POST.get("day"):
        asked = dt.date.fromisoformat(day)
        if asked not in units.days_of_change():
            raise Http404
        return work.new_packed(asked, by=by)
    if not form.is_valid():
        return None
    sent = form.cleaned_data["table"]
    try:
        return work.new_uploaded(sent.read(), sent.name, by=by)
    except ChangeError as error:
        form.add_error("table", str(error).split("\n", 1)[0])
        return None


def _queue_check(request: HttpRequest, number: int) -> None:
    services.start(
        tasks.check_change, kind="unit_change.check", about=_about(number), right=PREVIEW,
        by=str(request.user.username), number=number,
    )  # fmt: skip


def _about(number: int) -> str:
    return f"unit_change/{number}"


@page(right=PREVIEW)
def change(request: HttpRequest, number: int) -> HttpResponse:
    """One change: what the check found, what it would move, what can be done with it now."""
    found = _get(number)
    job = services.last_of(_about(number))
    rows = moves.rows_of(figures.raw(), number)
    moved = [r for r in rows if r.kind != "unchanged"]
    may = has_right(request.user, APPLY) and (job is None or job.is_over)
    before = found.day - dt.timedelta(days=1)
    return render(request, "units/change.html", {
        "change": found, "state": STATES[found.state], "job": job,
        "moved": [_row(r, before, found.day) for r in moved[:SHOWN]],
        "rows": len(rows), "moved_count": len(moved), "shown": SHOWN,
        "problems": [(p, PROBLEMS[p.why], _names(p, found.day)) for p in found.problems],
        "errors": sum(p.stops for p in found.problems), "communes": _communes(found), "officers": _officers(found),
        "may_check": may and found.state not in ("applied", "cancelled"),
        "may_apply": may and found.can_apply, "in_time": found.day <= timezone.localdate(),
        "may_cancel": may and found.state in ("draft", "checked", "scheduled", "undone"),
        "may_undo": may and found.state == "applied",
        "hindrances": [HINDRANCES[h] for h in work.hindrances(number)] if found.state == "applied" else [],
        "on": figures.register_day(),
    })  # fmt: skip


def _get(number: int) -> Change:
    try:
        return moves.get(figures.raw(), number)
    except ChangeError:
        raise Http404 from None


def _officers(found: Change) -> list[dict[str, Any]]:
    """Officers whose communes are other ones then, with their role in words."""
    names = roles()
    english = get_language() == "en"
    told = (found.preview or {}).get("grants", [])
    return [{**g, "role_name": names[g["role"]].name_en if english else names[g["role"]].name_vi}
            for g in told if g["role"] in names]  # fmt: skip


def _row(row: moves.Row, before: dt.date, day: dt.date) -> dict[str, Any]:
    return {"old": full_name(row.old_code, before), "new": full_name(row.new_code, day),
            "kind": KINDS.get(row.kind, row.kind), "note": row.note}  # fmt: skip


def _names(problem: moves.Problem, day: dt.date) -> str:
    """The codes of a problem with their names, where they have one."""
    before = day - dt.timedelta(days=1)
    old = full_name(problem.old_code, before) if problem.old_code else ""
    new = ", ".join(full_name(c, day) for c in problem.new_code.split(", ") if c)
    return " → ".join(p for p in (old, new) if p) or problem.detail


def _communes(found: Change) -> list[dict[str, Any]]:
    told = found.preview or {}
    on = dt.date.fromisoformat(told["on"]) if told else found.day
    return [
        {**c, "name": full_name(c["old"], on), "names": [full_name(n, found.day) for n in c["to"]]}
        for c in told.get("communes", [])
    ]


def _do(request: HttpRequest, number: int, act: Callable[[], Any]) -> HttpResponse:
    """Does something with a change; a refusal is told on its page."""
    _get(number)
    try:
        act()
    except ChangeError as error:
        found = _get(number)
        told = {"change": found, "state": STATES[found.state], "text": str(error).split("\n", 1)[0]}
        return render(request, "units/refused.html", told, status=409)
    return redirect("units:change", number)


@page(right=APPLY)
@require_POST
def check(request: HttpRequest, number: int) -> HttpResponse:
    """Check and preview once more."""
    return _do(request, number, lambda: _queue_check(request, number))


@page(right=APPLY)
def apply(request: HttpRequest, number: int) -> HttpResponse:
    """Two steps: a page that says what will happen and asks for the day in figures; then the job."""
    found = _get(number)
    told = found.preview or {}
    in_time = found.day <= timezone.localdate()
    wrong = False
    if request.method == "POST" and request.POST.get("confirmed"):
        if request.POST["confirmed"].strip() == f"{found.day:%d/%m/%Y}":
            return _do(request, number, lambda: _apply(request, found, in_time))
        wrong = True
    context = {
        "change": found,
        "preview": told,
        "in_time": in_time,
        "wrong": wrong,
        "on": figures.register_day(),
    }
    return render(request, "units/apply.html", context, status=422 if wrong else 200)


def _apply(request: HttpRequest, found: Change, in_time: bool) -> None:
    if not found.can_apply:
        raise ChangeError(_("Thay đổi chưa áp dụng được: hãy kiểm tra lại bảng."))
    if not in_time:
        work.schedule(found.number)
        return
    services.start(
        tasks.apply_change, kind="unit_change.apply", about=_about(found.number), right=PREVIEW,
        by=str(request.user.username), number=found.number,
    )  # fmt: skip


@page(right=APPLY)
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Back to the day before, when nothing was built upon it."""

    def act() -> None:
        if why := work.hindrances(number):
            raise ChangeError(" ".join(str(HINDRANCES[w]) for w in why))
        services.start(
            tasks.undo_change, kind="unit_change.undo", about=_about(number), right=PREVIEW,
            by=str(request.user.username), number=number,
        )  # fmt: skip

    return _do(request, number, act)


@page(right=APPLY)
@require_POST
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """A draft put aside."""
    return _do(request, number, lambda: work.cancel(number, by=str(request.user.username)))


@page(right=APPLY)
def decide(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """People of a split commune by house or hamlet: where they go."""
    found = _get(number)
    targets = [r.new_code for r in moves.rows_of(figures.raw(), number) if r.old_code == code]
    if not targets:
        raise Http404
    if request.method == "POST":
        where, new_code = request.POST.getlist("where"), request.POST.get("to", "")

        def act() -> None:
            work.decide(
                number, old_code=code, where=where, new_code=new_code, by=str(request.user.username)
            )
            _queue_check(request, number)

        answer = _do(request, number, act)
        return redirect("units:decide", number, code) if answer.status_code == 302 else answer
    before = found.day - dt.timedelta(days=1)
    lines = [
        (head, n, full_name(new, found.day) if new else "")
        for head, n, new in work.heads(number, code)
    ]
    return render(request, "units/decide.html", {
        "change": found, "code": code, "unit": full_name(code, before), "lines": lines,
        "targets": [(t, full_name(t, found.day)) for t in targets],
        "left": sum(n for _, n, new in lines if not new), "all": sum(n for _, n, _ in lines),
    })  # fmt: skip


@page(right=APPLY)
@require_POST
def close_day(request: HttpRequest) -> HttpResponse:
    """The scores of the register's day are kept as they stand."""
    del request
    work.close_day()
    return redirect("units:tree")
