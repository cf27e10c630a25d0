"""The list of tasks, one task, and what is done to them."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dancu.platform.access import territory
from dancu.platform.access.pages import page
from dancu.platform.access.rights import Refused, has_right
from dancu.platform.worklists import device, fixing, making, reading, services, shown, states
from dancu.platform.worklists.errors import Changed, WorklistError
from dancu.platform.worklists.evidence import clean
from dancu.platform.worklists.models import Evidence, Task, TaskStep
from dancu.store.errors import StoreError

_FIRST_MAKING = 40
"""Communes whose tasks a page makes itself, right after a load; more are left to the worker."""


@page(right="task.work")
@require_GET
@device.keeps
def listed(request: HttpRequest) -> HttpResponse:
    """The tasks of the territory, those that raise the score most first."""
    _brought_up(request)
    filters = reading.Filters.of(request.GET)
    found = Paginator(reading.tasks(filters, user=request.user), reading.PAGE)
    current = found.get_page(request.GET.get("page"))
    people = reading.lines([t.pk for t in current])
    query = request.GET.urlencode()
    told = {
        "page": current,
        "rows": [shown.row(t, people.get(t.pk), query) for t in current],
        "filters": filters,
        "kept": request.GET,
        "units": shown.units_of(request.user),
        "groups": shown.groups(),
        "states": states.STATES,
        "today": shown.today(),
        "on": territory.register_day(),
        "whose": shown.whose(request.user),
        "can_assign": has_right(request.user, "task.assign"),
        "q": _asked_as(query),
    }
    return render(request, "worklists/list.html", told)


def _brought_up(request: HttpRequest) -> None:
    """Tasks as of the register's last event; made here when a register has just been loaded."""
    if making.made_from_this_load():
        making.follow_events()
        return
    codes = sorted({c for grant in request.user.grants_today for c in territory.of_grant(grant)})
    if codes and len(codes) <= _FIRST_MAKING:
        making.refresh_tasks(codes)


@page(right="task.work")
@require_GET
@device.keeps
def task_page(request: HttpRequest, task: int) -> HttpResponse:
    """One task with its person. Opening it leaves a line in the person's access log."""
    making.follow_events()
    return _task_page(request, _task(task), {})


def _asked_as(query: str) -> str:
    """The query as it stands behind an address."""
    return f"?{query}" if query else ""


def _task(number: int) -> Task:
    found = Task.objects.filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _task_page(
    request: HttpRequest, task: Task, extra: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    told = shown.task(task, user=request.user)
    filters = reading.Filters.of(request.GET)
    before, after = reading.neighbours(task, filters, user=request.user)
    query = request.GET.urlencode()
    told |= {"before": before, "after": after, "q": _asked_as(query), "event_id": uuid4(), **extra}
    return render(request, "worklists/task.html", told, status=status)


@page(right="task.work")
@require_POST
def act(request: HttpRequest, task: int) -> HttpResponse:
    """One action on a task; the worker of an offline device asks for the answer as JSON."""
    found = _task(task)
    try:
        step = services.do_act(task_id=found.pk, by=request.user, ask=_asked(request))
    except (WorklistError, fixing.NotTaken, StoreError) as error:
        return _not_done(request, found, error)
    if _by_worker(request):
        return JsonResponse({"done": True, "state": step.state_after})
    return redirect(f"{reverse('worklists:task', args=[task])}{_asked_as(request.GET.urlencode())}")


def _asked(request: HttpRequest) -> services.Ask:
    form = request.POST
    try:
        event_id, version = UUID(form.get("event_id", "")), int(form.get("version", ""))
    except ValueError as error:
        raise WorklistError(_("Biểu mẫu đã hỏng. Tải lại trang rồi làm lại.")) from error
    values = {k.removeprefix("f_"): v for k, v in form.items() if k.startswith("f_")}
    data = {"values": values} | {
        k: form.get(k, "") for k in ("to", "unit", "field", "record", "proposed")
    }
    return services.Ask(form.get("action", ""), event_id, version, form.get("reason", ""), data)


def _by_worker(request: HttpRequest) -> bool:
    return request.headers.get("X-Dancu-Replay") == "1"


def _not_done(request: HttpRequest, task: Task, error: Exception) -> HttpResponse:
    """What is wrong, with everything that was typed still there."""
    changed = isinstance(error, Changed)
    status = 409 if changed else 422
    message = str(error).split("\n", maxsplit=1)[0]
    if _by_worker(request):
        return JsonResponse({"done": False, "changed": changed, "message": message}, status=status)
    task.refresh_from_db()
    extra = {
        "error": message,
        "problems": getattr(error, "problems", {}),
        "step": getattr(error, "step", None),
        "typed": request.POST,
    }
    return _task_page(request, task, extra, status=status)


@page(right="task.work")
@require_POST
def add_evidence(request: HttpRequest, task: int) -> HttpResponse:
    """A photo or a scanned form; seen again by who may see the task."""
    found = _task(task)
    file = request.FILES.get("file")
    try:
        event_id = UUID(request.POST.get("event_id", ""))
        if Evidence.objects.filter(event_id=event_id).exists():
            return _evidence_taken(request, task)
        made = clean(file.read() if file else b"")
    except (WorklistError, ValueError) as error:
        return _not_done(request, found, error)
    kept = Evidence.objects.create(
        task=found, event_id=event_id, kind=made.kind, content=made.content, size=len(made.content),
        sha256=made.sha256, by=request.user.username,
    )  # fmt: skip
    TaskStep.objects.create(
        task=found, event_id=event_id, action="evidence", state_before=found.state, state_after=found.state,
        by=request.user.username, detail={"sha256": kept.sha256, "evidence": kept.pk},
    )  # fmt: skip
    return _evidence_taken(request, task)


def _evidence_taken(request: HttpRequest, task: int) -> HttpResponse:
    if _by_worker(request):
        return JsonResponse({"done": True})
    asked = _asked_as(request.GET.urlencode())
    return redirect(f"{reverse('worklists:task', args=[task])}{asked}#giay-to")


@page(right="task.work")
@require_GET
def evidence_file(request: HttpRequest, number: int) -> HttpResponse:
    """The file itself; whoever sees the task sees it, nobody else, and it runs nothing."""
    found = Evidence.objects.filter(pk=number).first()
    if found is None:
        raise Http404
    response = HttpResponse(bytes(found.content), content_type=found.kind)
    kind = "inline" if found.kind == "image/jpeg" else "attachment"
    ending = "jpg" if found.kind == "image/jpeg" else "pdf"
    response["Content-Disposition"] = f'{kind}; filename="giay-to-{found.pk}.{ending}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


BULK = ("take", "assign", "refer")


@page(right="task.work")
@require_http_methods(["POST"])
def bulk(request: HttpRequest) -> HttpResponse:
    """Several tasks at once: first what would happen to each, then, when confirmed, it."""
    action = request.POST.get("action", "")
    ids = [int(i) for i in request.POST.getlist("task") if i.isdigit()][:200]
    if action not in BULK or not ids:
        return redirect(f"{reverse('worklists:list')}{_asked_as(request.GET.urlencode())}")
    found = list(Task.objects.filter(pk__in=ids).order_by("-effect", "id"))
    people = reading.lines([t.pk for t in found])
    plan = [
        {"task": t, "line": people.get(t.pk), "after": states.MOVES.after(t.state, action)}
        for t in found
    ]
    told: dict[str, Any] = {
        "plan": plan, "action": action, "action_name": states.ACTIONS[action], "states": states.STATES,
        "to": request.POST.get("to", ""), "unit": request.POST.get("unit", ""),
        "reason": request.POST.get("reason", ""), "q": _asked_as(request.GET.urlencode()), "problems": [],
        "doable": sum(1 for p in plan if p["after"]), "colleagues": shown.colleagues(request.user),
        "neighbours": shown.other_communes(request.user),
    }  # fmt: skip
    if request.POST.get("confirm") != "1":
        return render(request, "worklists/bulk.html", told)
    told["problems"] = _all_of(request, plan, action)
    if told["problems"]:
        return render(request, "worklists/bulk.html", told, status=422)
    return redirect(f"{reverse('worklists:list')}{_asked_as(request.GET.urlencode())}")


def _all_of(request: HttpRequest, plan: list[dict[str, Any]], action: str) -> list[str]:
    """Do it to each; what could not be done, in words. The version is the one that the preview showed."""
    problems = []
    for one in plan:
        task = one["task"]
        if one["after"] is None:
            continue
        version = request.POST.get(f"version_{task.pk}", "")
        data = {"to": request.POST.get("to", ""), "unit": request.POST.get("unit", "")}
        ask = services.Ask(
            action, uuid4(), int(version) if version.isdigit() else -1, request.POST.get("reason", ""), data
        )  # fmt: skip
        try:
            services.do_act(task_id=task.pk, by=request.user, ask=ask)
        except (WorklistError, Refused) as error:
            name = one["line"].full_name if one["line"] else str(task.pk)
            problems.append(f"{name}: {error}")
    return problems
